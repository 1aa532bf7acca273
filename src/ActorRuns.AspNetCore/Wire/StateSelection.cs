using System.Text.Json;
using ActorRuns.Json;

namespace ActorRuns.AspNetCore.Wire;

/// <summary>
/// Which parts of a state are asked for: fields, and single values as <c>values.messages</c>. What a state does not
/// have is left out, as with all that is selected.
/// </summary>
/// <param name="Parts">The parts; none for all.</param>
internal readonly record struct StateSelection(IReadOnlyCollection<string> Parts)
{
    private const string ValuePrefix = "values.";

    /// <summary>Keeps only what was asked for of a state.</summary>
    public Action<Utf8JsonWriter> Of(Action<Utf8JsonWriter> state)
    {
        var parts = Parts;
        return parts.Count is 0 ? state : writer =>
        {
            writer.WriteStartObject();
            foreach (var field in JsonElement.Parse(StateJson.Write(state)).EnumerateObject())
            {
                if (parts.Contains(field.Name))
                    field.WriteTo(writer);
                else if (field.NameEquals("values") && parts.Any(IsValue))
                    WriteValues(writer, field.Value, parts);
            }

            writer.WriteEndObject();
        };
    }

    private static void WriteValues(Utf8JsonWriter writer, JsonElement values, IReadOnlyCollection<string> parts)
    {
        writer.WriteStartObject("values");
        foreach (var value in values.EnumerateObject().Where(value => parts.Contains($"{ValuePrefix}{value.Name}")))
            value.WriteTo(writer);
        writer.WriteEndObject();
    }

    private static bool IsValue(string part) => part.StartsWith(ValuePrefix, StringComparison.Ordinal);
}
