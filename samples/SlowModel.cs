using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace ActorRuns.Samples;

/// <summary>
/// Stands in for a real model, so that the samples need no key: it says slowly what it was asked since it last answered
/// in full. Any <see cref="IChatClient"/> can take its place.
/// </summary>
internal sealed class SlowModel(TimeSpan perWord) : IChatClient
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
        var asked = messages.Where(message => message.Role == ChatRole.User).Select(message => $"\"{message.Text}\"");
        foreach (var word in $"You have asked me {string.Join(" and ", asked)} so far, and I am thinking.".Split(' '))
        {
            await Task.Delay(perWord, TimeProvider.System, cancellationToken);
            yield return new ChatResponseUpdate(ChatRole.Assistant, $"{word} ") { MessageId = "answer" };
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
        // Nothing is held.
    }
}
