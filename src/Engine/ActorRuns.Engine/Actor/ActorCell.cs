using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>
/// The inside of an actor: its instance, mailbox, children and watchers. Only the mailbox's turn changes it, so nothing
/// here is locked; what other threads may touch says so. It outlives the instances that restarts put into it.
/// </summary>
internal sealed partial class ActorCell : IUntypedActorContext
{
    private ActorBase? _actor;
    private Receive? _behavior;
    private Stack<Receive>? _behaviorsBelow;
    private IActorRef? _sender;
    private TimerScheduler? _timers;

    public ActorCell(ActorSystemImpl system, LocalActorRef self, Props props, IInternalActorRef parent)
    {
        SystemImpl = system;
        SelfRef = self;
        Props = props;
        ParentRef = parent;
        Mailbox = new Mailbox(this);
    }

    /// <summary>The actor whose message this thread handles, or null.</summary>
    public static ActorCell? Current => InternalCurrentActorCellKeeper.Current;

    public ActorSystemImpl SystemImpl { get; }

    public LocalActorRef SelfRef { get; }

    public IInternalActorRef ParentRef { get; }

    public Mailbox Mailbox { get; }

    public Props Props { get; }

    public ActorSystem System => SystemImpl;

    public IActorRef Self => SelfRef;

    public IActorRef Parent => ParentRef;

    public IActorRef Sender => _sender ?? SystemImpl.DeadLetters;

    /// <summary>The sender as it was told: null where there is none.</summary>
    public IActorRef? SenderOrNone => _sender;

    /// <summary>What is being handled; null between messages.</summary>
    public object? CurrentMessage { get; private set; }

    /// <summary>What is being handled with its sender.</summary>
    /// <exception cref="InvalidOperationException">Nothing is being handled.</exception>
    public Envelope CurrentEnvelope => new(
        CurrentMessage ?? throw new InvalidOperationException("No message is being handled."), _sender);

    /// <summary>Counts the messages handled, so that one may be told from an equal one before it.</summary>
    public long CurrentEnvelopeId { get; private set; }

    /// <summary>The actor whose message this thread handles; outside of actors the test that runs, or null.</summary>
    public static IActorRef? GetCurrentSelfOrNoSender() => Current is { } cell ? cell.SelfRef : AmbientSender.Value;

    /// <summary>The sender of the message this thread handles, or null.</summary>
    public static IActorRef? GetCurrentSenderOrNoSender() => Current?._sender;

    /// <summary>A stash of its own beside the actor's, for actors of the engine that hold messages back.</summary>
    public ActorStash CreateStash() => new(this);

    /// <summary>Lets the new actor begin; called once, by who made the cell.</summary>
    public void Start() => Mailbox.EnqueueSystem(new Create());

    /// <summary>Handles one message; called by the mailbox.</summary>
    public void Invoke(in Envelope envelope)
    {
        var message = envelope.Message is TimerTick tick ? tick.Due(_timers) : envelope.Message;
        if (message is null)
            return;

        (CurrentMessage, _sender) = (message, envelope.Sender);
        CurrentEnvelopeId++;
        var startsTimeoutAnew = _receiveTimeout is not null && message is not INotInfluenceReceiveTimeout;
        if (startsTimeoutAnew)
            CancelReceiveTimeout();
        try
        {
            if (message is IAutoReceivedMessage)
                AutoReceive(message);
            else
                ReceiveMessage(message);
            if (_turn is null)
                MessageIsHandled();
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e);
        }
    }

    /// <summary>Handles one system message; called by the mailbox.</summary>
    public void SystemInvoke(SystemMessage message)
    {
        if (Mailbox.IsClosed)
        {
            if (message is Watch late)
                late.Watcher.SendSystemMessage(new DeathWatchNotification(SelfRef, existenceConfirmed: false));
            return;
        }

        try
        {
            Handle(message);
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e);
        }
    }

    /// <summary>Lets the actor handle a message as the current one.</summary>
    public void ReceiveMessage(object message)
    {
        // Null only while a stopping actor waits for its children, and then its mailbox is suspended.
        var actor = _actor!;
        actor.AroundReceive(_behavior ??= actor.ReceiveByDefault, message);
    }

    public void Become(Receive receive) => _behavior = receive;

    public void BecomeStacked(Receive receive)
    {
        (_behaviorsBelow ??= []).Push(_behavior ?? _actor!.ReceiveByDefault); // A handler runs, so there is an actor.
        _behavior = receive;
    }

    public void UnbecomeStacked()
    {
        if (_behaviorsBelow is { Count: > 0 } below)
            _behavior = below.Pop();
    }

    public void Become(UntypedReceive receive) => Become(Handled(receive));

    public void BecomeStacked(UntypedReceive receive) => BecomeStacked(Handled(receive));

    public ActorSelection ActorSelection(ActorPath actorPath) => SystemImpl.ActorSelection(actorPath);

    public ActorSelection ActorSelection(string actorPath) => Actor.ActorSelection.Of(actorPath, SystemImpl, SelfRef);

    private static Receive Handled(UntypedReceive receive) => message =>
    {
        receive(message);
        return true;
    };

    private void Handle(SystemMessage message)
    {
        switch (message)
        {
            case Continuation continuation:
                GoOn(continuation);
                break;
            case Create:
                CreateActor();
                break;
            case Watch watch:
                AddWatcher(watch.Watcher);
                break;
            case Unwatch unwatch:
                _watchedBy?.Remove(unwatch.Watcher);
                break;
            case DeathWatchNotification death:
                HandleDeath(death);
                break;
            case Failed failed:
                HandleChildFailure(failed);
                break;
            case Suspend:
                FaultSuspend();
                break;
            case Resume resume:
                FaultResume(resume.AfterFailure);
                break;
            case Recreate recreate:
                FaultRecreate(recreate.Cause);
                break;
            case Terminate:
                BeginTermination();
                break;
        }
    }

    private void AutoReceive(object message)
    {
        switch (message)
        {
            case Terminated terminated:
                ReceiveTerminated(terminated);
                break;
            case PoisonPill:
                Stop(SelfRef);
                break;
            case Kill:
                throw new ActorKilledException("Kill");
            case Identify identify:
                Sender.Tell(new ActorIdentity(identify.MessageId, SelfRef), SelfRef);
                break;
            default:
                ReceiveMessage(message);
                break;
        }
    }

    private void MessageIsHandled()
    {
        (CurrentMessage, _sender) = (null, null);
        ArmReceiveTimeout();
    }

    /// <summary>
    /// Makes an instance, gives it what its interfaces ask for, and clears what its predecessor left.
    /// </summary>
    private ActorBase NewActor()
    {
        (_behavior, _behaviorsBelow) = (null, null);
        var actor = Props.NewActor();
        actor.Created(Props.SupervisorStrategy);
        if (actor is IActorStash withStash)
            withStash.Stash = new ActorStash(this);
        if (actor is IWithTimers withTimers)
            withTimers.Timers = _timers = new TimerScheduler(this);
        return actor;
    }

    /// <summary>Lets go of the instance: what it stashed goes back to the mailbox, its timers end.</summary>
    private void ReleaseActor()
    {
        if (_actor is IActorStash { Stash: { } stash })
            stash.UnstashAll();
        _timers?.CancelAll();
        (_actor, _timers, _behavior, _behaviorsBelow) = (null, null, null, null);
        (CurrentMessage, _sender) = (null, null);
    }
}
