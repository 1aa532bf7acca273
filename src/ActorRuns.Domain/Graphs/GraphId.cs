namespace ActorRuns.Graphs;

/// <summary>Names a program that an assistant configures, as its developer registered it.</summary>
/// <param name="Value">The name, for instance <c>agent</c>; compared ordinally.</param>
public readonly record struct GraphId(string Value)
{
    /// <summary>The name itself.</summary>
    public override string ToString() => Value;
}
