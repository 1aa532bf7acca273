namespace Akka.Persistence.Sql.Store;

/// <summary>One row of the table <c>journal</c>, with its rows of the table <c>tags</c>.</summary>
/// <param name="PersistenceId">Whose event it is.</param>
/// <param name="SequenceNr">Its number among the events of the id, from 1.</param>
/// <param name="CreatedTicks">When it was written, as UTC ticks of .NET.</param>
/// <param name="Message">The serializer's bytes, as they are.</param>
/// <param name="Manifest">The serializer's manifest; empty for none.</param>
/// <param name="SerializerId">The serializer's identifier.</param>
/// <param name="WriterUuid">The mark of the journal that wrote it.</param>
/// <param name="Tags">The tags it is found by; not read back.</param>
internal readonly record struct EventRow(
    string PersistenceId,
    long SequenceNr,
    long CreatedTicks,
    byte[] Message,
    string Manifest,
    int SerializerId,
    string WriterUuid,
    IReadOnlyCollection<string> Tags);

/// <summary>Which events of an id a replay reads.</summary>
/// <param name="PersistenceId">Whose events.</param>
/// <param name="From">The lowest sequence number.</param>
/// <param name="To">The highest sequence number.</param>
/// <param name="Max">How many at most.</param>
internal readonly record struct EventRange(string PersistenceId, long From, long To, long Max);
