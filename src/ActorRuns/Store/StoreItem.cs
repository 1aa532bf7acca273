using System.Text.Json;

namespace ActorRuns.Store;

/// <summary>A value that agents and callers share, outside of any thread.</summary>
/// <param name="Namespace">Where it is; never the root.</param>
/// <param name="Key">Its name there.</param>
/// <param name="Value">The value, a JSON object.</param>
/// <param name="CreatedAt">When there was first a value.</param>
/// <param name="UpdatedAt">When this value was put.</param>
public sealed record StoreItem(
    ItemNamespace Namespace, string Key, JsonElement Value, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
