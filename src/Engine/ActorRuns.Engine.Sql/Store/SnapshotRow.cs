namespace Akka.Persistence.Sql.Store;

/// <summary>One row of the table <c>snapshot</c>.</summary>
/// <param name="PersistenceId">Whose snapshot it is.</param>
/// <param name="SequenceNr">The number of the last event in it.</param>
/// <param name="CreatedTicks">When it was saved, as UTC ticks of .NET.</param>
/// <param name="Snapshot">The serializer's bytes, as they are.</param>
/// <param name="Manifest">The serializer's manifest; empty for none.</param>
/// <param name="SerializerId">The serializer's identifier.</param>
internal readonly record struct SnapshotRow(
    string PersistenceId,
    long SequenceNr,
    long CreatedTicks,
    byte[] Snapshot,
    string Manifest,
    int SerializerId);

/// <summary>Which snapshots of an id are meant; all bounds belong to the range.</summary>
internal readonly record struct SnapshotRange(
    string PersistenceId,
    long MinSequenceNr,
    long MaxSequenceNr,
    long MinCreatedTicks,
    long MaxCreatedTicks);
