using System.Collections.Concurrent;
using System.Collections.Immutable;
using ActorRuns.Runs;
using ActorRuns.Tests.Threads;
using ActorRuns.Threads;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Tests.Simulation;

/// <summary>
/// What the disk knows of every thread, folded as it is written, and the laws that hold of it after every batch.
/// </summary>
internal sealed class DurableLaws
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ThreadId, ThreadLedger> _ledgers = [];
    private readonly Dictionary<ThreadId, HashSet<RunId>> _seen = [];
    private readonly HashSet<ThreadId> _deleted = [];

    /// <summary>The laws that were broken.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();

    /// <summary>The runs that have their threads.</summary>
    public ImmutableArray<(ThreadId Thread, RunId Run)> Holders
    {
        get
        {
            lock (_lock)
                return [.. _ledgers.Where(l => l.Value.Holder is not null).Select(l => (l.Key, l.Value.Holder!.RunId))];
        }
    }

    /// <summary>The threads that have something to do without anyone asking.</summary>
    public ImmutableArray<ThreadId> Unfinished
    {
        get
        {
            lock (_lock)
                return [.. _ledgers.Where(ledger => ledger.Value.WakeAt is not null).Select(ledger => ledger.Key)];
        }
    }

    /// <summary>What is recorded of a thread that has something to do.</summary>
    public string Describe(ThreadId thread)
    {
        lock (_lock)
        {
            var ledger = _ledgers[thread];
            return $"{thread} ({ledger.Holder} {ledger.Queue.Count} due {ledger.DueAt:O})";
        }
    }

    /// <summary>The threads at which something must be at work: a run has it, or is due on one that is free.</summary>
    public ImmutableArray<ThreadId> Busy(DateTimeOffset now)
    {
        lock (_lock)
            return [.. _ledgers.Where(l => l.Value.Holder is not null || l.Value.DueAt <= now).Select(l => l.Key)];
    }

    public bool IsAtRest => Unfinished.IsEmpty;

    public string Unrest => string.Join(", ", Unfinished);

    public void OnWritten(string journal, IReadOnlyList<(long SequenceNr, ThreadEvent Fact)> batch)
    {
        _ = ThreadId.TryParse(journal["thread-".Length..], out var thread);
        lock (_lock)
        {
            var ledger = _ledgers.GetValueOrDefault(thread, ThreadLedger.Empty);
            var seen = _seen.TryGetValue(thread, out var known) ? known : _seen[thread] = [];
            foreach (var (number, fact) in batch)
            {
                var next = ledger.Apply(fact);
                Check(ledger, fact, next, batch, $"number {number} of {thread}");
                if (fact is RunCreated created)
                    seen.Add(created.Request.RunId);
                if (fact is ThreadDeleted)
                    _deleted.Add(thread);
                ledger = next;
            }

            _ledgers[thread] = ledger;
            CheckAll(ledger, $"{thread} after {batch[^1].SequenceNr}");
        }
    }

    public ImmutableArray<RunId> RunsOf(ThreadId thread)
    {
        lock (_lock)
            return _ledgers.TryGetValue(thread, out var ledger) ? [.. ledger.Order] : [];
    }

    /// <summary>True when the run was recorded once, whatever became of it.</summary>
    public bool Knows(ThreadId thread, RunId run)
    {
        lock (_lock)
            return _seen.TryGetValue(thread, out var seen) && seen.Contains(run);
    }

    /// <summary>I8, I12: an accepted run has come to its end, and the end has a cause.</summary>
    public void CheckEnded(ThreadId thread, RunId run)
    {
        lock (_lock)
        {
            var ledger = _ledgers[thread];
            if (ledger.Runs.TryGetValue(run, out var known) ? !known.IsTerminal || known.Cause is null
                : !ledger.Undone.Contains(run) && !_deleted.Contains(thread))
            {
                throw new InvalidOperationException($"I8: run {run} was accepted and never ended.");
            }
        }
    }

    /// <summary>I5, I6: what is told of a thread is the fold of its journal.</summary>
    public void CheckRead(ThreadId thread, ThreadLedger read)
    {
        lock (_lock)
        {
            if (Likeness.Of(read) != Likeness.Of(_ledgers[thread]))
                throw new InvalidOperationException($"I6: {thread} is told otherwise than its journal says.");
        }
    }

    private void Check(
        ThreadLedger before,
        ThreadEvent fact,
        ThreadLedger after,
        IReadOnlyList<(long SequenceNr, ThreadEvent Fact)> batch,
        string where)
    {
        if (ThreadStreams.RunOf(fact) is { } id && before.Runs.TryGetValue(id, out var run) && run.IsTerminal)
        {
            var isAfterword = fact is RunDeleted or ToolOverran or WebhookDelivered or WebhookGivenUp;
            Demand(isAfterword, "I2: a run ends once", where);
        }

        if (fact is RunInterrupted(_, RunCause.Superseded(var by)))
        {
            var isOne = batch.Any(e => e.Fact is RunCreated created && created.Request.RunId == by);
            Demand(isOne, "I4: an interrupt is one write", where);
        }

        if (fact is RunRolledBack(var undone) && before.Holder?.RunId == undone)
            Demand(after.Position == before.BeforeHolder, "I9: a rollback restores all", where);
        if (fact is RunStarted { Attempt: 1, RunId: var started })
        {
            var first = before.Queue.Find(waits => before.Runs[waits].DueAt <= fact.At);
            Demand(first == started, "I10: runs that are due start in their order", where);
        }
    }

    private void CheckAll(ThreadLedger ledger, string where)
    {
        var running = ledger.Runs.Values.Count(run => run.Status is RunStatus.Running);
        Demand(running == (ledger.Holder is null ? 0 : 1), "I1: exactly the holder is running", where);
        var hasCauses = ledger.Runs.Values.All(run => run.IsTerminal == run.Cause is not null);
        Demand(hasCauses, "I12: an end has a cause", where);
    }

    private void Demand(bool holds, string law, string where)
    {
        if (!holds)
            Faults.Enqueue($"{law} ({where})");
    }
}

/// <summary>An index that knows what the disk knows, as one that was repaired from the journal does.</summary>
internal sealed class DurableIndex(DurableLaws laws) : IThreadIndex
{
    public void Note(ThreadIndexEntry entry)
    {
        // It reads the journal itself.
    }

    public void Forget(ThreadId thread, long sequenceNr)
    {
        // As above.
    }

    public Task SettleAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<ThreadPage> SearchAsync(ThreadQuery query, CancellationToken cancellationToken) =>
        Task.FromResult(new ThreadPage([], 0));

    public Task<IReadOnlyList<ThreadId>> FindUnfinishedAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ThreadId>>(laws.Unfinished);
}
