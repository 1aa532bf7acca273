using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using ActorRuns.Hosting;
using ActorRuns.Runs;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Threads;

/// <summary>
/// Replays a thread's journal up to a fact and answers what is not kept in memory: all revisions of the state, or the
/// stream of a run that has ended long ago. Writes nothing, and stops when it has answered.
/// </summary>
internal sealed class JournalReader : UntypedPersistentActor
{
    private readonly ThreadId _id;
    private readonly long _toSequenceNr;
    private readonly RunId? _run;
    private readonly IActorRef _asker;
    private readonly ThreadStreams _streams;
    private readonly List<Checkpoint> _checkpoints = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private ThreadLedger _ledger = ThreadLedger.Empty;

    private JournalReader(ThreadId id, long toSequenceNr, RunId? run, IActorRef asker, RuntimeServices services)
    {
        _id = id;
        _toSequenceNr = toSequenceNr;
        _run = run;
        _asker = asker;
        _streams = new ThreadStreams(id, services);
        _streams.FinishRecovery(); // Every fact is to be told here, of runs that have ended as well.
    }

    public static Props Props(ThreadId id, long toSequenceNr, RunId? run, IActorRef asker, RuntimeServices services) =>
        Akka.Actor.Props.Create(() => new JournalReader(id, toSequenceNr, run, asker, services));

    public override string PersistenceId => ThreadActor.JournalOf(_id);

    public override Recovery Recovery => new(SnapshotSelectionCriteria.None, _toSequenceNr);

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case ThreadEvent fact:
                Apply(fact);
                break;
            case RecoveryCompleted:
                _asker.Tell(AnswerNow());
                Context.Stop(Self);
                break;
        }
    }

    protected override void OnCommand(object message) => Unhandled(message);

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        _log.Error(reason, "The journal of thread {0} could not be read back", _id);
        _asker.Tell(new Status.Failure(reason));
    }

    private void Apply(ThreadEvent fact)
    {
        var before = _ledger;
        _ledger = _ledger.Apply(fact);
        if (_run is { } run)
        {
            if (ThreadStreams.RunOf(fact) == run)
                _streams.On(fact, LastSequenceNr, before, _ledger);
        }
        else if (fact is StepCommitted)
        {
            _checkpoints.Add(_ledger.Position.Head!); // A commit makes a head.
        }
        else if (fact is RunRolledBack(var undone))
        {
            _checkpoints.RemoveAll(checkpoint => checkpoint.RunId == undone);
        }
    }

    private object AnswerNow()
    {
        if (_run is not { } run)
            return new HistoryRead(_ledger, [.. Enumerable.Reverse(_checkpoints)]);

        return _streams.Find(run) is { } stream && _ledger.Runs.TryGetValue(run, out var known)
            ? new StreamOpened(stream, known)
            : new Refused(new Refusal.RunNotFound(run));
    }
}
