namespace Akka.Persistence.Snapshot;

/// <summary>Keeps snapshots in memory as long as its system lives.</summary>
public sealed class MemorySnapshotStore : SnapshotStore
{
    private readonly List<SelectedSnapshot> _snapshots = [];

    /// <inheritdoc/>
    protected override Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria) =>
        Task.FromResult(_snapshots
            .Where(snapshot => IsMeant(snapshot.Metadata, persistenceId, criteria))
            .MaxBy(snapshot => snapshot.Metadata.SequenceNr));

    /// <inheritdoc/>
    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot)
    {
        _snapshots.RemoveAll(other => other.Metadata.Equals(metadata));
        _snapshots.Add(new SelectedSnapshot(metadata, snapshot));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override Task DeleteAsync(SnapshotMetadata metadata)
    {
        _snapshots.RemoveAll(snapshot => snapshot.Metadata.Equals(metadata)
            && (metadata.Timestamp == DateTime.MinValue || metadata.Timestamp == snapshot.Metadata.Timestamp));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        _snapshots.RemoveAll(snapshot => IsMeant(snapshot.Metadata, persistenceId, criteria));
        return Task.CompletedTask;
    }

    private static bool IsMeant(SnapshotMetadata metadata, string persistenceId, SnapshotSelectionCriteria criteria) =>
        metadata.PersistenceId == persistenceId && criteria.Matches(metadata);
}
