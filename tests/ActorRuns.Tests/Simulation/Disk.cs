using System.Collections.Concurrent;
using System.Collections.Immutable;
using ActorRuns.Journal;
using ActorRuns.Json;
using ActorRuns.Threads;
using Akka.Persistence;

namespace ActorRuns.Tests.Simulation;

/// <summary>What becomes of a write.</summary>
internal enum Fate
{
    Written,
    Rejected,
    Failed,

    /// <summary>The write is durable, and yet the writer is told that it failed.</summary>
    WrittenAndFailed,
}

/// <summary>
/// What outlives a process: the bytes of every journal and snapshot. The journals of one process after the other write
/// to it; a process that was lost writes nothing any more.
/// </summary>
internal sealed class Disk
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SortedDictionary<long, Stored>> _journals = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _writing = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _reading = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _failed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _highest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (SnapshotMetadata Metadata, Stored Stored)> _snapshots =
        new(StringComparer.Ordinal);

    /// <summary>Counts the processes; only the last one can write.</summary>
    public int Process { get; private set; } = 1;

    /// <summary>Says what becomes of a write, and how long it takes.</summary>
    public Func<string, long, int, (Fate Fate, TimeSpan Takes)> Weather { get; set; } =
        (_, _, _) => (Fate.Written, TimeSpan.Zero);

    /// <summary>Says whether a journal can be read.</summary>
    public Predicate<string> CanRead { get; set; } = _ => true;

    /// <summary>Says how long a read takes.</summary>
    public Func<string, TimeSpan> ReadTakes { get; set; } = _ => TimeSpan.Zero;

    /// <summary>By what time reads and writes take time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told of every batch that became durable, in the order in which they did.</summary>
    public Action<string, IReadOnlyList<(long SequenceNr, ThreadEvent Fact)>>? Written { get; set; }

    /// <summary>True while a write of the journal is under way.</summary>
    public bool IsWriting(string journal) => _writing.TryGetValue(journal, out var writes) && writes > 0;

    /// <summary>True while a read of the journal is under way.</summary>
    public bool IsReading(string journal) => _reading.TryGetValue(journal, out var reads) && reads > 0;

    /// <summary>True when the journal could not be written or read, until it is read again.</summary>
    public bool HasFailed(string journal) => _failed.ContainsKey(journal);

    public ImmutableArray<Stored> Of(string journal)
    {
        lock (_lock)
            return _journals.TryGetValue(journal, out var events) ? [.. events.Values] : [];
    }

    public ImmutableArray<string> Snapshots()
    {
        lock (_lock)
            return [.. _snapshots.Keys.Order(StringComparer.Ordinal)];
    }

    public long Highest(string journal)
    {
        lock (_lock)
            return _highest.GetValueOrDefault(journal);
    }

    /// <summary>The process is lost: what was not durable is gone, and what it still does reaches no disk.</summary>
    public void LoseProcess()
    {
        lock (_lock)
        {
            Process++;
            _failed.Clear();
        }
    }

    /// <summary>Puts stored facts in place, as an earlier process left them.</summary>
    public void Put(string journal, IEnumerable<Stored> events)
    {
        lock (_lock)
        {
            foreach (var e in events)
            {
                JournalOf(journal)[e.SequenceNr] = e;
                _highest[journal] = e.SequenceNr;
            }
        }
    }

    public void Damage(string journal, long sequenceNr, Func<Stored, Stored?> change)
    {
        lock (_lock)
        {
            var events = JournalOf(journal);
            if (change(events[sequenceNr]) is { } changed)
                events[sequenceNr] = changed;
            else
                events.Remove(sequenceNr);
        }
    }

    public void DamageSnapshot(string journal)
    {
        lock (_lock)
            _snapshots[journal] = (_snapshots[journal].Metadata, new Stored(0, "thread-ledger/99", [1, 2, 3]));
    }

    /// <summary>Writes a batch of one id: all of it, or nothing.</summary>
    public async Task<Exception?> WriteAsync(
        int process, string journal, IReadOnlyList<(long Number, object Fact)> batch)
    {
        _writing.AddOrUpdate(journal, 1, (_, others) => others + 1);
        try
        {
            var (fate, takes) = Weather(journal, batch[0].Number, process);
            if (takes > TimeSpan.Zero)
                await Task.Delay(takes, Time);
            lock (_lock)
            {
                if (process != Process)
                    throw new IOException("The process is lost.");
                if (fate is Fate.Rejected)
                {
                    _failed[journal] = true;
                    return new InvalidDataException("rejected");
                }

                if (fate is not Fate.Failed)
                    Append(journal, batch);
                if (fate is Fate.Written)
                    return null;
                _failed[journal] = true;
                throw new IOException("The disk is full.");
            }
        }
        finally
        {
            _writing.AddOrUpdate(journal, 0, (_, others) => others - 1);
        }
    }

    /// <summary>Reads what is there when the time that it takes is over.</summary>
    public async Task<IReadOnlyList<Stored>> ReadAsync(int process, string journal, long from, long to)
    {
        if (ReadTakes(journal) is var takes && takes == TimeSpan.Zero)
            return Read(process, journal, from, to);

        _reading.AddOrUpdate(journal, 1, (_, others) => others + 1);
        try
        {
            await Task.Delay(takes, Time);
            return Read(process, journal, from, to);
        }
        finally
        {
            _reading.AddOrUpdate(journal, 0, (_, others) => others - 1);
        }
    }

    public IReadOnlyList<Stored> Read(int process, string journal, long from, long to)
    {
        lock (_lock)
        {
            if (process != Process || !CanRead(journal))
            {
                _failed[journal] = true;
                throw new IOException("The disk cannot be read.");
            }

            _failed.TryRemove(journal, out _);
            return [.. JournalOf(journal).Values.Where(e => e.SequenceNr >= from && e.SequenceNr <= to)];
        }
    }

    public void DeleteUpTo(int process, string journal, long to)
    {
        lock (_lock)
        {
            if (process != Process)
                throw new IOException("The process is lost.");
            foreach (var number in JournalOf(journal).Keys.Where(number => number <= to).ToList())
                JournalOf(journal).Remove(number);
        }
    }

    public void SaveSnapshot(int process, SnapshotMetadata metadata, object snapshot)
    {
        lock (_lock)
        {
            if (process == Process && snapshot is LedgerSnapshot ledger)
            {
                var bytes = StateJson.Write(writer => LedgerSnapshotJson.Write(writer, ledger));
                _snapshots[metadata.PersistenceId] =
                    (metadata, new Stored(metadata.SequenceNr, LedgerSnapshotJson.Manifest, bytes));
            }
        }
    }

    public (SnapshotMetadata Metadata, Stored Stored)? LoadSnapshot(string journal)
    {
        lock (_lock)
            return _snapshots.TryGetValue(journal, out var found) ? found : null;
    }

    public void DeleteSnapshot(int process, string journal, long maxSequenceNr)
    {
        lock (_lock)
        {
            if (process == Process && _snapshots.TryGetValue(journal, out var found)
                && found.Metadata.SequenceNr <= maxSequenceNr)
            {
                _snapshots.Remove(journal);
            }
        }
    }

    private void Append(string journal, IReadOnlyList<(long Number, object Fact)> batch)
    {
        var events = JournalOf(journal);
        if (batch.Any(e => events.ContainsKey(e.Number)))
            throw new IOException("The number is taken: another process has written it.");
        List<(long, ThreadEvent)> facts = [];
        foreach (var (number, o) in batch)
        {
            var fact = (ThreadEvent)o;
            events[number] = new Stored(number, ThreadEventJson.ManifestOf(fact),
                StateJson.Write(writer => ThreadEventJson.Write(writer, fact)));
            _highest[journal] = number;
            facts.Add((number, fact));
        }

        Written?.Invoke(journal, facts);
    }

    private SortedDictionary<long, Stored> JournalOf(string journal)
    {
        if (!_journals.TryGetValue(journal, out var events))
            _journals[journal] = events = [];
        return events;
    }
}

/// <summary>A fact, or a snapshot, as it is stored.</summary>
internal sealed record Stored(long SequenceNr, string Manifest, byte[] Bytes);
