using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Json;

namespace ActorRuns.Assistants;

/// <summary>What a new version says anew; what is null, undefined or empty stays as it was.</summary>
public sealed record AssistantPatch
{
    /// <summary>Another graph.</summary>
    public GraphId? GraphId { get; init; }

    /// <summary>Another name.</summary>
    public string? Name { get; init; }

    /// <summary>Another description.</summary>
    public string? Description { get; init; }

    /// <summary>Another config instead of the one before.</summary>
    public JsonElement Config { get; init; }

    /// <summary>Another context instead of the one before.</summary>
    public JsonElement Context { get; init; }

    /// <summary>Metadata to lay over what is there, key by key.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Metadata { get; init; } = JsonMaps.Empty;

    /// <summary>The version that follows another one.</summary>
    public AssistantVersion Over(AssistantVersion version, int number, DateTimeOffset now) => version with
    {
        Number = number,
        GraphId = GraphId ?? version.GraphId,
        Name = Name ?? version.Name,
        Description = Description ?? version.Description,
        Config = Config.ValueKind is JsonValueKind.Undefined ? version.Config : Config,
        Context = Context.ValueKind is JsonValueKind.Undefined ? version.Context : Context,
        Metadata = version.Metadata.SetItems(Metadata),
        CreatedAt = now,
    };
}
