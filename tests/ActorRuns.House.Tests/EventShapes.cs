using System.Text.Json;

namespace ActorRuns.House.Tests;

/// <summary>The shapes of stored events: of each kind its fields, with what kinds of values they have.</summary>
internal static class EventShapes
{
    /// <summary>Reads them off examples, each a manifest and a JSON object with a space between.</summary>
    public static IEnumerable<string> Of(IEnumerable<string> examples) => examples
        .Select(example => example.Split(' ', 2))
        .GroupBy(parts => parts[0], parts => JsonElement.Parse(parts[1]), StringComparer.Ordinal)
        .OrderBy(kind => kind.Key, StringComparer.Ordinal)
        .SelectMany(kind => FieldsOf([.. kind]).Select(field => $"{kind.Key} {field}"));

    private static IEnumerable<string> FieldsOf(IReadOnlyCollection<JsonElement> objects) =>
        from field in objects.SelectMany(example => Fields(example, prefix: "")).ToLookup(field => field.Path)
        orderby field.Key
        let optional = field.Count() < objects.Count ? "?" : ""
        let kinds = field.Select(one => one.Kind).Distinct().Order()
        select $"{field.Key}{optional}: {string.Join(" | ", kinds)}";

    private static IEnumerable<(string Path, JsonValueKind Kind)> Fields(JsonElement value, string prefix) =>
        value.EnumerateObject().SelectMany(field => Values($"{prefix}{field.Name}", field.Value));

    private static IEnumerable<(string Path, JsonValueKind Kind)> Values(string path, JsonElement value) =>
    [
        (path, value.ValueKind is JsonValueKind.False ? JsonValueKind.True : value.ValueKind),
        .. value.ValueKind switch
        {
            JsonValueKind.Object => Fields(value, $"{path}."),
            JsonValueKind.Array => value.EnumerateArray().SelectMany(item => Values($"{path}[]", item)),
            _ => [],
        },
    ];
}
