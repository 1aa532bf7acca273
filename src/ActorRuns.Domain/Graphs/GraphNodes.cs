namespace ActorRuns.Graphs;

/// <summary>The names of the two nodes that every graph has without declaring them.</summary>
public static class GraphNodes
{
    /// <summary>The node that takes the input.</summary>
    public const string Start = "__start__";

    /// <summary>Where a branch sends what is finished.</summary>
    public const string End = "__end__";
}
