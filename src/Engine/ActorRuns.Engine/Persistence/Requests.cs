using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

/// <summary>
/// What a persistent actor is told for its recovery. Each one names what it belongs to; one that comes too late, or was
/// meant for an instance before a restart, is ignored.
/// </summary>
internal interface IRecoveryMessage : INotInfluenceReceiveTimeout, IDeadLetterSuppression;

/// <summary>To a snapshot store: answer with a <see cref="LoadSnapshotResult"/>.</summary>
internal sealed record LoadSnapshot(string PersistenceId, SnapshotSelectionCriteria Criteria, object Recovery);

/// <summary>The latest snapshot that fits, or none, or why that is not known.</summary>
/// <param name="Recovery">The recovery that asked.</param>
/// <param name="Snapshot">Null for none.</param>
/// <param name="Failure">Null unless the store failed.</param>
internal sealed record LoadSnapshotResult(object Recovery, SelectedSnapshot? Snapshot, Exception? Failure)
    : IRecoveryMessage;

/// <summary>To a snapshot store: save, and tell the sender.</summary>
internal sealed record SaveSnapshot(SnapshotMetadata Metadata, object Snapshot);

/// <summary>To a snapshot store: delete one, and tell the sender.</summary>
internal sealed record DeleteSnapshot(SnapshotMetadata Metadata);

/// <summary>To a snapshot store: delete several, and tell the sender.</summary>
internal sealed record DeleteSnapshots(string PersistenceId, SnapshotSelectionCriteria Criteria);

/// <summary>To a journal: delete, and tell the sender.</summary>
internal sealed record DeleteMessagesTo(string PersistenceId, long ToSequenceNr);

/// <summary>
/// To a journal: tell the actor the events, then how it ended. The request is in all answers, so that an actor that was
/// restarted knows what it did not ask for.
/// </summary>
internal sealed class ReplayMessages(string persistenceId, long from, long to, long max, IActorRef actor)
{
    public string PersistenceId => persistenceId;

    public long From => from;

    public long To => to;

    public long Max => max;

    public IActorRef Actor => actor;

    /// <summary>Tells one event.</summary>
    public void Replay(IPersistentRepresentation e) => actor.Tell(new ReplayedMessage(this, e), ActorRefs.NoSender);

    /// <summary>Completes when the actor has handled all it was told so far.</summary>
    public Task WhenHandledAsync()
    {
        var pause = new ReplayPause(this);
        actor.Tell(pause, ActorRefs.NoSender);
        return pause.Over;
    }
}

/// <summary>One event for recovery.</summary>
internal sealed record ReplayedMessage(ReplayMessages Request, IPersistentRepresentation Event) : IRecoveryMessage;

/// <summary>The replay goes on when the actor has come so far; so its mailbox never holds the whole journal.</summary>
internal sealed record ReplayPause(ReplayMessages Request) : IRecoveryMessage
{
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Over => _over.Task;

    public void End() => _over.TrySetResult();
}

/// <summary>The end of a replay.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="HighestSequenceNr">The highest number of the id.</param>
/// <param name="Failure">Null unless the journal failed.</param>
internal sealed record ReplayEnded(ReplayMessages Request, long HighestSequenceNr, Exception? Failure)
    : IRecoveryMessage;

/// <summary>Some time has passed since the recovery began.</summary>
internal sealed record RecoveryTick(object Recovery) : IRecoveryMessage;

/// <summary>The recovery may begin.</summary>
internal sealed record RecoveryPermitGranted(object Recovery) : IRecoveryMessage;
