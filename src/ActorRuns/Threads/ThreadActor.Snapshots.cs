using Akka.Event;
using Akka.Persistence;
using ActorRuns.Journal;

namespace ActorRuns.Threads;

/// <content>When a thread is saved beside its journal, and how both are emptied when it was deleted.</content>
internal sealed partial class ThreadActor
{
    // Of the facts that are read back at most a tenth comes after the snapshot.
    private const int SnapshotShare = 10;

    private bool _isSaving;
    private long _emptyUpTo;

    private bool IsAtRest =>
        _ledger is { Exists: true, Holder: null, OwedWebhooks.IsEmpty: true, OwedUndos.IsEmpty: true };

    private bool IsSnapshotDue =>
        LastSequenceNr - _snapshotAt >= Math.Max(_services.Options.SnapshotEvery, _snapshotAt / SnapshotShare);

    /// <summary>Saves a thread at rest: while a run is at work its stream needs its facts from the first on.</summary>
    private void SaveWhenDue()
    {
        if (_isSaving || !IsAtRest || !IsSnapshotDue)
            return;

        _isSaving = true;
        _snapshotAt = LastSequenceNr;
        SaveSnapshot(new LedgerSnapshot(_ledger, _edited));
    }

    /// <summary>Takes the word of journal and snapshot store about what they keep; false for anything else.</summary>
    private bool OnStored(object message)
    {
        switch (message)
        {
            case SaveSnapshotSuccess { Metadata.SequenceNr: var saved }:
                FinishSaving();
                if (_ledger.Exists)
                    DeleteSnapshots(new SnapshotSelectionCriteria(saved - 1));
                return true;
            case SaveSnapshotFailure failure:
                _log.Warning("Thread {0} could not be saved as a snapshot; its journal says the same: {1}",
                    _id, failure.Cause.Message);
                FinishSaving();
                return true;
            case DeleteSnapshotsSuccess { Criteria.MaxSequenceNr: var upTo } when upTo == _emptyUpTo:
                DeleteMessages(upTo);
                return true;
            case DeleteSnapshotsFailure:
                _log.Warning("Old snapshots of thread {0} could not be deleted; they do no harm", _id.ToString());
                return true;
            case DeleteMessagesFailure failure:
                _log.Warning("The journal of deleted thread {0} could not be emptied; that is tried again when it is "
                    + "next asked for: {1}", _id, failure.Cause.Message);
                return true;
            case DeleteSnapshotsSuccess or DeleteMessagesSuccess:
                return true;
            default:
                return false;
        }
    }

    private void FinishSaving()
    {
        _isSaving = false;
        if (!_ledger.Exists)
            Empty(); // It was deleted in the meantime.
    }

    /// <summary>Forgets a deleted thread; nothing of it stays, not even in the journal.</summary>
    private void Empty()
    {
        _services.Index.Forget(_id);
        Context.SetReceiveTimeout(UnknownStays);
        if (LastSequenceNr is 0 || _isSaving)
            return;

        // The snapshots first: one that outlived its journal would bring the thread back.
        _emptyUpTo = LastSequenceNr;
        if (_snapshotAt > 0)
            DeleteSnapshots(new SnapshotSelectionCriteria(_emptyUpTo));
        else
            DeleteMessages(_emptyUpTo);
    }
}
