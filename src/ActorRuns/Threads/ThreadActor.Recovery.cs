using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using ActorRuns.Journal;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Threads;

/// <content>
/// How a thread comes back: from its last snapshot and the facts after it. One whose journal cannot be read is put
/// aside: it says so to whoever asks, does nothing, and is read anew after it has been left alone for a while.
/// </content>
internal sealed partial class ThreadActor
{
    private long _lastRead;
    private long _snapshotAt;
    private ThreadUnreadableException? _unreadable;

    // What comes after a snapshot that cannot be read, until the facts before it are there.
    private List<NumberedFact>? _withheld;

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: LedgerSnapshot saved, Metadata.SequenceNr: var upTo }:
                Restore(saved, upTo);
                break;
            case SnapshotOffer offer:
                _log.Warning("The snapshot {0} of thread {1} cannot be read and is not used; the journal is read in "
                    + "whole: {2}", offer.Metadata.SequenceNr, _id, (offer.Snapshot as Unreadable)?.Reason);
                _snapshotAt = offer.Metadata.SequenceNr;
                _withheld = [];
                break;
            case RecoveryCompleted when _withheld is not null:
                Context.ActorOf(JournalReader.Props(_id, _snapshotAt, new JournalQuery.Facts(), Self, _services));
                break;
            case RecoveryCompleted:
                Begin();
                break;
            default:
                if (_withheld is not null)
                    _withheld.Add(new NumberedFact(message, LastSequenceNr));
                else
                    Read(new NumberedFact(message, LastSequenceNr));
                break;
        }
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        _log.Error(reason, "Thread {0} could not be read back; it stays as it is in the journal, and stops", _id);

    private void Restore(LedgerSnapshot saved, long upTo)
    {
        _ledger = saved.Ledger;
        _edited = saved.Edited;
        _snapshotAt = upTo;
        _lastRead = upTo - saved.Later.Length;
        _streams.Restore(_ledger, _lastRead);
        foreach (var fact in saved.Later)
            Read(new NumberedFact(fact, _lastRead + 1));
    }

    /// <summary>Waits for the facts that a snapshot would have stood for.</summary>
    private void OnReading(object message)
    {
        switch (message)
        {
            case FactsRead(var facts):
                var later = _withheld ?? [];
                _withheld = null;
                foreach (var fact in facts.Concat(later))
                    Read(fact);
                Begin();
                Stash.UnstashAll();
                break;
            case Status.Failure failure:
                _log.Error(failure.Cause, "The journal of thread {0} could not be read; it stops", _id);
                Context.Stop(Self); // Started anew after a while, it tries again.
                break;
            default:
                Stash.Stash();
                break;
        }
    }

    /// <summary>Answers for a thread that cannot be read; it can be deleted, and nothing else.</summary>
    private void OnUnreadable(object message)
    {
        switch (message)
        {
            case DeleteThread:
                DeleteUnread();
                break;
            case IThreadMessage:
                Sender.Tell(new Status.Failure(_unreadable!)); // Who calls has looked.
                break;
            case HandOver:
                Context.Stop(Self);
                break;
            case ReceiveTimeout:
                Context.Parent.Tell(new Passivate());
                break;
            case Leave:
                Context.Parent.Tell(new Left());
                Context.Stop(Self);
                break;
        }
    }

    /// <summary>All there is has been read; from now on the thread lives.</summary>
    private void Begin()
    {
        if (!IsOurs)
        {
            Context.Stop(Self);
            return;
        }

        Context.SetReceiveTimeout(_ledger.Exists || _unreadable is not null
            ? _services.Options.PassivateAfter
            : UnknownStays);
        if (_unreadable is not null)
        {
            _log.Error(_unreadable, "Thread {0} is put aside, and nothing is done with it", _id);
            return;
        }

        _streams.FinishRecovery();
        _isAlive = true;
        Index(); // A crash may have kept the last facts from it.
        Execute(new ThreadCommand.TakeOver(Lost: null));
    }

    /// <summary>No rule decides about a ledger that nobody knows; to be deleted it need not be known.</summary>
    private void DeleteUnread()
    {
        var sender = Sender;
        Persist(new ThreadDeleted { At = _services.Time.GetUtcNow() }, gone =>
        {
            _log.Warning("Thread {0}, which cannot be read, is deleted", _id);
            _streams.Clear();
            _unreadable = null;
            _isAlive = true;
            Apply(gone, LastSequenceNr);
            Empty();
            sender.Tell(new Deleted());
        });
    }

    private void Read(NumberedFact stored)
    {
        var (fact, number) = stored;
        if (fact is ThreadDeleted)
            _unreadable = null; // Whatever was before it.
        else if (_unreadable is not null)
            return;

        _unreadable = fact switch
        {
            Unreadable(var manifest, var reason) => Cannot(number, manifest, reason),
            ThreadEvent known when IsAfterGap(known, number) => Cannot(
                _lastRead + 1, "nothing", $"the journal goes on with number {number}; what is before it is missing."),
            ThreadEvent known => TryApply(known, number),
            _ => Cannot(number, fact.GetType().Name, "it is no fact of a thread."),
        };
        _lastRead = number;
    }

    /// <summary>
    /// Only a thread that begins may follow on something that is gone, a deleted one of the same id; and a deletion may
    /// follow on anything.
    /// </summary>
    private bool IsAfterGap(ThreadEvent fact, long number) =>
        number != _lastRead + 1 && fact is not ThreadDeleted && (_ledger.Exists || fact is not ThreadCreated);

    private ThreadUnreadableException? TryApply(ThreadEvent fact, long number)
    {
        try
        {
            Apply(fact, number);
            return null;
        }
#pragma warning disable CA1031 // A fact that does not fit what was before fails in any way; it is told to who asks.
        catch (Exception misfit)
#pragma warning restore CA1031
        {
            var manifest = ThreadEventJson.ManifestOf(fact);
            return Cannot(number, manifest, $"it does not fit what was before it. {misfit.Message}");
        }
    }

    private ThreadUnreadableException Cannot(long number, string manifest, string reason) =>
        new(_id, number, manifest, reason);
}
