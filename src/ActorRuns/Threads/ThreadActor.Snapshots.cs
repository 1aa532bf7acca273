using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using ActorRuns.Journal;

namespace ActorRuns.Threads;

/// <content>When a thread is saved beside its journal, and how both are emptied when it was deleted.</content>
internal sealed partial class ThreadActor
{
    // To save a message costs about as much as to record a fact does for each of so many.
    private const int MessageShare = 4;

    // What was laid aside is saved as it is, and costs that much less.
    private const int RunShare = 32;

    // A thread that gives its memory back has the time to be saved for less.
    private const int LeavingShare = 10;

    private bool _isSaving;
    private bool _isLeaving;
    private long _emptyUpTo;

    // What was recorded before the run that begins in the batch that is being applied, and since.
    private ThreadLedger? _beforeRun;
    private ImmutableArray<ThreadEvent> _sinceRun = [];

    private long SinceSnapshot => LastSequenceNr - _snapshotAt;

    /// <summary>So that saving costs about the same for each fact, however large the thread is.</summary>
    private bool IsSnapshotDue => SinceSnapshot >= _services.Options.SnapshotEvery
        && SinceSnapshot >= _ledger.Order.Count / RunShare
        && SinceSnapshot >= _ledger.Position.Values.Transcripts.Values
            .Sum(transcript => transcript.Messages.Count) / MessageShare;

    /// <summary>
    /// Saves a thread of which no run is at work, or one has just begun: later its stream would need its facts from the
    /// first on.
    /// </summary>
    private void SaveWhenDue()
    {
        if (!_isSaving && IsSnapshotDue)
            Save();
        _beforeRun = null;
        _sinceRun = [];
    }

    private void Save()
    {
        var rest = _ledger.Holder is null ? _ledger : _beforeRun;
        if (rest is not { Exists: true, OwedUndos.IsEmpty: true })
            return;

        var (saved, laidAside) = RunArchive.LayAside(rest);
        _isSaving = true;
        _snapshotAt = LastSequenceNr;
        SaveSnapshot(new LedgerSnapshot(saved, _edited) { Later = _ledger.Holder is null ? [] : _sinceRun });
        if (saved.Runs.Archive is { } archive)
            _ledger = _ledger with { Runs = _ledger.Runs.With(archive, laidAside) };
    }

    /// <summary>Keeps in mind what a run that has just begun goes on from.</summary>
    private void NoteBeginning(ThreadEvent fact, ThreadLedger before)
    {
        if (fact is ThreadEvent.RunStarted { Attempt: 1 })
            (_beforeRun, _sinceRun) = (before, [fact]);
        else if (_beforeRun is not null)
            _sinceRun = _sinceRun.Add(fact);
    }

    /// <summary>Stops a thread that nobody asked for in a while, saved if that makes its way back shorter.</summary>
    private void LeaveWhenSaved()
    {
        if (!_isLeaving && SinceSnapshot >= Math.Max(1, _services.Options.SnapshotEvery / LeavingShare))
            Save();
        _isLeaving = _isSaving;
        if (_isLeaving)
            return;
        Context.Parent.Tell(new Left());
        Context.Stop(Self);
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
        if (_isLeaving)
            Self.Tell(new Leave());
    }

    /// <summary>Forgets a deleted thread; nothing of it stays, not even in the journal.</summary>
    private void Empty()
    {
        _services.Index.Forget(_id, LastSequenceNr);
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
