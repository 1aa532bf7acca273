using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace ActorRuns.Hosting;

/// <summary>A model that is got anew for each call, in a scope of the container that ends with the answer.</summary>
/// <param name="client">Gets the model.</param>
/// <param name="services">The host's services.</param>
internal sealed class ScopedChatClient(
    Func<IServiceProvider, IChatClient> client, IServiceProvider services) : IChatClient
{
    /// <inheritdoc />
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        await using var scope = services.CreateAsyncScope();
        return await client(scope.ServiceProvider).GetResponseAsync(messages, options, cancellationToken);
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var scope = services.CreateAsyncScope();
        var updates = client(scope.ServiceProvider).GetStreamingResponseAsync(messages, options, cancellationToken);
        await foreach (var update in updates)
            yield return update;
    }

    /// <summary>What the model says of itself: it is got for that, which shows at start that it can be.</summary>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        using var scope = services.CreateScope();
        return client(scope.ServiceProvider).GetService(serviceType, serviceKey);
    }

    /// <summary>Nothing is owned: each scope has ended with its call.</summary>
    public void Dispose()
    {
    }
}
