using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace ActorRuns.Messages;

/// <summary>
/// Reads messages in the forms that clients send (<see cref="MessageForm"/>), with or without an id.
/// </summary>
public static class MessageReader
{
    private static readonly ImmutableHashSet<string> Known = ImmutableHashSet.Create(
        StringComparer.Ordinal,
        "id", "type", "role", "content", "tool_calls", "tool_call_id", "name", "status");

    /// <summary>Reads one message.</summary>
    /// <param name="element">The message: an object, a text, or a pair.</param>
    /// <param name="newId">Makes the id of a message that has none.</param>
    /// <param name="message">The message; null when the answer is false.</param>
    /// <param name="expected">What would have been right; null when the answer is true.</param>
    public static bool TryRead(
        JsonElement element,
        Func<string> newId,
        [NotNullWhen(true)] out Message? message,
        [NotNullWhen(false)] out string? expected)
    {
        var (type, fields) = MessageForm.Of(element);
        expected = Fault(type, fields);
        message = expected is not null ? null
            : fields.ValueKind is JsonValueKind.Object ? Of(type!, fields, newId) // Checked as a fault above.
            : new Message { Id = newId(), Type = type!, Content = ContentOf(fields) }; // As above.
        return message is not null;
    }

    private static Message Of(string type, JsonElement element, Func<string> newId) => new()
    {
        Id = Text(element, "id") is { Length: > 0 } id ? id : newId(),
        Type = type,
        Content = element.TryGetProperty("content", out var content) ? ContentOf(content) : MessageContent.Empty,
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

    private static string? Fault(string? type, JsonElement element)
    {
        if (type is null)
            return element.ValueKind is JsonValueKind.Object ? "a message with a type or a role" : "a message object";
        if (element.ValueKind is JsonValueKind.String or JsonValueKind.Array)
            return type is MessageType.Tool or MessageType.Remove ? $"a message object for a '{type}'" : null;
        if (element.ValueKind is not JsonValueKind.Object)
            return "a message whose content is a string or a list of content blocks";
        if (element.TryGetProperty("content", out var content)
            && content.ValueKind is not (JsonValueKind.String or JsonValueKind.Array or JsonValueKind.Null))
        {
            return "a message whose content is a string or a list of content blocks";
        }

        return type switch
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

    private static MessageContent ContentOf(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.Null => MessageContent.Empty,
        JsonValueKind.Array => MessageContent.Of(content),
        _ => MessageContent.Of(content.GetString()!), // Checked as a fault above.
    };

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
