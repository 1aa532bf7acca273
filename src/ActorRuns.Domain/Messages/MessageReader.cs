using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace ActorRuns.Messages;

/// <summary>
/// Reads messages in the forms that clients send: by <c>type</c> or by <c>role</c>, with or without an id.
/// </summary>
public static class MessageReader
{
    private static readonly ImmutableHashSet<string> Known = ImmutableHashSet.Create(
        StringComparer.Ordinal,
        "id", "type", "role", "content", "tool_calls", "tool_call_id", "name", "status");

    /// <summary>Reads one message.</summary>
    /// <param name="element">A JSON object, or a JSON string for what a person said.</param>
    /// <param name="newId">Makes the id of a message that has none.</param>
    /// <param name="message">The message; null when the answer is false.</param>
    /// <param name="expected">What would have been right; null when the answer is true.</param>
    public static bool TryRead(
        JsonElement element,
        Func<string> newId,
        [NotNullWhen(true)] out Message? message,
        [NotNullWhen(false)] out string? expected)
    {
        message = null;
        if (element.ValueKind is JsonValueKind.String)
        {
            message = new Message
            {
                Id = newId(),
                Type = MessageType.Human,
                Content = MessageContent.Of(element.GetString()!), // A JSON string is never null.
            };
            expected = null;
            return true;
        }

        expected = Fault(element);
        if (expected is not null)
            return false;

        message = new Message
        {
            Id = Text(element, "id") is { Length: > 0 } id ? id : newId(),
            Type = TypeOf(element)!, // Checked as a fault above.
            Content = ContentOf(element),
            ToolCalls = ToolCallsOf(element),
            ToolCallId = Text(element, "tool_call_id"),
            Name = Text(element, "name"),
            Status = Text(element, "status") switch
            {
                "success" => ToolStatus.Success,
                "error" => ToolStatus.Error,
                _ => null,
            },
            Extra = ExtraOf(element),
        };
        return true;
    }

    private static string? Fault(JsonElement element)
    {
        if (element.ValueKind is not JsonValueKind.Object)
            return "a message object";
        if (TypeOf(element) is null)
            return "a message with a type or a role";
        if (element.TryGetProperty("content", out var content)
            && content.ValueKind is not (JsonValueKind.String or JsonValueKind.Array or JsonValueKind.Null))
        {
            return "a message whose content is a string or a list of content blocks";
        }

        return TypeOf(element) switch
        {
            MessageType.Tool when Text(element, "tool_call_id") is null => "a tool message with a tool_call_id",
            MessageType.Remove when Text(element, "id") is null or "" => "a removal with the id of a message",
            _ => CallsFault(element),
        };
    }

    private static string? CallsFault(JsonElement element) =>
        !element.TryGetProperty("tool_calls", out var calls) || calls.ValueKind is JsonValueKind.Null ? null
        : calls.ValueKind is JsonValueKind.Array && calls.EnumerateArray().All(IsCall) ? null
        : "tool_calls that are a list of objects with id, name and args";

    private static bool IsCall(JsonElement call) =>
        call.ValueKind is JsonValueKind.Object && Text(call, "id") is not null && Text(call, "name") is not null;

    private static string? TypeOf(JsonElement element) => (Text(element, "type") ?? Text(element, "role")) switch
    {
        "user" => MessageType.Human,
        "assistant" => MessageType.Ai,
        var type => type,
    };

    private static MessageContent ContentOf(JsonElement element) =>
        !element.TryGetProperty("content", out var content) || content.ValueKind is JsonValueKind.Null
            ? MessageContent.Empty
        : content.ValueKind is JsonValueKind.Array
            ? MessageContent.Of(content)
            : MessageContent.Of(content.GetString()!); // Checked as a fault above.

    private static ImmutableArray<ToolCall> ToolCallsOf(JsonElement element) =>
        element.TryGetProperty("tool_calls", out var calls) && calls.ValueKind is JsonValueKind.Array
            ? [.. calls.EnumerateArray().Select(call => new ToolCall(
                Text(call, "id")!, // Checked as a fault above, as the name.
                Text(call, "name")!,
                call.TryGetProperty("args", out var args) ? args : default))]
            : [];

    /// <summary>The fields that are not read; of one that comes twice the last, as everywhere in JSON.</summary>
    private static ImmutableSortedDictionary<string, JsonElement> ExtraOf(JsonElement element) =>
        ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal).SetItems(element.EnumerateObject()
            .Where(property => !Known.Contains(property.Name))
            .Select(property => KeyValuePair.Create(property.Name, property.Value)));

    private static string? Text(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;
}
