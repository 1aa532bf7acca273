namespace Akka.Persistence;

/// <summary>Which snapshot it is. Two with the same id and number are the same, whenever they were made.</summary>
public sealed class SnapshotMetadata : IEquatable<SnapshotMetadata>
{
    /// <summary>Names a snapshot whose time is not known.</summary>
    public SnapshotMetadata(string persistenceId, long sequenceNr)
        : this(persistenceId, sequenceNr, DateTime.MinValue)
    {
    }

    /// <summary>Names a snapshot.</summary>
    public SnapshotMetadata(string persistenceId, long sequenceNr, DateTime timestamp)
    {
        PersistenceId = persistenceId;
        SequenceNr = sequenceNr;
        Timestamp = timestamp;
    }

    /// <summary>Whose snapshot it is.</summary>
    public string PersistenceId { get; }

    /// <summary>The number of the last event in it.</summary>
    public long SequenceNr { get; }

    /// <summary>When it was saved, in UTC; <see cref="DateTime.MinValue"/> when that is not known.</summary>
    public DateTime Timestamp { get; }

    /// <inheritdoc/>
    public bool Equals(SnapshotMetadata? other) =>
        other is not null && PersistenceId == other.PersistenceId && SequenceNr == other.SequenceNr;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SnapshotMetadata);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(PersistenceId, SequenceNr);

    /// <inheritdoc/>
    public override string ToString() => $"snapshot {SequenceNr} of '{PersistenceId}'";
}

/// <summary>A snapshot as it comes from its store.</summary>
/// <param name="Metadata">Which one it is.</param>
/// <param name="Snapshot">What was saved.</param>
public sealed record SelectedSnapshot(SnapshotMetadata Metadata, object Snapshot);

/// <summary>The first message of a recovery, where there is a snapshot.</summary>
/// <param name="Metadata">Which one it is.</param>
/// <param name="Snapshot">What was saved.</param>
public sealed record SnapshotOffer(SnapshotMetadata Metadata, object Snapshot);

/// <summary>Which snapshots of an id are meant. All bounds belong to the range.</summary>
/// <param name="MaxSequenceNr">The highest number.</param>
/// <param name="MaxTimeStamp">The latest time of saving, in UTC.</param>
/// <param name="MinSequenceNr">The lowest number.</param>
/// <param name="MinTimestamp">The earliest time of saving, in UTC; null for any.</param>
public sealed record SnapshotSelectionCriteria(
    long MaxSequenceNr,
    DateTime MaxTimeStamp,
    long MinSequenceNr = 0,
    DateTime? MinTimestamp = null)
{
    /// <summary>All snapshots; of these the latest is offered.</summary>
    public static readonly SnapshotSelectionCriteria Latest = new(long.MaxValue);

    /// <summary>No snapshot.</summary>
    public static readonly SnapshotSelectionCriteria None = new(0, DateTime.MinValue);

    /// <summary>The snapshots up to the number.</summary>
    public SnapshotSelectionCriteria(long maxSequenceNr) : this(maxSequenceNr, DateTime.MaxValue)
    {
    }

    /// <summary>Whether the snapshot is among those meant.</summary>
    internal bool Matches(SnapshotMetadata metadata) =>
        metadata.SequenceNr >= MinSequenceNr && metadata.SequenceNr <= MaxSequenceNr
        && metadata.Timestamp >= (MinTimestamp ?? DateTime.MinValue) && metadata.Timestamp <= MaxTimeStamp;

    /// <summary>The same up to a number at most.</summary>
    internal SnapshotSelectionCriteria Limit(long toSequenceNr) =>
        toSequenceNr < MaxSequenceNr ? this with { MaxSequenceNr = toSequenceNr } : this;
}
