using System.Text.Json;

namespace ActorRuns.Messages;

/// <summary>A message as it came: its kind and its fields, whichever way they were wrapped.</summary>
/// <param name="Type">The kind; null when it names none.</param>
/// <param name="Fields">Its fields, an object; or the content itself, when it came without fields.</param>
internal readonly record struct MessageForm(string? Type, JsonElement Fields)
{
    /// <summary>
    /// Unwraps a message: a text for what a person said, a pair of a role and a content, an object with a <c>type</c>
    /// or a <c>role</c>, or what LangChain makes of a message object (<c>lc</c>, <c>id</c>, <c>kwargs</c>).
    /// </summary>
    public static MessageForm Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => new(MessageType.Human, element),
        JsonValueKind.Array when element.GetArrayLength() is 2 && element[0].ValueKind is JsonValueKind.String =>
            new(Named(element[0].GetString()), element[1]),
        JsonValueKind.Object when IsConstructor(element) => Constructed(element),
        JsonValueKind.Object => new(Named(Text(element, "type") ?? Text(element, "role")), element),
        _ => new(null, element),
    };

    private static bool IsConstructor(JsonElement element) =>
        Text(element, "type") is "constructor"
        && element.TryGetProperty("id", out var path)
        && path.ValueKind is JsonValueKind.Array
        && path.GetArrayLength() > 0
        && element.TryGetProperty("kwargs", out var fields) && fields.ValueKind is JsonValueKind.Object;

    private static MessageForm Constructed(JsonElement element)
    {
        var path = element.GetProperty("id");
        var name = path[path.GetArrayLength() - 1];
        var fields = element.GetProperty("kwargs");
        var type = name.ValueKind is not JsonValueKind.String ? null : name.GetString() switch
        {
            "HumanMessage" or "HumanMessageChunk" => MessageType.Human,
            "AIMessage" or "AIMessageChunk" => MessageType.Ai,
            "ToolMessage" or "ToolMessageChunk" => MessageType.Tool,
            "SystemMessage" or "SystemMessageChunk" => MessageType.System,
            "RemoveMessage" => MessageType.Remove,
            _ => Named(Text(fields, "type") ?? Text(fields, "role")),
        };
        return new(type, fields);
    }

    private static string? Named(string? name) => name switch
    {
        "user" => MessageType.Human,
        "assistant" => MessageType.Ai,
        _ => name,
    };

    private static string? Text(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;
}
