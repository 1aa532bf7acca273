using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace ActorRuns.Json;

/// <summary>JSON objects as maps of their keys, the form in which metadata is kept.</summary>
public static class JsonMaps
{
    /// <summary>The map without keys.</summary>
    public static ImmutableSortedDictionary<string, JsonElement> Empty { get; } =
        ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal);

    /// <summary>The object without keys.</summary>
    public static JsonElement EmptyObject { get; } = JsonElement.Parse("{}");

    /// <summary>A text as a value.</summary>
    public static JsonElement TextValue(string text) =>
        JsonElement.Parse(StateJson.Write(writer => writer.WriteStringValue(text)));

    /// <summary>The keys and values of an object.</summary>
    /// <exception cref="InvalidOperationException">It is no object.</exception>
    public static ImmutableSortedDictionary<string, JsonElement> Read(JsonElement map) => map.EnumerateObject()
        .ToImmutableSortedDictionary(property => property.Name, property => property.Value, StringComparer.Ordinal);

    /// <summary>
    /// One object laid over another, key by key; what is over it wins. What is undefined covers nothing, and what is no
    /// object covers all.
    /// </summary>
    public static JsonElement Overlay(JsonElement under, JsonElement over)
    {
        if (over.ValueKind is JsonValueKind.Undefined)
            return under;

        var bothHaveKeys = under.ValueKind is JsonValueKind.Object
            && under.GetPropertyCount() > 0
            && over.ValueKind is JsonValueKind.Object;
        return bothHaveKeys
            ? JsonElement.Parse(Text(Read(under).SetItems(Read(over))))
            : over;
    }

    /// <summary>The map as the text of a JSON object.</summary>
    public static string Text(ImmutableSortedDictionary<string, JsonElement> map) =>
        Encoding.UTF8.GetString(StateJson.Write(writer =>
        {
            writer.WriteStartObject();
            StateJson.WriteProperties(writer, map);
            writer.WriteEndObject();
        }));
}
