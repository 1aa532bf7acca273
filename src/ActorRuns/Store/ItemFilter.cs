using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ActorRuns.Json;

namespace ActorRuns.Store;

/// <summary>
/// What a value must be like, as LangGraph's stores have it: a JSON object whose keys name properties of the value, and
/// say what each must equal, or, as an object of operators (<c>{"$gte": 3}</c>), how it must compare. Other objects are
/// looked into: of the property, only what they name counts.
/// </summary>
public sealed class ItemFilter
{
    private static readonly ImmutableArray<string> Operators = ["$eq", "$ne", "$gt", "$gte", "$lt", "$lte"];

    private readonly JsonElement _filter;

    private ItemFilter(JsonElement filter) => _filter = filter;

    /// <summary>The filter that any value passes.</summary>
    public static ItemFilter Any { get; } = new(JsonMaps.EmptyObject);

    /// <summary>What a filter is.</summary>
    public static string Expected { get; } =
        $"an object of values, or of objects with the operators {string.Join(", ", Operators)}";

    /// <summary>Reads a filter; false when it is no object, or has an operator that there is not.</summary>
    public static bool TryRead(JsonElement json, [NotNullWhen(true)] out ItemFilter? filter)
    {
        var isFilter = json.ValueKind is JsonValueKind.Object
            && json.EnumerateObject().All(property => IsCondition(property.Value));
        filter = isFilter ? new ItemFilter(json) : null;
        return isFilter;
    }

    /// <summary>True for a value that is as the filter says.</summary>
    public bool Matches(JsonElement value) => HasAll(value, _filter);

    private static bool IsCondition(JsonElement condition)
    {
        if (condition.ValueKind is not JsonValueKind.Object)
            return true;

        return HasOperators(condition)
            ? condition.EnumerateObject().All(operation => Operators.Contains(operation.Name))
            : condition.EnumerateObject().All(inner => IsCondition(inner.Value));
    }

    private static bool HasOperators(JsonElement condition) =>
        condition.EnumerateObject().Any(property => property.Name.StartsWith('$'));

    private static bool HasAll(JsonElement value, JsonElement filter) =>
        value.ValueKind is JsonValueKind.Object
        && filter.EnumerateObject().All(asked => Is(PropertyOf(value, asked.Name), asked.Value));

    /// <summary>A property, or an undefined element when it is not there.</summary>
    private static JsonElement PropertyOf(JsonElement value, string name) =>
        value.TryGetProperty(name, out var property) ? property : default;

    private static bool Is(JsonElement value, JsonElement condition)
    {
        if (condition.ValueKind is not JsonValueKind.Object)
            return AreEqual(value, condition);

        return HasOperators(condition)
            ? condition.EnumerateObject().All(operation => Compares(value, operation.Name, operation.Value))
            : HasAll(value, condition);
    }

    private static bool Compares(JsonElement value, string comparison, JsonElement other) => comparison switch
    {
        "$eq" => AreEqual(value, other),
        "$ne" => !AreEqual(value, other),
        "$gt" => Order(value, other) > 0,
        "$gte" => Order(value, other) >= 0,
        "$lt" => Order(value, other) < 0,
        "$lte" => Order(value, other) <= 0,
        _ => throw new UnreachableException($"{comparison} was read as an operator."),
    };

    /// <summary>What is not there equals nothing, not even null.</summary>
    private static bool AreEqual(JsonElement value, JsonElement other) =>
        value.ValueKind is not JsonValueKind.Undefined && JsonElement.DeepEquals(value, other);

    /// <summary>Numbers have an order, and texts; null for anything else, of which no comparison is true.</summary>
    private static int? Order(JsonElement value, JsonElement other) => (value.ValueKind, other.ValueKind) switch
    {
        (JsonValueKind.Number, JsonValueKind.Number) =>
            value.TryGetDecimal(out var exact) && other.TryGetDecimal(out var otherExact)
                ? exact.CompareTo(otherExact)
                : value.GetDouble().CompareTo(other.GetDouble()),
        (JsonValueKind.String, JsonValueKind.String) => string.CompareOrdinal(value.GetString(), other.GetString()),
        _ => null,
    };
}
