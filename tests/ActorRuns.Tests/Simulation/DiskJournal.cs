using System.Collections.Concurrent;
using System.Collections.Immutable;
using ActorRuns.Journal;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.Persistence.Snapshot;

namespace ActorRuns.Tests.Simulation;

/// <summary>Finds disks by name: a plug-in is made by its system, from its configuration alone.</summary>
internal static class Disks
{
    private static readonly ConcurrentDictionary<string, Disk> All = new(StringComparer.Ordinal);

    /// <summary>The configuration of a process on a disk.</summary>
    public static string Hocon(Disk disk)
    {
        var name = $"{disk.GetHashCode():x}-{disk.Process}-{All.Count}";
        All[name] = disk;
        return $$"""
            akka.persistence {
                journal.plugin = "disk-journal"
                snapshot-store.plugin = "disk-snapshots"
            }
            disk-journal {
                class = "{{typeof(DiskJournal).AssemblyQualifiedName}}"
                disk = "{{name}}"
                process = {{disk.Process}}
                # It would count by the clock on the wall, and one bad disk is not what it is for.
                circuit-breaker { max-failures = 1000000, call-timeout = 1h, reset-timeout = 1s }
            }
            disk-snapshots {
                class = "{{typeof(DiskSnapshots).AssemblyQualifiedName}}"
                disk = "{{name}}"
                process = {{disk.Process}}
            }
            """;
    }

    public static Disk Find(Config config) => All[config.GetString("disk", "")];

    public static ThreadEventSerializer SerializerOf(ActorSystem system) => new((ExtendedActorSystem)system);
}

/// <summary>The journal of one process on a <see cref="Disk"/>; it writes and reads bytes, as a real one.</summary>
internal sealed class DiskJournal : AsyncWriteJournal
{
    private readonly Disk _disk;
    private readonly int _process;
    private readonly ThreadEventSerializer _serializer = Disks.SerializerOf(Context.System);

    public DiskJournal(Config config)
    {
        _disk = Disks.Find(config);
        _process = config.GetInt("process", 0); // Its own, though it be made when that is lost already.
    }

    public override async Task ReplayMessagesAsync(
        IActorContext context,
        string persistenceId,
        long fromSequenceNr,
        long toSequenceNr,
        long max,
        Action<IPersistentRepresentation> recoveryCallback)
    {
        foreach (var e in await _disk.ReadAsync(_process, persistenceId, fromSequenceNr, toSequenceNr))
        {
            var fact = _serializer.FromBinary(e.Bytes, e.Manifest);
            recoveryCallback(new Persistent(fact, e.SequenceNr, persistenceId, e.Manifest));
        }
    }

    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr) =>
        Task.FromResult(_disk.Highest(persistenceId));

    protected override async Task<IImmutableList<Exception>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        var verdicts = await Task.WhenAll(messages.Select(write => _disk.WriteAsync(
            _process,
            write.PersistenceId,
            [.. ((IEnumerable<IPersistentRepresentation>)write.Payload).Select(e => (e.SequenceNr, e.Payload))])));
        return Array.Exists(verdicts, verdict => verdict is not null)
            ? [.. verdicts!] // A null among them says that this one was taken.
            : null;
    }

    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr)
    {
        _disk.DeleteUpTo(_process, persistenceId, toSequenceNr);
        return Task.CompletedTask;
    }
}

/// <summary>The snapshot store of one process on a <see cref="Disk"/>.</summary>
internal sealed class DiskSnapshots : SnapshotStore
{
    private readonly Disk _disk;
    private readonly int _process;
    private readonly ThreadEventSerializer _serializer = Disks.SerializerOf(Context.System);

    public DiskSnapshots(Config config)
    {
        _disk = Disks.Find(config);
        _process = config.GetInt("process", 0); // Its own, though it be made when that is lost already.
    }

    protected override Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria) =>
        Task.FromResult(_disk.LoadSnapshot(persistenceId) is var (metadata, stored)
            && metadata.SequenceNr <= criteria.MaxSequenceNr
            ? new SelectedSnapshot(metadata, _serializer.FromBinary(stored.Bytes, stored.Manifest))
            : null);

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot)
    {
        _disk.SaveSnapshot(_process, metadata, snapshot);
        return Task.CompletedTask;
    }

    protected override Task DeleteAsync(SnapshotMetadata metadata)
    {
        _disk.DeleteSnapshot(_process, metadata.PersistenceId, metadata.SequenceNr);
        return Task.CompletedTask;
    }

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        _disk.DeleteSnapshot(_process, persistenceId, criteria.MaxSequenceNr);
        return Task.CompletedTask;
    }
}
