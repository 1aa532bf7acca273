using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Runs;

namespace ActorRuns.Threads;

/// <summary>How far a graph that is a node of another one has come within the step under way.</summary>
/// <param name="Checkpoint">Its last revision, in the namespace of its own.</param>
/// <param name="Step">Counts its steps; 0 is the one that took the state over.</param>
/// <param name="At">When it was made.</param>
/// <param name="Ran">The inner nodes that made it.</param>
/// <param name="Next">The inner nodes to execute next; empty when the graph has come to its end.</param>
public sealed record SubgraphPosition(
    CheckpointId Checkpoint, int Step, DateTimeOffset At, ImmutableArray<string> Ran, ImmutableArray<string> Next)
{
    /// <summary>The inputs of the tasks that were sent, by task.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Inputs { get; init; } = NextTasks.NoInputs;

    /// <summary>The revision before; null at the first.</summary>
    public CheckpointId? Parent { get; init; }

    /// <summary>All that its nodes wrote so far, in order; it becomes the state's with the outer step.</summary>
    public ImmutableList<ChannelWrite> Writes { get; init; } = [];

    /// <summary>The nodes that are next and done already; they are not executed again.</summary>
    public ImmutableList<NodeWrites> Finished { get; init; } = [];

    /// <summary>Parts the names of a graph in a graph.</summary>
    public const char Separator = '|';

    /// <summary>The position after one more step.</summary>
    public static SubgraphPosition After(
        SubgraphPosition? before,
        CheckpointId checkpoint,
        DateTimeOffset at,
        ImmutableArray<NodeWrites> ran,
        NextTasks next) =>
        new(checkpoint, before?.Step + 1 ?? 0, at, [.. ran.Select(node => node.Node)], next.Tasks)
        {
            Inputs = next.Inputs,
            Parent = before?.Checkpoint,
            Writes = (before?.Writes ?? []).AddRange(ran.SelectMany(node => node.Writes)),
        };

    /// <summary>This position when a node has written something before its step is complete.</summary>
    /// <param name="ran">What it wrote.</param>
    /// <param name="isDone">True when it came to its end; false for results of tools, which count at once.</param>
    internal SubgraphPosition With(NodeWrites ran, bool isDone) => isDone
        ? this with { Finished = Finished.Add(ran) }
        : this with { Writes = Writes.AddRange(ran.Writes) };
}

/// <summary>Reads the positions of inner graphs.</summary>
public static class SubgraphPositions
{
    /// <summary>The last revision of an inner graph; null when it has none.</summary>
    /// <param name="position">Where the thread stands.</param>
    /// <param name="name">The inner graph's namespace.</param>
    /// <param name="run">The run at work.</param>
    public static Checkpoint? RevisionOf(this ThreadPosition position, string name, RunId? run) =>
        position.Subgraphs.TryGetValue(name, out var inner)
            ? new Checkpoint(
                inner.Checkpoint,
                inner.Parent,
                inner.Step,
                CheckpointSource.Loop,
                inner.Next,
                run,
                inner.At,
                position.ValuesOf(name),
                inner.Ran) { Inputs = inner.Inputs }
            : null;

    /// <summary>The values as an inner graph sees them.</summary>
    private static ChannelValues ValuesOf(this ThreadPosition position, string name)
    {
        var outer = name.LastIndexOf(SubgraphPosition.Separator) is var at and > 0
            ? position.ValuesOf(name[..at])
            : position.Values;
        return position.Subgraphs.TryGetValue(name, out var inner)
            ? inner.Writes.Aggregate(outer, (values, write) => values.With(write))
            : outer;
    }
}
