using Akka.Configuration;

namespace Akka.Persistence.Snapshot;

/// <summary>
/// Stands in where no snapshot store is configured: it has no snapshot, and says so when one is to be saved.
/// </summary>
internal sealed class NoSnapshotStore : SnapshotStore
{
    protected override Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria) =>
        Task.FromResult<SelectedSnapshot?>(null);

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot) => Refused();

    protected override Task DeleteAsync(SnapshotMetadata metadata) => Refused();

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria) => Refused();

    private static Task Refused() => Task.FromException(new ConfigurationException(
        "There is no snapshot store: akka.persistence.snapshot-store.plugin is not set."));
}
