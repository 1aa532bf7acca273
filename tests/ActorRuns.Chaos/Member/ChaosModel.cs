using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace ActorRuns.Chaos.Member;

/// <summary>
/// A model that does what the last message of the human names: <c>m17 note pay</c> calls the two tools, and is answered
/// when they have results. It says its answers in pieces, with time between them.
/// </summary>
internal sealed class ChaosModel(Chance chance) : IChatClient
{
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
        var transcript = messages.ToList();
        var asked = transcript.FindLastIndex(message => message.Role == ChatRole.User);
        var words = transcript[asked].Text.Split(' ');
        var hasResults = transcript.Skip(asked).Any(message => message.Role == ChatRole.Tool);
        var id = $"{words[0]}-{(hasResults ? "answer" : "calls")}";
        foreach (var word in (string[])["I", "see", words[0]])
        {
            await Task.Delay(Patience(), TimeProvider.System, cancellationToken);
            yield return new ChatResponseUpdate(ChatRole.Assistant, $"{word} ") { MessageId = id };
        }

        if (hasResults)
            yield break;
        var calls = words[1..].Select(tool => (AIContent)new FunctionCallContent($"{words[0]}-{tool}", tool));
        yield return new ChatResponseUpdate(ChatRole.Assistant, [.. calls]) { MessageId = id };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
        // Nothing is held.
    }

    private TimeSpan Patience() => chance.Milliseconds(0, 100);
}
