using System.Collections.Frozen;
using System.Collections.Immutable;

namespace ActorRuns.Graphs;

/// <summary>The graphs of this process, by name.</summary>
public sealed class GraphRegistry : IGraphCatalog
{
    private readonly FrozenDictionary<string, AgentGraph> _graphs;

    /// <summary>Holds these graphs.</summary>
    /// <exception cref="ArgumentException">Two graphs have the same name.</exception>
    public GraphRegistry(params IEnumerable<AgentGraph> graphs)
    {
        Graphs = [.. graphs.OrderBy(graph => graph.Id.Value, StringComparer.Ordinal)];
        _graphs = Graphs.ToDictionary(graph => graph.Id.Value, StringComparer.Ordinal)
            .ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The graphs, by name.</summary>
    public ImmutableArray<AgentGraph> Graphs { get; }

    /// <summary>The graph of this name, or null.</summary>
    public AgentGraph? this[GraphId id] => _graphs.GetValueOrDefault(id.Value);

    GraphShape? IGraphCatalog.Find(GraphId id) => this[id]?.Shape;
}
