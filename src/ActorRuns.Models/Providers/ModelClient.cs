using System.Runtime.CompilerServices;
using ActorRuns.Agents;
using Microsoft.Extensions.AI;

namespace ActorRuns.Models.Providers;

/// <summary>
/// A model of a provider: tells pieces of tool calls as they come, notices an answer that broke off, and says in words
/// for the run's user what went wrong.
/// </summary>
/// <param name="inner">The provider's own client.</param>
/// <param name="name">The model.</param>
/// <param name="failures">Says what went wrong.</param>
/// <param name="deltas">Reads the pieces of tool calls off what the provider's client passes on.</param>
internal sealed class ModelClient(
    IChatClient inner,
    ModelName name,
    ProviderFailures failures,
    Func<ChatResponseUpdate, IEnumerable<ToolCallDeltaContent>> deltas) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.GetResponseAsync(messages, options, cancellationToken);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            throw failures.Of(fault);
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var ended = false;
        await using var updates = base.GetStreamingResponseAsync(messages, options, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(updates, cancellationToken) is { } update)
        {
            ended |= update.FinishReason is not null;
            yield return update;
        }

        if (!ended)
            throw new ModelException(ModelFailure.BrokenAnswer, $"The answer of {name} broke off before its end.");
    }

    private async ValueTask<ChatResponseUpdate?> NextAsync(
        IAsyncEnumerator<ChatResponseUpdate> updates, CancellationToken cancellationToken)
    {
        try
        {
            if (!await updates.MoveNextAsync())
                return null;

            var update = updates.Current;
            var told = deltas(update).ToList();
            for (var i = 0; i < told.Count; i++)
                update.Contents.Insert(i, told[i]); // Before the whole call, which may come with its last piece.
            return update;
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            throw failures.Of(fault);
        }
    }
}
