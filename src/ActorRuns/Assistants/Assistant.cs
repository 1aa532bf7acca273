using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Graphs;

namespace ActorRuns.Assistants;

/// <summary>A named configuration of a graph.</summary>
/// <param name="Id">Its id; for the one that every graph has, derived from the graph's name.</param>
/// <param name="GraphId">The graph.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Metadata">What it can be found by; runs inherit it.</param>
/// <param name="CreatedAt">When it was made; of a graph's own, when this process started.</param>
public sealed record Assistant(
    AssistantId Id,
    GraphId GraphId,
    string Name,
    ImmutableSortedDictionary<string, JsonElement> Metadata,
    DateTimeOffset CreatedAt);
