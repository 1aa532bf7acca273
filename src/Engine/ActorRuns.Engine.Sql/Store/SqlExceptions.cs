namespace Akka.Persistence.Sql.Store;

/// <summary>An event's number is taken: another writer uses the same persistence id.</summary>
internal sealed class DuplicateEventException(string persistenceId, long sequenceNr, Exception cause)
    : Exception(
        $"Event {sequenceNr} of '{persistenceId}' is in the journal already, so another actor writes under this "
        + "persistence id. Nothing was written.",
        cause)
{
    public string PersistenceId => persistenceId;

    public long SequenceNr => sequenceNr;
}

/// <summary>Too many writes wait for the database; this one was not taken.</summary>
internal sealed class WriteQueueFullException(int bufferSize)
    : Exception($"{bufferSize} writes wait for the database already (buffer-size); this one was not taken.");

/// <summary>The database could not do what it was asked.</summary>
internal sealed class SqlStoreException(string message, Exception cause) : Exception(message, cause);

/// <summary>The database refused one write, or one deletion, for what is in it.</summary>
internal sealed class SqlRefusalException(string? persistenceId, long sequenceNr, Exception cause)
    : Exception(
        persistenceId is null
            ? $"The database refused a change. {cause.Message}"
            : $"The database refused event {sequenceNr} of '{persistenceId}'. {cause.Message}",
        cause);

/// <summary>A stored event cannot be turned into an object. It stays where it is.</summary>
internal sealed class UnreadableEventException(in EventRow row, Exception cause)
    : Exception(
        $"Event {row.SequenceNr} of '{row.PersistenceId}' cannot be read: serializer {row.SerializerId} did not take "
        + $"manifest '{row.Manifest}' with {row.Message.Length} bytes. {cause.Message}",
        cause);

/// <summary>A stored snapshot cannot be turned into an object. It stays where it is.</summary>
internal sealed class UnreadableSnapshotException(in SnapshotRow row, Exception cause)
    : Exception(
        $"Snapshot {row.SequenceNr} of '{row.PersistenceId}' cannot be read: serializer {row.SerializerId} did not "
        + $"take manifest '{row.Manifest}' with {row.Snapshot.Length} bytes. {cause.Message}",
        cause);
