using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Graphs;

namespace ActorRuns.Threads;

/// <summary>Where a thread stands: its last revision, and what keeps it from going on. A rollback restores it whole.</summary>
/// <param name="Head">The last revision; null before the first.</param>
/// <param name="Paused">True when the last run stopped to ask a human.</param>
/// <param name="Interrupts">What the human was asked; empty when a run was told to stop before or after a node.</param>
/// <param name="Answers">What humans answered so far to the nodes that are next, by question.</param>
/// <param name="Failure">Why the nodes that are next have not run; null when nothing failed.</param>
public sealed record ThreadPosition(
    Checkpoint? Head,
    bool Paused,
    ImmutableList<PendingInterrupt> Interrupts,
    ImmutableSortedDictionary<string, JsonElement> Answers,
    NodeFailure? Failure)
{
    /// <summary>Where every thread begins.</summary>
    public static ThreadPosition Origin { get; } =
        new(null, Paused: false, [], ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal), null);

    /// <summary>
    /// The revision that the nodes that are next go on from; changes from outside the graph leave it as it is, so that
    /// what was asked there is answered there.
    /// </summary>
    public CheckpointId StepFrom { get; init; }

    /// <summary>
    /// The nodes that are next and done already, with what they wrote: a step of several nodes was cut off before all
    /// of them were. They are not executed again.
    /// </summary>
    public ImmutableList<NodeWrites> Finished { get; init; } = [];

    /// <summary>
    /// The tool calls of the step that were at work when the process was lost, or the run stopped, and how often:
    /// whether they had any effect is not known.
    /// </summary>
    public ImmutableSortedDictionary<string, int> Lost { get; init; } =
        ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    /// <summary>How often the process was lost while the step was under way.</summary>
    public int Losses { get; init; }

    /// <summary>How far graphs have come that are nodes of the step, by their namespaces.</summary>
    public ImmutableSortedDictionary<string, SubgraphPosition> Subgraphs { get; init; } =
        ImmutableSortedDictionary.Create<string, SubgraphPosition>(StringComparer.Ordinal);

    /// <summary>This position when what was at work is lost.</summary>
    /// <param name="open">The calls without a result.</param>
    internal ThreadPosition WithLoss(IEnumerable<OpenToolCall> open) => this with
    {
        Losses = Losses + 1,
        Lost = open.Where(call => call.Started).Select(call => call.Id).Distinct(StringComparer.Ordinal)
            .Aggregate(Lost, (lost, call) => lost.SetItem(call, lost.GetValueOrDefault(call) + 1)),
    };

    /// <summary>The values of the last revision.</summary>
    public ChannelValues Values => Head?.Values ?? ChannelValues.Empty;

    /// <summary>The tasks to execute next.</summary>
    public ImmutableArray<string> Next => Head?.Next ?? [];

    /// <summary>The tasks to execute next, with the inputs of those that were sent.</summary>
    public NextTasks Tasks => Head?.Tasks ?? NextTasks.None;
}
