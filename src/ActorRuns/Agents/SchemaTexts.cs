using System.Globalization;
using System.Text.Json;

namespace ActorRuns.Agents;

/// <summary>Reads JSON schemas, and says in words what they expect and what was given instead.</summary>
/// <param name="root">The whole schema, which references are sought in.</param>
internal sealed class SchemaTexts(JsonElement root)
{
    private const int MaxText = 100; // A model knows by its beginning what it wrote.
    private const int MaxHops = 10; // References may go in a circle.

    /// <summary>What a schema expects, in a few words.</summary>
    public string Expected(JsonElement schema) => Expected(schema, 0);

    /// <summary>What several alternatives expect, in a few words.</summary>
    public string Any(IEnumerable<JsonElement> alternatives) => Any(alternatives, 0);

    /// <summary>Where a value is, for a sentence about it.</summary>
    public static string Place(string path) => path.Length is 0 ? "The whole" : $"'{Cut(path)}'";

    /// <summary>What was given, for a sentence about it.</summary>
    public static string Given(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => $"the string {Cut(value.GetRawText())}",
        JsonValueKind.Number => $"the number {Cut(value.GetRawText())}",
        _ => value.GetRawText(),
    };

    /// <summary>The names of the known properties.</summary>
    public static string Names(JsonElement properties) =>
        properties.ValueKind is JsonValueKind.Object && properties.EnumerateObject().Any()
            ? string.Join(", ", properties.EnumerateObject().Select(property => $"'{property.Name}'"))
            : "none";

    /// <summary>True when the schema's <c>type</c>, if it has one, is that of the value.</summary>
    public static bool IsOfType(JsonElement schema, JsonElement value) =>
        schema.ValueKind is not JsonValueKind.Object || !schema.TryGetProperty("type", out var type)
        || type.ValueKind switch
        {
            JsonValueKind.String => IsOf(type.GetString()!, value), // It is a string.
            JsonValueKind.Array => type.EnumerateArray().Any(
                one => one.ValueKind is not JsonValueKind.String || IsOf(one.GetString()!, value)), // As above.
            _ => true,
        };

    /// <summary>What a schema's <c>$ref</c> refers to; null when it has none, or one that leads elsewhere.</summary>
    public static JsonElement? ReferenceOf(JsonElement root, JsonElement schema)
    {
        if (schema.ValueKind is not JsonValueKind.Object
            || !schema.TryGetProperty("$ref", out var reference)
            || reference.ValueKind is not JsonValueKind.String
            || reference.GetString() is not ['#', .. var pointer])
        {
            return null;
        }

        var found = root;
        foreach (var part in pointer.Split('/').Skip(1))
        {
            var name = Uri.UnescapeDataString(part)
                .Replace("~1", "/", StringComparison.Ordinal)
                .Replace("~0", "~", StringComparison.Ordinal);
            if (found.ValueKind is JsonValueKind.Object && found.TryGetProperty(name, out var property))
                found = property;
            else if (found.ValueKind is JsonValueKind.Array
                && int.TryParse(name, CultureInfo.InvariantCulture, out var index)
                && index >= 0 && index < found.GetArrayLength())
                found = found[index];
            else
                return null;
        }

        return pointer is "" or ['/', ..] ? found : null; // Others are anchors.
    }

    /// <summary>True when the schema has an array of this name.</summary>
    public static bool TryArray(JsonElement schema, string name, out JsonElement found) =>
        schema.TryGetProperty(name, out found) && found.ValueKind is JsonValueKind.Array;

    /// <summary>True when the schema has an object of this name.</summary>
    public static bool TryObject(JsonElement schema, string name, out JsonElement found) =>
        schema.TryGetProperty(name, out found) && found.ValueKind is JsonValueKind.Object;

    /// <summary>True when the schema has a number of this name.</summary>
    public static bool TryNumber(JsonElement schema, string name, out JsonElement found) =>
        schema.TryGetProperty(name, out found) && found.ValueKind is JsonValueKind.Number;

    private string Expected(JsonElement schema, int hops)
    {
        if (schema.ValueKind is not JsonValueKind.Object || hops > MaxHops)
            return "another value";
        if (TryArray(schema, "enum", out var values))
            return $"one of {Cut(string.Join(", ", values.EnumerateArray().Select(one => one.GetRawText())))}";
        if (schema.TryGetProperty("const", out var only))
            return Cut(only.GetRawText());
        if (schema.TryGetProperty("type", out var type))
        {
            return type.ValueKind is JsonValueKind.Array
                ? string.Join(" or ", type.EnumerateArray().Select(one => one.ToString()))
                : type.ToString();
        }

        if (TryArray(schema, "anyOf", out var any) || TryArray(schema, "oneOf", out any))
            return Any(any.EnumerateArray(), hops + 1);
        return ReferenceOf(root, schema) is { } target ? Expected(target, hops + 1) : "a value";
    }

    private string Any(IEnumerable<JsonElement> alternatives, int hops) => Cut(string.Join(
        " or ", alternatives.Take(MaxHops).Select(one => Expected(one, hops + 1)).Distinct(StringComparer.Ordinal)));

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind is JsonValueKind.Object,
        "array" => value.ValueKind is JsonValueKind.Array,
        "string" => value.ValueKind is JsonValueKind.String,
        "number" => value.ValueKind is JsonValueKind.Number,
        "integer" => value.ValueKind is JsonValueKind.Number
            && (value.TryGetInt64(out _) || double.IsInteger(value.GetDouble())),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind is JsonValueKind.Null,
        _ => true,
    };

    private static string Cut(string text) => text.Length <= MaxText ? text : $"{text[..MaxText]}…";
}
