using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using ActorRuns.Hosting;
using ActorRuns.Runs;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Threads;

/// <summary>
/// The shell around one thread's rules: records what <see cref="ThreadDecider"/> decides, answers when it is durable,
/// and then makes what executes match what is recorded. Owns at most one <see cref="RunActor"/>.
/// </summary>
internal sealed partial class ThreadActor : UntypedPersistentActor, IWithTimers
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    // Who asks for threads that do not exist shall not fill the memory with them.
    private static readonly TimeSpan UnknownStays = TimeSpan.FromSeconds(1);

    private readonly ThreadId _id;
    private readonly RuntimeServices _services;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly ThreadStreams _streams;

    private ThreadLedger _ledger = ThreadLedger.Empty;
    private RunChild? _child;
    private RunAccepted? _accepted;
    private DateTimeOffset? _wakesAt;
    private bool _isAlive;

    public ThreadActor(ThreadId id, RuntimeServices services)
    {
        _id = id;
        _services = services;
        _streams = new ThreadStreams(id, services);
        _permit = services.Shards.PermitOf(id);
    }

    public static Props Props(ThreadId id, RuntimeServices services) =>
        Akka.Actor.Props.Create(() => new ThreadActor(id, services));

    /// <summary>The name of a thread's journal.</summary>
    public static string JournalOf(ThreadId id) => $"thread-{id}";

    public override string PersistenceId => JournalOf(_id);

    public ITimerScheduler Timers { get; set; } = null!; // The engine sets it before the first message.

    /// <summary>True when nothing is at work, due, being read back for somebody, or kept for readers.</summary>
    private bool IsIdle =>
        !Context.GetChildren().Any() && _ledger.Status is not ThreadStatus.Busy && _streams.IsEmpty && !_isSaving;

    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(_ => Directive.Stop); // A run that fails is lost; it goes on as the next attempt.

    protected override void OnCommand(object message)
    {
        if (OnStored(message))
            return;
        if (!IsOurs)
            StopAsStranger(message);
        else if (_withheld is not null)
            OnReading(message);
        else if (_unreadable is not null)
            OnUnreadable(message);
        else
            OnAlive(message);
    }

    private void OnAlive(object message)
    {
        switch (message)
        {
            case IThreadMessage asked:
                OnAsked(asked);
                break;
            case CheckpointFound(var asked, var checkpoint):
                GoOnFrom(asked, checkpoint);
                break;
            case ThreadCommand order:
                if (order is ThreadCommand.StartDueRuns)
                    _wakesAt = null; // The timer has fired; it may have been set for a part of the time alone.
                Execute(order);
                break;
            case ChunkStreamed streamed when streamed.Holder == _ledger.Holder:
                _streams.Publish(_ledger.Runs[streamed.Holder.RunId], streamed, _ledger.Position);
                break;
            case CustomWritten written when written.Holder == _ledger.Holder:
                _streams.Publish(_ledger.Runs[written.Holder.RunId], written);
                break;
            case ChunkStreamed or CustomWritten:
                _log.Debug("A late word from an attempt that lost thread {0} is ignored", _id);
                break;
            case Terminated { ActorRef: var child }:
                Bury(child);
                break;
            case StreamExpired(var run):
                _streams.Drop(run);
                break;
            case LookForWork when _ledger.WakeAt is null && LastSequenceNr > 0 && IsIdle:
                Context.Stop(Self); // The region starts it anew after a while.
                break;
            case LookForWork:
                break;
            case HandOver:
                _handsOver = true;
                Reconcile();
                break;
            case ReceiveTimeout when IsIdle:
                Context.Parent.Tell(new Passivate());
                break;
            case ReceiveTimeout:
                break;
            case Leave when IsIdle:
                LeaveWhenSaved();
                break;
            case Leave:
                _isLeaving = false;
                Context.Parent.Tell(new Stay());
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        _log.Error(cause, "Thread {0} could not record {1} as number {2} and stops; it is started again, and reads "
            + "what became of it", _id, @event.GetType().Name, sequenceNr);
        var failure = new JournalUnavailableException(_id, sequenceNr, cause) { MayBeRecorded = true };
        Sender.Tell(new Status.Failure(failure));
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        _log.Warning("The journal refused {0} as number {1} of thread {2}: {3}",
            @event.GetType().Name, sequenceNr, _id, cause.Message);
        Sender.Tell(new Status.Failure(new JournalUnavailableException(_id, sequenceNr, cause)));
        Context.Stop(Self); // The number is used up and would be missing; a fresh actor takes it again, and goes on.
    }

    /// <summary>Decides, records, applies, answers and acts, in this order.</summary>
    private void Execute(ThreadCommand command, ThreadAnswer? answer = null)
    {
        var sender = Sender;
        var decision = ThreadDecider.Decide(_ledger, command, ContextNow());
        if (decision is not Decision.Accept(var facts))
        {
            answer?.Give(sender, decision, _ledger, _services);
            Reconcile();
            return;
        }

        if (!_ledger.Exists)
            Context.SetReceiveTimeout(_services.Options.PassivateAfter);

        BeginMeasure(facts);
        var left = facts.Length;
        PersistAll(facts, fact =>
        {
            Apply(fact, LastSequenceNr);
            if (--left > 0)
                return;

            Index();
            answer?.Give(sender, decision, _ledger, _services); // Only now is it true.
            if (_followers.Count > 0 && facts.Any(IsNext))
                TellFollowers();
            _accepted = null;
            Measure(facts);
            Reconcile();
            SaveWhenDue();
        });

        // What the facts end need not go on until they are durable: if they never are, this actor stops as well.
        if (_child is { } child && facts.Any(fact => Ends(fact, child.Holder)))
            Context.Stop(child.Ref);
    }

    private void Apply(ThreadEvent fact, long sequenceNr)
    {
        var before = _ledger;
        _ledger = _ledger.Apply(fact);
        if (fact is ThreadEvent.StateUpdated)
            _edited = sequenceNr;
        if (_isAlive)
            NoteBeginning(fact, before);
        foreach (var ended in _streams.On(fact, sequenceNr, before, _ledger))
            Timers.StartSingleTimer(ended, new StreamExpired(ended), _streams.RetentionOf(ended));
        if (_isAlive && fact is RunCreated { Request.RunId: var run })
            _accepted = new RunAccepted(_ledger.Runs[run], _streams.Find(run)); // It may be gone with the next fact.
    }

    /// <summary>Makes what is executing match what is recorded: called after every write.</summary>
    private void Reconcile()
    {
        if (!IsOurs)
        {
            Context.Stop(Self); // What was written is true; what follows from it is begun by who has the thread now.
            return;
        }

        if (HandOverWhenDone())
            return;

        ReconcileWebhooks();
        ReconcileUndos();
        if (_child is { } child)
        {
            if (child.Holder != _ledger.Holder)
                Context.Stop(child.Ref); // Its Terminated brings us back here; until then there is no second child.
            else if (child.Position.Head != _ledger.Position.Head)
                Continue(child); // Not for a node of the step alone: the others are at work.
            else if (!ReferenceEquals(child.Position.Subgraphs, _ledger.Position.Subgraphs))
                TellInnerSteps(child);
        }
        else if (_ledger.Holder is { } holder)
        {
            Spawn(holder);
        }

        Wake();
    }

    /// <summary>Sets the clock for what happens next without anyone asking: a run is due, or its time is up.</summary>
    private void Wake()
    {
        var moment = _ledger.Deadline ?? _ledger.DueAt;
        if (moment == _wakesAt)
            return;

        _wakesAt = moment;
        if (moment is { } due)
            WaitFor(due);
        else
            Timers.Cancel(nameof(ThreadCommand.StartDueRuns));
    }

    /// <summary>The child's step is durable: it goes on with the next one.</summary>
    private void Continue(RunChild child)
    {
        _child = child with { Position = _ledger.Position };
        child.Ref.Tell(new StepDurable(_ledger.Position));
    }

    /// <summary>A step of an inner graph is durable: that graph goes on with its next one.</summary>
    private void TellInnerSteps(RunChild child)
    {
        _child = child with { Position = _ledger.Position };
        child.Ref.Tell(new SubgraphsDurable(_ledger.Position));
    }

    private void Spawn(Holder holder)
    {
        var request = _ledger.Runs[holder.RunId].Request;
        if (_services.Graphs[request.GraphId] is not { } graph)
        {
            var failure = new NodeFailure(null, "UnknownGraph", $"No graph named '{request.GraphId}' is registered.");
            Self.Tell(new ThreadCommand.FailRun(holder, failure));
            return;
        }

        var work = new WorkTracker();
        var assignment = new RunAssignment(_id, holder, request, _ledger.Position, _ledger.Working, work,
            Context.Parent);
        var child = Context.ActorOf(RunActor.Props(assignment, graph, _services), $"{holder.RunId}-{holder.Attempt}");
        _child = new RunChild(Context.Watch(child), holder, _ledger.Position, work.Ended);
        EndMeasure(holder.RunId);
        Context.System.EventStream.Publish(new AttemptBegan(_id, holder.RunId, holder.Attempt));
        _log.Info("Run {0} of thread {1} begins attempt {2}", holder.RunId, _id, holder.Attempt);
    }

    private void Bury(IActorRef child)
    {
        if (_child?.Ref.Equals(child) is not true)
            return;

        var lost = _child.Holder;
        _lastWork = _child.WorkEnded;
        _child = null;
        _services.Meter.RunsAtWork(-1);
        Context.System.EventStream.Publish(new AttemptGone(_id, lost.RunId, lost.Attempt));
        if (lost == _ledger.Holder && !_handsOver)
        {
            _log.Warning("Run {0} of thread {1} was lost in attempt {2}", lost.RunId, _id, lost.Attempt);
            Execute(new ThreadCommand.TakeOver(lost));
        }
        else
        {
            Reconcile();
        }
    }

    /// <summary>Tells the index what can be found of the thread; of a deleted one nothing.</summary>
    private void Index()
    {
        if (_ledger.Exists)
            _services.Index.Note(ThreadIndexEntries.Of(_id, LastSequenceNr, _ledger));
        else
            Empty();
    }

    private void WaitFor(DateTimeOffset due)
    {
        var delay = due - _services.Time.GetUtcNow();
        delay = delay < TimeSpan.Zero ? TimeSpan.Zero : delay > LongestTimer ? LongestTimer : delay;
        Timers.StartSingleTimer(nameof(ThreadCommand.StartDueRuns), new ThreadCommand.StartDueRuns(), delay);
    }

    private DecisionContext ContextNow() => new(
        _id,
        _services.Time.GetUtcNow(),
        _services.Ids,
        _services.Graphs,
        _services.Options.Policy,
        _ledger.Holder is { } holder ? [.. _streams.PartialsOf(holder.RunId)] : []);

    private static bool Ends(ThreadEvent fact, Holder holder) => fact switch
    {
        RunTimedOut(var run, _, _) => run == holder.RunId,
        RunInterrupted(var run, _) => run == holder.RunId,
        RunRolledBack { RunId: var run } => run == holder.RunId,
        ThreadDeleted => true,
        _ => false,
    };

    private sealed record StreamExpired(RunId RunId);
}
