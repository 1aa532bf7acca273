using System.Text.Json;

namespace ActorRuns.Store;

/// <summary>What items to find; those put last come first.</summary>
public sealed record ItemQuery
{
    /// <summary>The namespace that they are within.</summary>
    public ItemNamespace Within { get; init; }

    /// <summary>What their values must be like.</summary>
    public ItemFilter Filter { get; init; } = ItemFilter.Any;

    /// <summary>What one of the texts in the value must contain, in upper or lower case; null for anything.</summary>
    public string? Text { get; init; }

    /// <summary>How many matches are passed over.</summary>
    public int Offset { get; init; }

    /// <summary>How many matches are wanted.</summary>
    public required int Limit { get; init; }

    /// <summary>True when items that last for a time only last for all of it again once they are found.</summary>
    public bool RefreshesTtl { get; init; } = true;

    /// <summary>True for a value that is looked for.</summary>
    public bool Matches(JsonElement value) => Filter.Matches(value) && (Text is null || HasText(value, Text));

    private static bool HasText(JsonElement value, string text) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!.Contains(text, StringComparison.OrdinalIgnoreCase), // Never null.
        JsonValueKind.Array => value.EnumerateArray().Any(item => HasText(item, text)),
        JsonValueKind.Object => value.EnumerateObject().Any(property => HasText(property.Value, text)),
        _ => false,
    };
}
