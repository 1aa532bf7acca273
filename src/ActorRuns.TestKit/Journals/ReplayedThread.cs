using System.Collections.Immutable;
using ActorRuns.Runs;
using ActorRuns.Threads;

namespace ActorRuns.TestKit;

/// <summary>What came of a journal that was played again.</summary>
public sealed class ReplayedThread
{
    private readonly Recording _recording;

    internal ReplayedThread(
        Recording recording, ThreadLedger ledger, Timeline timeline, IReadOnlyCollection<RunId> refused)
    {
        _recording = recording;
        Ledger = ledger;
        Timeline = timeline;
        Runs =
        [
            .. recording.Requests.Keys.Select(id => new ReplayedRun(
                id, EndOf(recording.Ledger, id, []), EndOf(ledger, id, refused))),
        ];
    }

    /// <summary>What is recorded of it now.</summary>
    public ThreadLedger Ledger { get; }

    /// <summary>What happened.</summary>
    public Timeline Timeline { get; }

    /// <summary>The runs in the order of their acceptance, each with how it ended then and how it did now.</summary>
    public ImmutableArray<ReplayedRun> Runs { get; }

    /// <summary>The transcript that it ends with, as words.</summary>
    public IReadOnlyList<string> Transcript => Recording.Transcript(Ledger.Position.Values);

    /// <summary>Claims that each run ended as it did in production, and that the transcript is the same.</summary>
    /// <exception cref="ScenarioException">Something is different: other rules, or another agent.</exception>
    public void EndsAsRecorded()
    {
        var others = Runs.Where(run => run.Then != run.Now)
            .Select(run => $"run {run.Id} ended as {run.Then}, and now as {run.Now}")
            .ToList();
        if (others.Count > 0)
            throw Timeline.Failure(string.Join("; ", others), thread: null);
        var before = Recording.Transcript(_recording.Ledger.Position.Values);
        if (!before.SequenceEqual(Transcript, StringComparer.Ordinal))
            throw Timeline.Failure(Words.Difference("The transcript is another one", before, Transcript), thread: null);
    }

    private static string EndOf(ThreadLedger ledger, RunId id, IReadOnlyCollection<RunId> refused) =>
        refused.Contains(id) ? "refused"
        : !ledger.Runs.TryGetValue(id, out var run) ? "undone"
        : run.Cause is { } cause ? $"{run.Status}, {cause.GetType().Name}".ToLowerInvariant()
        : $"{run.Status}".ToLowerInvariant();
}

/// <summary>How a run ended in production, and how it did when it was played again.</summary>
/// <param name="Id">The run, the same in both.</param>
/// <param name="Then">Such as <c>interrupted, superseded</c>, <c>undone</c> or <c>success, finished</c>.</param>
/// <param name="Now">The same, or <c>refused</c>.</param>
public sealed record ReplayedRun(RunId Id, string Then, string Now);
