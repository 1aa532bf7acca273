using System.Text.Json;

namespace ActorRuns.Agents;

/// <summary>Reads texts and numbers of JSON objects that may have any shape.</summary>
internal static class JsonText
{
    /// <summary>The text of a property, or null when there is none.</summary>
    public static string? Of(JsonElement element, string property) =>
        Property(element, property, JsonValueKind.String) is { } text ? text.GetString() : null;

    /// <summary>The whole number of a property, or null when there is none.</summary>
    public static long? NumberOf(JsonElement element, string property) =>
        Property(element, property, JsonValueKind.Number) is { } number && number.TryGetInt64(out var value)
            ? value
            : null;

    /// <summary>The object of a property, or null when there is none.</summary>
    public static JsonElement? ObjectOf(JsonElement element, string property) =>
        Property(element, property, JsonValueKind.Object);

    /// <summary>The property if it is of this kind, or null.</summary>
    public static JsonElement? Property(JsonElement element, string property, JsonValueKind kind) =>
        element.ValueKind is JsonValueKind.Object
        && element.TryGetProperty(property, out var value)
        && value.ValueKind == kind
            ? value
            : null;
}
