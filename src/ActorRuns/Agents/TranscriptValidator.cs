using System.Text.Json;
using ActorRuns.Messages;

namespace ActorRuns.Agents;

/// <summary>
/// Finds what a model provider would refuse in a transcript. The rules are those that OpenAI and Anthropic share: each
/// tool call has one result, directly after the message that asks for it and in its order; no other results; no message
/// of a model that says nothing.
/// </summary>
public static class TranscriptValidator
{
    /// <summary>True when there is no fault.</summary>
    public static bool IsValid(IReadOnlyList<Message> messages) => !Faults(messages).Any();

    /// <summary>The faults in order; found as they are asked for.</summary>
    public static IEnumerable<TranscriptFault> Faults(IReadOnlyList<Message> messages)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < messages.Count;)
        {
            var message = messages[i++];
            if (message.Type is MessageType.Tool)
                yield return new(TranscriptFaultKind.OrphanResult, message.Id, message.ToolCallId);
            else if (message.Type is MessageType.Ai && SaysNothing(message))
                yield return new(TranscriptFaultKind.EmptyMessage, message.Id, CallId: null);

            foreach (var call in message.ToolCalls)
            {
                if (message.Type is not MessageType.Ai)
                    yield return new(TranscriptFaultKind.MisplacedCall, message.Id, call.Id);
                else if (call.Id.Length is 0 || !ids.Add(call.Id))
                    yield return new(TranscriptFaultKind.DuplicateCall, message.Id, call.Id);

                if (i < messages.Count && messages[i].Type is MessageType.Tool && messages[i].ToolCallId == call.Id)
                    i++;
                else
                    yield return new(TranscriptFaultKind.MissingResult, message.Id, call.Id);
            }
        }
    }

    /// <summary>True when a model's message has neither a call nor anything that a provider takes back.</summary>
    internal static bool SaysNothing(Message message) =>
        message.ToolCalls.IsEmpty
        && (message.Content.HasBlocks
            ? !message.Content.Blocks.EnumerateArray().Any(HasSubstance)
            : string.IsNullOrWhiteSpace(message.Content.Text));

    private static bool HasSubstance(JsonElement block) => block.ValueKind switch
    {
        JsonValueKind.String => !string.IsNullOrWhiteSpace(block.GetString()),
        JsonValueKind.Object => JsonText.Of(block, "type") switch
        {
            "text" => !string.IsNullOrWhiteSpace(JsonText.Of(block, "text")),
            "reasoning" or "thinking" or "redacted_thinking" => false, // Anthropic takes none without an answer to it.
            _ => true,
        },
        _ => false,
    };
}

/// <summary>Something that a model provider would refuse.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="MessageId">The message it is about.</param>
/// <param name="CallId">The tool call it is about; null when it is about none.</param>
public sealed record TranscriptFault(TranscriptFaultKind Kind, string MessageId, string? CallId);

/// <summary>The kinds of <see cref="TranscriptFault"/>.</summary>
public enum TranscriptFaultKind
{
    /// <summary>A call whose result does not stand where it must.</summary>
    MissingResult,

    /// <summary>A result that stands where no call asks for it.</summary>
    OrphanResult,

    /// <summary>A call without an id, or with that of an earlier one.</summary>
    DuplicateCall,

    /// <summary>A call in a message that is not a model's.</summary>
    MisplacedCall,

    /// <summary>A message of a model without calls, text or anything else that counts.</summary>
    EmptyMessage,
}
