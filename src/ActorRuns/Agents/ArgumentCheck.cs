using System.Globalization;
using System.Text.Json;

namespace ActorRuns.Agents;

/// <summary>
/// Compares what a model gives a tool with the tool's JSON schema. What it does not know of JSON schema
/// (<c>pattern</c>, <c>format</c>, <c>not</c>, references to elsewhere…) it lets pass: the tool has the last word.
/// </summary>
internal sealed class ArgumentCheck
{
    private const int MaxFaults = 5; // A model mends a few at a time; more would only cost it tokens.
    private const int MaxDepth = 100; // Deeper goes only a schema that refers to itself in a circle.
    private const int MaxSteps = 100_000; // Alternatives of alternatives multiply.

    private static readonly JsonElement NoArguments = JsonElement.Parse("{}");

    private readonly SchemaTexts _texts;
    private readonly JsonElement _root;
    private int _steps;

    private ArgumentCheck(JsonElement root) => (_root, _texts) = (root, new SchemaTexts(root));

    /// <summary>What does not fit, one sentence for each argument, the first few; empty when all does.</summary>
    /// <param name="schema">The schema of the tool's arguments.</param>
    /// <param name="arguments">The arguments; undefined or null for none.</param>
    public static IReadOnlyList<string> FaultsOf(JsonElement schema, JsonElement arguments)
    {
        var given = arguments.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? NoArguments : arguments;
        var faults = new List<string>();
        new ArgumentCheck(schema).Check(schema, given, string.Empty, 0, faults);
        return faults;
    }

