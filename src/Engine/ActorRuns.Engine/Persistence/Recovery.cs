using Akka.Actor;

namespace Akka.Persistence;

/// <summary>What an actor is to be recovered from.</summary>
public sealed class Recovery
{
    /// <summary>From the latest snapshot and all events after it.</summary>
    public static readonly Recovery Default = new(SnapshotSelectionCriteria.Latest);

    /// <summary>From nothing. Sequence numbers go on all the same.</summary>
    public static readonly Recovery None = new(SnapshotSelectionCriteria.None, toSequenceNr: 0, replayMax: 0);

    /// <summary>
    /// Says which snapshot may be offered, up to which event the replay goes, and how many events it has at most.
    /// </summary>
    public Recovery(
        SnapshotSelectionCriteria? fromSnapshot = null,
        long toSequenceNr = long.MaxValue,
        long replayMax = long.MaxValue)
    {
        FromSnapshot = fromSnapshot ?? SnapshotSelectionCriteria.Latest;
        ToSequenceNr = toSequenceNr;
        ReplayMax = replayMax;
    }

    /// <summary>Which snapshots may be offered.</summary>
    public SnapshotSelectionCriteria FromSnapshot { get; }

    /// <summary>The last event that is replayed; no snapshot beyond it is offered.</summary>
    public long ToSequenceNr { get; }

    /// <summary>How many events are replayed at most.</summary>
    public long ReplayMax { get; }
}

/// <summary>The last message of a recovery; the next one is a command.</summary>
public sealed class RecoveryCompleted
{
    /// <summary>The only one.</summary>
    public static readonly RecoveryCompleted Instance = new();

    private RecoveryCompleted()
    {
    }
}

/// <summary>Journal or snapshot store did not answer in time; see <c>recovery-event-timeout</c>.</summary>
public sealed class RecoveryTimedOutException : AkkaException
{
    internal RecoveryTimedOutException(string message) : base(message)
    {
    }
}
