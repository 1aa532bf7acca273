using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using ActorRuns.Crons;
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
    private readonly Dictionary<ThreadId, ThreadLedger> _ledgers = [];
    private readonly Dictionary<ThreadId, HashSet<RunId>> _seen = [];
    private readonly Dictionary<ThreadId, HashSet<string>> _outlines = [];
    private readonly Dictionary<RunId, ImmutableArray<ThreadStatus>> _wanted = [];
    private readonly Dictionary<ThreadId, int> _deletions = [];

    /// <summary>The laws that were broken.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();

    /// <summary>All that was written, as a number: two plays that wrote the same were the same play.</summary>
    public ulong Digest { get; private set; } = 14695981039346656037;

    /// <summary>The runs that have their threads.</summary>
    public ImmutableArray<(ThreadId Thread, RunId Run)> Holders =>
        [.. _ledgers.Where(l => l.Value.Holder is not null).Select(l => (l.Key, l.Value.Holder!.RunId))];

    /// <summary>The threads that have something to do without anyone asking.</summary>
    public ImmutableArray<ThreadId> Unfinished =>
        [.. _ledgers.Where(ledger => ledger.Value.WakeAt is not null).Select(ledger => ledger.Key)];

    /// <summary>How many runs have not ended.</summary>
    public int Waiting => _ledgers.Values.Sum(ledger => ledger.Unfinished.Count());

    public ThreadLedger LedgerOf(ThreadId thread) => _ledgers.GetValueOrDefault(thread, ThreadLedger.Empty);

    /// <summary>How often the thread was deleted.</summary>
    public int DeletionsOf(ThreadId thread) => _deletions.GetValueOrDefault(thread);

    /// <summary>What is recorded of a thread that has something to do.</summary>
    public string Describe(ThreadId thread)
    {
        var ledger = LedgerOf(thread);
        return string.Create(CultureInfo.InvariantCulture,
            $"{thread} ({ledger.Holder}, {ledger.Queue.Count} wait, "
            + $"{ledger.OwedUndos.Count} to undo, due {ledger.DueAt:O})");
    }

    /// <summary>The threads at which something must be at work: a run has it, or is due on one that is free.</summary>
    public ImmutableArray<ThreadId> Busy(DateTimeOffset now) =>
    [
        .. _ledgers.Where(l => l.Value.Holder is not null || !l.Value.OwedUndos.IsEmpty || l.Value.DueAt <= now)
            .Select(l => l.Key),
    ];

    /// <summary>A run is wanted only on a thread that is at one of these.</summary>
    public void Want(RunId run, ImmutableArray<ThreadStatus> statuses) => _wanted[run] = statuses;

    public void OnWritten(string journal, IReadOnlyList<(long SequenceNr, ThreadEvent Fact)> batch)
    {
        _ = ThreadId.TryParse(journal["thread-".Length..], out var thread);
        var ledger = LedgerOf(thread);
        var begin = ledger.Status;
        var seen = _seen.TryGetValue(thread, out var known) ? known : _seen[thread] = [];
        foreach (var (number, fact) in batch)
        {
            var next = ledger.Apply(fact);
            Add($"{journal} {number} {fact.GetType().Name} {fact.At.UtcTicks}");
            Check(ledger, fact, next, batch, $"number {number} of {thread}");
            if (fact is RunCreated { Request.RunId: var created })
            {
                seen.Add(created);
                var isWanted = !_wanted.TryGetValue(created, out var wanted) || wanted.Contains(begin);
                Demand(isWanted, "a run came to a thread that is not at what it was wanted for", $"{created}: {begin}");
            }

            if (fact is ThreadDeleted)
                _deletions[thread] = DeletionsOf(thread) + 1;
            ledger = next;
        }

        _ledgers[thread] = ledger;
        OutlinesOf(thread).Add(Outline(ledger));
        CheckAll(ledger, $"{thread} after {batch[^1].SequenceNr}");
    }

    public ImmutableArray<RunId> RunsOf(ThreadId thread) => [.. LedgerOf(thread).Order];

    /// <summary>True when the run was recorded once, whatever became of it.</summary>
    public bool Knows(ThreadId thread, RunId run) => _seen.TryGetValue(thread, out var seen) && seen.Contains(run);

    /// <summary>I8, I12: an accepted run has come to its end, and the end has a cause.</summary>
    public void CheckEnded(ThreadId thread, RunId run)
    {
        var ledger = LedgerOf(thread);
        if (ledger.Runs.TryGetValue(run, out var known) ? !known.IsTerminal || known.Cause is null
            : !ledger.Undone.Contains(run) && DeletionsOf(thread) is 0)
        {
            throw new InvalidOperationException(
                $"I8: run {run} was accepted and never ended: {known?.Status} {known?.JoinedTo}");
        }
    }

    /// <summary>I5, I6: what is told of a thread is the fold of its journal.</summary>
    public void CheckRead(ThreadId thread, ThreadLedger read)
    {
        var (told, written) = (Likeness.Of(read), Likeness.Of(LedgerOf(thread)));
        if (told == written)
            return;

        var at = Math.Max(0, told.Zip(written).TakeWhile(pair => pair.First == pair.Second).Count() - 80);
        throw new InvalidOperationException($"I6: {thread} is told otherwise than its journal says: "
            + $"{told[at..Math.Min(at + 200, told.Length)]} not {written[at..Math.Min(at + 200, written.Length)]}");
    }

    /// <summary>I6: what was told of a thread at any time is what a beginning of its journal says.</summary>
    public bool IsFold(ThreadId thread, ThreadLedger read) => OutlinesOf(thread).Contains(Outline(read));

    private HashSet<string> OutlinesOf(ThreadId thread) =>
        _outlines.TryGetValue(thread, out var known) ? known : _outlines[thread] = new(StringComparer.Ordinal);

    private static string Outline(ThreadLedger ledger) => string.Join(' ',
        [
            $"{ledger.Exists} {ledger.Status} {ledger.UpdatedAt.UtcTicks} {ledger.Position.Head?.Id}",
            $"{ledger.Holder} {ledger.OwedUndos.Count} {ledger.Undos.Count}",
            .. ledger.Order.Select(id => ledger.Runs[id])
                .Select(run => $"{run.Id} {run.Status} {run.Attempt} {run.Cause?.GetType().Name} {run.DueAt.UtcTicks}"),
            .. ledger.Queue.Select(id => id.ToString()),
        ]);

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

        // Who joins another run stops the others in the name of that.
        if (fact is RunInterrupted(_, RunCause.Superseded))
            Demand(batch.Any(e => e.Fact is RunCreated or RunPromoted), "I4: an interrupt is one write", where);

        if (fact is RunRolledBack(var undone) && before.Holder?.RunId == undone)
            Demand(after.Position == before.BeforeHolder, "I9: a rollback restores all", where);
        if (fact is RunStarted { Attempt: 1, RunId: var started })
        {
            var first = before.Queue.Find(waits => before.Runs[waits].DueAt <= fact.At);
            Demand(first == started, "I10: runs that are due start in their order", where);
            Demand(before.OwedUndos.IsEmpty, "I9: all is undone before the next run starts", where);
        }
    }

    private void CheckAll(ThreadLedger ledger, string where)
    {
        var running = ledger.Unfinished.Where(run => run.Status is RunStatus.Running).Select(run => run.Id).ToHashSet();
        Demand(ledger.Holder is { RunId: var holder }
                ? running.SetEquals(ledger.Runs[holder].Joined.Prepend(holder))
                : running.Count is 0,
            "I1: exactly the holder is running, and what is part of it", where);
        var hasCauses = ledger.Order.Select(id => ledger.Runs[id]).All(run => run.IsTerminal == run.Cause is not null);
        Demand(hasCauses, "I12: an end has a cause", where);
    }

    private void Add(string text)
    {
        foreach (var letter in text)
            Digest = (Digest ^ letter) * 1099511628211;
    }

    private void Demand(bool holds, string law, string where)
    {
        if (!holds)
            Faults.Enqueue($"{law} ({where})");
    }
}

/// <summary>No crons, and nobody who looks for them: their round has no part in the play.</summary>
internal sealed class NoCrons : ICronStore
{
    private readonly TaskCompletionSource<IReadOnlyList<Cron>> _never = new();

    public Task AddAsync(Cron cron, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<Cron?> ChangeAsync(CronId id, Func<Cron, Cron> change, CancellationToken cancellationToken) =>
        Task.FromResult<Cron?>(null);

    public Task<bool> DeleteAsync(CronId id, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task<CronPage> SearchAsync(CronQuery query, CancellationToken cancellationToken) =>
        Task.FromResult(new CronPage([], 0));

    public Task<IReadOnlyList<Cron>> FindDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        _never.Task;

    public Task<DateTimeOffset?> FindNextAsync(CancellationToken cancellationToken) =>
        Task.FromResult<DateTimeOffset?>(null);
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
