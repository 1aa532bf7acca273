using ActorRuns.Messages;
using Microsoft.Extensions.AI;

namespace ActorRuns.Agents;

/// <summary>A model answered with nothing, so that there is nothing to go on with.</summary>
public sealed class EmptyAnswerException : Exception
{
    private EmptyAnswerException(string message)
        : base(message)
    {
    }

    /// <summary>
    /// Throws when an answer is empty. One is let pass: after the results of tools a model may have nothing to add, and
    /// says so by ending its turn.
    /// </summary>
    internal static void ThrowIfEmpty(
        IReadOnlyList<Message> answer, ChatFinishReason? reason, IReadOnlyList<Message> transcript)
    {
        var isEmpty = answer.All(message => message.ToolCalls.IsEmpty && !message.Content.HasBlocks
            && message.Content.Text.Length is 0);
        if (!isEmpty || (reason == ChatFinishReason.Stop && transcript is [.., { Type: MessageType.Tool }]))
            return;

        throw new EmptyAnswerException(
            $"The model answered with nothing (finish reason: {reason?.Value ?? "none"}).");
    }
}
