using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace ActorRuns.Tests.Agents;

/// <summary>A model that gives the same answer each time, and keeps what it was asked.</summary>
internal sealed class ScriptedChatClient(params IReadOnlyList<ChatResponseUpdate> answer) : IChatClient
{
    public List<ChatMessage> Asked { get; } = [];

    public ChatOptions? Options { get; private set; }

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Asked.AddRange(messages);
        Options = options;
        foreach (var update in answer)
        {
            await Task.Yield();
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // Holds nothing.
    }
}
