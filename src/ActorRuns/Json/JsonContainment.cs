using System.Collections.Immutable;
using System.Text.Json;

namespace ActorRuns.Json;

/// <summary>Tells whether JSON contains what a filter asks for, at any depth.</summary>
public static class JsonContainment
{
    /// <summary>True when every key of the filter is there and, of objects in turn, contained; other values are equal.</summary>
    public static bool Contains(JsonElement whole, JsonElement filter)
    {
        if (filter.ValueKind is not JsonValueKind.Object)
            return JsonElement.DeepEquals(whole, filter);

        return whole.ValueKind is JsonValueKind.Object && filter.EnumerateObject().All(property =>
            whole.TryGetProperty(property.Name, out var value) && Contains(value, property.Value));
    }

    /// <summary>The same for a map; a filter that is undefined asks for nothing.</summary>
    public static bool Contains(ImmutableSortedDictionary<string, JsonElement> whole, JsonElement filter) =>
        filter.ValueKind is JsonValueKind.Undefined
        || (filter.ValueKind is JsonValueKind.Object && filter.EnumerateObject().All(property =>
            whole.TryGetValue(property.Name, out var value) && Contains(value, property.Value)));
}
