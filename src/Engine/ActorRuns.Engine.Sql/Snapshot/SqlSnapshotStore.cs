using Akka.Configuration;
using Akka.Persistence.Snapshot;
using Akka.Persistence.Sql.Store;

namespace Akka.Persistence.Sql.Snapshot;

/// <summary>The snapshot store in the table of Akka.Persistence.Sql.</summary>
public sealed class SqlSnapshotStore : SnapshotStore
{
    private readonly Serialization.Serialization _serialization = Context.System.Serialization;
    private readonly SqlStores _stores = SqlStores.Get(Context.System);
    private readonly SqlStore _store;

    /// <summary>Opens the database that the snapshot store's section names.</summary>
    /// <exception cref="ConfigurationException">The section cannot be used.</exception>
    public SqlSnapshotStore(Config config) => _store = _stores.Open(OptionsOf(Self.Path.Name, config));

    /// <inheritdoc/>
    protected override async Task<SelectedSnapshot?> LoadAsync(
        string persistenceId, SnapshotSelectionCriteria criteria)
    {
        var range = RangeOf(persistenceId, criteria);
        return await _store.ReadAsync(persistenceId, session => session.ReadLatestSnapshot(range)) is { } row
            ? FromRow(row)
            : null;
    }

    /// <inheritdoc/>
    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot)
    {
        var serializer = _serialization.FindSerializerFor(snapshot);
        var row = new SnapshotRow(
            metadata.PersistenceId,
            metadata.SequenceNr,
            metadata.Timestamp.Ticks,
            serializer.ToBinary(snapshot),
            Serialization.Serialization.ManifestFor(serializer, snapshot),
            serializer.Identifier);
        return _store.ChangeAsync(metadata.PersistenceId, session => session.SaveSnapshot(row));
    }

    /// <inheritdoc/>
    protected override Task DeleteAsync(SnapshotMetadata metadata)
    {
        var isAnyTime = metadata.Timestamp == DateTime.MinValue;
        return DeleteAsync(new SnapshotRange(
            metadata.PersistenceId,
            metadata.SequenceNr,
            metadata.SequenceNr,
            isAnyTime ? long.MinValue : metadata.Timestamp.Ticks,
            isAnyTime ? long.MaxValue : metadata.Timestamp.Ticks));
    }

    /// <inheritdoc/>
    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria) =>
        DeleteAsync(RangeOf(persistenceId, criteria));

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _stores.Release(_store);
        base.PostStop();
    }

    /// <summary>In the database of the default journal its section counts, whichever of the two starts first.</summary>
    private static SqlOptions OptionsOf(string path, Config config)
    {
        var own = SqlOptions.Read(path, config);
        var journal = PersistenceExtension.Get(Context.System).Journal(id: null);
        return journal.Config.GetString("connection-string", "") == own.ConnectionString
            ? SqlOptions.Read(journal.Ref.Path.Name, journal.Config)
            : own;
    }

    private static SnapshotRange RangeOf(string persistenceId, SnapshotSelectionCriteria criteria) => new(
        persistenceId,
        criteria.MinSequenceNr,
        criteria.MaxSequenceNr,
        (criteria.MinTimestamp ?? DateTime.MinValue).Ticks,
        criteria.MaxTimeStamp.Ticks);

    private Task DeleteAsync(SnapshotRange range) =>
        _store.ChangeAsync(range.PersistenceId, session => session.DeleteSnapshots(range));

    private SelectedSnapshot FromRow(in SnapshotRow row)
    {
        try
        {
            var created = new DateTime(row.CreatedTicks, DateTimeKind.Utc);
            return new SelectedSnapshot(
                new SnapshotMetadata(row.PersistenceId, row.SequenceNr, created),
                _serialization.Deserialize(row.Snapshot, row.SerializerId, row.Manifest));
        }
        catch (Exception e)
        {
            throw new UnreadableSnapshotException(row, e);
        }
    }
}