    private void Check(JsonElement schema, JsonElement value, string path, int depth, List<string> faults)
    {
        if (faults.Count >= MaxFaults || depth > MaxDepth || ++_steps > MaxSteps)
            return;
        if (schema.ValueKind is JsonValueKind.False)
            faults.Add($"{SchemaTexts.Place(path)} is not allowed.");
        if (schema.ValueKind is not JsonValueKind.Object)
            return;

        if (SchemaTexts.ReferenceOf(_root, schema) is { } target)
            Check(target, value, path, depth + 1, faults);
        if (!SchemaTexts.IsOfType(schema, value) || !IsAmong(schema, value))
        {
            faults.Add(Unexpected(path, value, _texts.Expected(schema)));
            return;
        }

        CheckCombined(schema, value, path, depth, faults);
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                CheckObject(schema, value, path, depth, faults);
                break;
            case JsonValueKind.Array:
                CheckArray(schema, value, path, depth, faults);
                break;
            case JsonValueKind.String:
                var length = value.GetString()!.EnumerateRunes().Count(); // It is a string.
                CheckCount(schema, ("minLength", "maxLength", "characters"), length, path, faults);
                break;
            case JsonValueKind.Number:
                CheckNumber(schema, value, path, faults);
                break;
            default:
                break;
        }
    }

    private static bool IsAmong(JsonElement schema, JsonElement value) =>
        (!SchemaTexts.TryArray(schema, "enum", out var values)
            || values.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)))
        && (!schema.TryGetProperty("const", out var only) || JsonElement.DeepEquals(only, value));

    private void CheckCombined(JsonElement schema, JsonElement value, string path, int depth, List<string> faults)
    {
        if (SchemaTexts.TryArray(schema, "allOf", out var all))
        {
            foreach (var part in all.EnumerateArray())
                Check(part, value, path, depth + 1, faults);
        }

        // That only one of oneOf may fit is not held to: what tells them apart may be what is not known here.
        foreach (var keyword in (ReadOnlySpan<string>)["anyOf", "oneOf"])
        {
            if (SchemaTexts.TryArray(schema, keyword, out var alternatives))
                CheckAlternatives([.. alternatives.EnumerateArray()], value, path, depth, faults);
        }
    }

    private void CheckAlternatives(
        List<JsonElement> alternatives, JsonElement value, string path, int depth, List<string> faults)
    {
        var near = new List<List<string>>();
        foreach (var alternative in alternatives)
        {
            var found = new List<string>();
            Check(alternative, value, path, depth + 1, found);
            if (found.Count is 0)
                return;
            var meant = SchemaTexts.ReferenceOf(_root, alternative) ?? alternative;
            if (meant.ValueKind is JsonValueKind.Object && SchemaTexts.IsOfType(meant, value) && IsAmong(meant, value))
                near.Add(found);
        }

        var fewest = near.Count is 0 ? 0 : near.Min(found => found.Count);
        if (near.Count(found => found.Count == fewest) is 1) // It is the one that was meant.
            faults.AddRange(near.First(found => found.Count == fewest).Take(MaxFaults - faults.Count));
        else if (alternatives.Count is not 0)
            faults.Add(Unexpected(path, value, _texts.Any(alternatives)));
    }

    private void CheckObject(JsonElement schema, JsonElement value, string path, int depth, List<string> faults)
    {
        var known = SchemaTexts.TryObject(schema, "properties", out var properties);
        if (SchemaTexts.TryArray(schema, "required", out var required))
        {
            foreach (var name in required.EnumerateArray().Where(name => name.ValueKind is JsonValueKind.String))
                CheckPresent(name.GetString()!, value, properties, path, faults); // It is a string.
        }

        var others = schema.TryGetProperty("patternProperties", out _) ? default
            : schema.TryGetProperty("additionalProperties", out var rest) ? rest : default;
        foreach (var property in value.EnumerateObject())
        {
            var inner = path.Length is 0 ? property.Name : $"{path}.{property.Name}";
            if (known && properties.TryGetProperty(property.Name, out var its))
                Check(its, property.Value, inner, depth + 1, faults);
            else if (others.ValueKind is JsonValueKind.False && faults.Count < MaxFaults)
                faults.Add($"{SchemaTexts.Place(inner)} is unknown; known are {SchemaTexts.Names(properties)}.");
            else
                Check(others, property.Value, inner, depth + 1, faults);
        }
    }

    private void CheckPresent(
        string name, JsonElement value, JsonElement properties, string path, List<string> faults)
    {
        if (faults.Count >= MaxFaults || value.TryGetProperty(name, out _))
            return;

        var place = SchemaTexts.Place(path.Length is 0 ? name : $"{path}.{name}");
        faults.Add(properties.ValueKind is JsonValueKind.Object && properties.TryGetProperty(name, out var its)
            ? $"{place} is missing; expected {_texts.Expected(its)}."
            : $"{place} is missing.");
    }

    private void CheckArray(JsonElement schema, JsonElement value, string path, int depth, List<string> faults)
    {
        CheckCount(schema, ("minItems", "maxItems", "items"), value.GetArrayLength(), path, faults);
        var first = SchemaTexts.TryArray(schema, "prefixItems", out var firsts) ? firsts.GetArrayLength() : 0;
        schema.TryGetProperty("items", out var items);
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");
            Check(index < first ? firsts[index] : items, item, place, depth + 1, faults);
            index++;
        }
    }

    private static void CheckCount(
        JsonElement schema,
        (string Min, string Max, string Unit) names,
        int count,
        string path,
        List<string> faults)
    {
        if (Limit(names.Min) is { } min && count < min)
            faults.Add(Fault("at least", min));
        else if (Limit(names.Max) is { } max && count > max)
            faults.Add(Fault("at most", max));

        decimal? Limit(string name) => SchemaTexts.TryNumber(schema, name, out var limit)
            && limit.TryGetDecimal(out var number) ? number : null;

        string Fault(string bound, decimal limit) => string.Create(
            CultureInfo.InvariantCulture,
            $"{SchemaTexts.Place(path)} has {count} {names.Unit}; expected {bound} {limit}.");
    }

    private static void CheckNumber(JsonElement schema, JsonElement value, string path, List<string> faults)
    {
        Hold("minimum", "at least", order => order >= 0);
        Hold("exclusiveMinimum", "more than", order => order > 0);
        Hold("maximum", "at most", order => order <= 0);
        Hold("exclusiveMaximum", "less than", order => order < 0);

        void Hold(string keyword, string bound, Func<int, bool> holds)
        {
            if (SchemaTexts.TryNumber(schema, keyword, out var limit) && !holds(Compare(value, limit)))
                faults.Add(Unexpected(path, value, $"{bound} {limit}"));
        }
    }

    private static string Unexpected(string path, JsonElement value, string expected) =>
        $"{SchemaTexts.Place(path)} is {SchemaTexts.Given(value)}; expected {expected}.";

    private static int Compare(JsonElement one, JsonElement other) =>
        one.TryGetDecimal(out var left) && other.TryGetDecimal(out var right)
            ? left.CompareTo(right)
            : one.GetDouble().CompareTo(other.GetDouble());
}
