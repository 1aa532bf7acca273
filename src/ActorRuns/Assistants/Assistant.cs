using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Json;

namespace ActorRuns.Assistants;

/// <summary>A named configuration of a graph, as one of its versions has it.</summary>
/// <param name="Id">Its id; for the one that every graph has, derived from the graph's name.</param>
/// <param name="Current">The version that new runs use.</param>
/// <param name="CreatedAt">When it was made; of a graph's own, when this process started.</param>
/// <param name="UpdatedAt">When the current version became it.</param>
public sealed record Assistant(
    AssistantId Id, AssistantVersion Current, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    /// <summary>The graph.</summary>
    public GraphId GraphId => Current.GraphId;

    /// <summary>What people call it.</summary>
    public string Name => Current.Name;

    /// <summary>What it can be found by; runs inherit it.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Metadata => Current.Metadata;
}

/// <summary>What an assistant is as long as this version is its current one; never changed, only followed.</summary>
public sealed record AssistantVersion
{
    /// <summary>The name of an assistant that was given none.</summary>
    public const string Untitled = "Untitled";

    /// <summary>Which version this is, counted from 1.</summary>
    public required int Number { get; init; }

    /// <summary>The graph.</summary>
    public required GraphId GraphId { get; init; }

    /// <summary>What people call it.</summary>
    public string Name { get; init; } = Untitled;

    /// <summary>What people say about it; null for nothing.</summary>
    public string? Description { get; init; }

    /// <summary>What lies under the <c>config</c> of its runs, a JSON object.</summary>
    public JsonElement Config { get; init; } = JsonMaps.EmptyObject;

    /// <summary>What lies under the <c>context</c> of its runs.</summary>
    public JsonElement Context { get; init; } = JsonMaps.EmptyObject;

    /// <summary>What it can be found by; runs inherit it.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Metadata { get; init; } = JsonMaps.Empty;

    /// <summary>When this version was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
