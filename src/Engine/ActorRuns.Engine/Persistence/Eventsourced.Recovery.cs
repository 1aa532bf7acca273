using Akka.Actor;

namespace Akka.Persistence;

public abstract partial class Eventsourced
{
    private enum Phase
    {
        /// <summary>Too many other actors recover.</summary>
        AwaitingPermit,

        /// <summary>The snapshot store has been asked.</summary>
        LoadingSnapshot,

        /// <summary>The journal has been asked.</summary>
        Replaying,

        /// <summary>The recovery has failed and the actor is about to stop.</summary>
        Failed,

        /// <summary>Commands are handled.</summary>
        Processing,

        /// <summary>Commands wait for a write.</summary>
        Persisting,
    }

    private Phase _phase;
    private bool _hasPermit;
    private bool _isProgressing;
    private Recovery? _recovery;
    private ICancelable? _recoveryTicks;
    private ReplayMessages? _replay;
    private JournalPlugin? _journal;
    private IActorRef? _snapshotStore;

    private JournalPlugin Journal => _journal ??= _extension.Journal(JournalPluginId);

    private IActorRef SnapshotStore => _snapshotStore ??= _extension.SnapshotStore(SnapshotPluginId).Ref;

    private void BeginRecovery()
    {
        if (string.IsNullOrEmpty(PersistenceId))
            throw new ActorInitializationException($"The PersistenceId of {Self.Path} is null or empty.");
        // A plug-in that is not there is found now, by the supervisor, and not by the first event.
        _ = (Journal, SnapshotStore);

        _recovery = Recovery;
        if (!_extension.Permits.TryTake(this, Self))
            return;
        _hasPermit = true;
        LoadSnapshot();
    }

    private void LoadSnapshot()
    {
        _phase = Phase.LoadingSnapshot;
        var timeout = Journal.RecoveryEventTimeout;
        _recoveryTicks = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(
            timeout, timeout, Self, new RecoveryTick(this), ActorRefs.NoSender);
        var recovery = _recovery!; // Set when the recovery began.
        SnapshotStore.Tell(
            new LoadSnapshot(PersistenceId, recovery.FromSnapshot.Limit(recovery.ToSequenceNr), this), Self);
    }

    private void ReceiveWhileRecovering(object message)
    {
        switch (message)
        {
            case ReplayedMessage replayed when replayed.Request == _replay:
                ReceiveEvent(replayed.Event);
                break;
            case ReplayPause pause when pause.Request == _replay:
                _isProgressing = true;
                pause.End();
                break;
            case RecoveryPermitGranted granted when granted.Recovery == this && _phase == Phase.AwaitingPermit:
                _hasPermit = true;
                LoadSnapshot();
                break;
            case LoadSnapshotResult result when result.Recovery == this && _phase == Phase.LoadingSnapshot:
                ReceiveSnapshot(result);
                break;
            case ReplayEnded ended when ended.Request == _replay:
                ReceiveEnd(ended);
                break;
            case RecoveryTick tick when tick.Recovery == this && IsRecovering:
                ReceiveTick();
                break;
        }
    }

    private void ReceiveSnapshot(LoadSnapshotResult result)
    {
        if (result.Failure is { } failure)
        {
            FailRecovery(failure, null);
            return;
        }

        _isProgressing = true;
        if (result.Snapshot is { } snapshot)
        {
            LastSequenceNr = snapshot.Metadata.SequenceNr;
            if (!TryRecover(new SnapshotOffer(snapshot.Metadata, snapshot.Snapshot)))
                return;
        }

        _phase = Phase.Replaying;
        var recovery = _recovery!; // Set when the recovery began.
        _replay = new ReplayMessages(
            PersistenceId, LastSequenceNr + 1, recovery.ToSequenceNr, recovery.ReplayMax, Self);
        Journal.Ref.Tell(_replay, Self);
    }

    private void ReceiveEvent(IPersistentRepresentation e)
    {
        _isProgressing = true;
        LastSequenceNr = e.SequenceNr;
        TryRecover(e.Payload);
    }

    private bool TryRecover(object message)
    {
        try
        {
            if (!ReceiveRecover(message))
                Unhandled(message);
            return true;
        }
        catch (Exception e)
        {
            FailRecovery(e, message);
            return false;
        }
    }

    private void ReceiveEnd(ReplayEnded ended)
    {
        if (ended.Failure is { } failure)
        {
            FailRecovery(failure, null);
            return;
        }

        LastSequenceNr = _sequenceNr = Math.Max(LastSequenceNr, ended.HighestSequenceNr);
        _phase = Phase.Processing;
        try
        {
            ReceiveRecover(RecoveryCompleted.Instance);
        }
        finally
        {
            // Also when it fails: a supervisor may say that the actor is to go on.
            EndRecovery();
            EndCommand();
        }
    }

    private void ReceiveTick()
    {
        if (_isProgressing)
        {
            _isProgressing = false;
            return;
        }

        var silent = _phase == Phase.Replaying ? "journal" : "snapshot store";
        var reason = new RecoveryTimedOutException(
            $"Recovery of '{PersistenceId}' timed out: the {silent} said nothing for {Journal.RecoveryEventTimeout} "
            + $"after event {LastSequenceNr}.");
        FailRecovery(reason, null);
    }

    private void FailRecovery(Exception reason, object? message)
    {
        EndRecovery();
        _phase = Phase.Failed;
        try
        {
            OnRecoveryFailure(reason, message);
        }
        finally
        {
            Context.Stop(Self);
        }
    }

    /// <summary>Gives back what a recovery takes up; may be called again.</summary>
    private void EndRecovery()
    {
        _recoveryTicks?.Cancel();
        if (_hasPermit)
            _extension.Permits.Return();
        else if (_phase == Phase.AwaitingPermit && _recovery is not null)
            _extension.Permits.StopWaiting(this, Self);
        (_recoveryTicks, _recovery, _replay, _hasPermit) = (null, null, null, false);
    }
}
