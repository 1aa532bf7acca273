using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Runs;

namespace ActorRuns.Threads;

/// <summary>Where a revision of a thread's state came from; the names are those of the wire, in lower case.</summary>
public enum CheckpointSource
{
    /// <summary>The moment before a run's input is taken.</summary>
    Input,

    /// <summary>A step of a run.</summary>
    Loop,

    /// <summary>A change from outside the graph: an edit, or the closing of what a stopped run left open.</summary>
    Update,

    /// <summary>A step that goes on from an older revision.</summary>
    Fork,
}

/// <summary>A revision of a thread's state: the values after one step, and what comes next.</summary>
/// <param name="Id">Its name; sorts by time within the thread.</param>
/// <param name="Parent">The revision it was made from; null for the first.</param>
/// <param name="Step">Counts along the branch, from -1.</param>
/// <param name="Source">What made it.</param>
/// <param name="Next">The nodes to execute next; empty when nothing is left to do.</param>
/// <param name="RunId">The run that made it; null for an edit from outside.</param>
/// <param name="At">When it was made.</param>
/// <param name="Values">The values.</param>
/// <param name="Ran">The nodes that made it, or the last ones that ran before a change from outside.</param>
public sealed record Checkpoint(
    CheckpointId Id,
    CheckpointId? Parent,
    int Step,
    CheckpointSource Source,
    ImmutableArray<string> Next,
    RunId? RunId,
    DateTimeOffset At,
    ChannelValues Values,
    ImmutableArray<string> Ran)
{
    /// <summary>The inputs of the tasks that were sent, by task.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Inputs { get; init; } = NextTasks.NoInputs;

    /// <summary>The tasks to execute next, with those inputs.</summary>
    public NextTasks Tasks => new(Next, Inputs);
}
