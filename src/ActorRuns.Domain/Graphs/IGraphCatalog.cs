namespace ActorRuns.Graphs;

/// <summary>The graphs that this process can execute, as far as the rules need to know them.</summary>
public interface IGraphCatalog
{
    /// <summary>The shape of a graph, or null when no graph of that name is registered.</summary>
    GraphShape? Find(GraphId id);
}
