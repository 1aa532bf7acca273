using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Ids;

namespace ActorRuns.Assistants;

/// <summary>The assistants of this process: one for every registered graph, addressed by its id or the graph's name.</summary>
public sealed class AssistantCatalog
{
    private static readonly ImmutableSortedDictionary<string, JsonElement> BySystem =
        ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal)
            .Add("created_by", JsonElement.Parse("\"system\""));

    private readonly FrozenDictionary<string, Assistant> _byName;

    /// <summary>Makes the assistants of these graphs.</summary>
    public AssistantCatalog(GraphRegistry graphs, DateTimeOffset now)
    {
        Assistants =
        [
            .. graphs.Graphs.Select(graph => new Assistant(
                RuntimeIds.SystemAssistant(graph.Id), graph.Id, graph.Id.Value, BySystem, now)),
        ];
        _byName = Assistants
            .SelectMany(assistant => new[] { ($"{assistant.Id}", assistant), (assistant.GraphId.Value, assistant) })
            .ToFrozenDictionary(entry => entry.Item1, entry => entry.assistant, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The assistants, by the names of their graphs.</summary>
    public ImmutableArray<Assistant> Assistants { get; }

    /// <summary>The assistant with this id, or of the graph with this name; null when there is none.</summary>
    public Assistant? Find(string idOrGraph) => _byName.GetValueOrDefault(idOrGraph);
}
