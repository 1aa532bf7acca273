using Akka.Actor;
using Akka.Event;
using ActorRuns.Cluster;
using ActorRuns.Hosting;

namespace ActorRuns.Threads;

/// <summary>
/// Finds or starts the actor of each thread, and hands messages on. An idle thread is stopped; what is sent to it
/// meanwhile waits and starts it again. A thread that stopped by a fault is started again after a while. Only threads
/// of
/// shards that this member owns are started.
/// </summary>
internal sealed partial class ThreadRegion : UntypedActor, IWithTimers
{
    private static readonly TimeSpan FirstRestart = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastRestart = TimeSpan.FromSeconds(30);

    private readonly RuntimeServices _services;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<IActorRef, ThreadId> _threads = [];
    private readonly Dictionary<ThreadId, Queue<(object Message, IActorRef Sender)>> _stopping = [];
    private readonly Dictionary<ThreadId, TimeSpan> _restarts = [];
    private readonly HashSet<IActorRef> _left = [];

    public ThreadRegion(RuntimeServices services) => _services = services;

    public static Props Props(RuntimeServices services) =>
        Akka.Actor.Props.Create(() => new ThreadRegion(services));

    public ITimerScheduler Timers { get; set; } = null!; // The engine sets it before the first message.

    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(_ => Directive.Stop); // A fresh actor reads the journal; a restarted one would as well.

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case IThreadMessage sent:
                Deliver(sent);
                break;
            case WakeThread(var thread) when _services.Shards.IsMine(thread):
                Start(thread);
                break;
            case AskForWork(var thread) when _services.Shards.IsMine(thread):
                Start(thread).Tell(new LookForWork());
                break;
            case WakeThread or AskForWork:
                break;
            case ReadElsewhere(var thread) read:
                Context.ActorOf(JournalReader.Props(
                    thread, long.MaxValue, new JournalQuery.Latest(read.Whole), Sender, _services));
                break;
            case DrainShards(var shards):
                Empty(shards, child => child.Tell(new HandOver()));
                break;
            case AbandonShards(var shards):
                Empty(shards, Context.Stop);
                break;
            case Passivate when _threads.TryGetValue(Sender, out var thread):
                Retire(thread);
                break;
            case Stay when _threads.TryGetValue(Sender, out var thread):
                Release(thread);
                break;
            case Left:
                _left.Add(Sender);
                break;
            case Terminated { ActorRef: var child } when _threads.Remove(child, out var thread):
                Bury(thread, isFault: !_left.Remove(child));
                break;
            case DeadLetter { Message: IThreadMessage lost } letter
                when Equals(letter.Recipient.Path.Parent, Self.Path):
                Refuse(lost.ThreadId, letter.Sender);
                break;
            case DeadLetter { Message: CheckpointFound(var lost, _) } letter
                when Equals(letter.Recipient.Path.Parent, Self.Path):
                Refuse(lost.ThreadId, letter.Sender);
                break;
            case DeadLetter:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Deliver(IThreadMessage message)
    {
        if (IsElsewhere(message.ThreadId))
            Sender.Tell(new Refused(new Refusal.ThreadElsewhere(message.ThreadId)));
        else if (!_stopping.TryGetValue(message.ThreadId, out var waiting))
            Start(message.ThreadId).Forward(message);
        else if (waiting.Count < _services.Options.MaxWaiting)
            waiting.Enqueue((message, Sender));
        else
            Sender.Tell(new Refused(new Refusal.Overloaded(message.ThreadId)));
    }

    /// <summary>
    /// What was sent before reaches the thread before its leave does, and what comes from now on waits: nothing is lost
    /// between the two.
    /// </summary>
    private void Retire(ThreadId thread)
    {
        _restarts.Remove(thread);
        if (_stopping.TryAdd(thread, new Queue<(object, IActorRef)>()))
            Sender.Tell(new Leave());
    }

    /// <summary>Hands on what has waited while a thread was about to stop, starting it again if it did.</summary>
    private void Release(ThreadId thread)
    {
        if (!_stopping.Remove(thread, out var waiting))
            return;

        var isElsewhere = IsElsewhere(thread);
        while (waiting.TryDequeue(out var sent))
        {
            if (isElsewhere)
                sent.Sender.Tell(new Refused(new Refusal.ThreadElsewhere(thread)));
            else
                Start(thread).Tell(sent.Message, sent.Sender);
        }
    }

    private IActorRef Start(ThreadId thread)
    {
        var name = thread.ToString();
        var known = Context.Child(name);
        if (!known.IsNobody())
            return known;

        var started = Context.Watch(Context.ActorOf(ThreadActor.Props(thread, _services), name));
        _threads[started] = thread;
        Count(thread, 1);
        return started;
    }

    /// <summary>
    /// Answers what a thread was told between its fault and its end: nobody has read it, and whoever sent it may send
    /// it again.
    /// </summary>
    private void Refuse(ThreadId thread, IActorRef sender) => sender.Tell(WordOfLoss(thread, _services));

    /// <summary>What those are told who asked a thread that stopped before it had answered them.</summary>
    internal static object WordOfLoss(ThreadId thread, RuntimeServices services) => services.Shards.IsMine(thread)
        ? new Status.Failure(new JournalUnavailableException(
            thread, 0, new InvalidOperationException("The thread stopped by a fault.")))
        : new Refused(new Refusal.ThreadElsewhere(thread));

    /// <summary>
    /// Starts a thread anew that stopped by a fault, whether it was about to leave or not: its journal may hold what it
    /// did not live to know of.
    /// </summary>
    private void Bury(ThreadId thread, bool isFault)
    {
        Count(thread, -1);
        Release(thread);
        if (!isFault || !_services.Shards.IsMine(thread))
            return;

        var delay = _restarts.GetValueOrDefault(thread, FirstRestart);
        _restarts[thread] = delay < LastRestart ? delay * 2 : LastRestart;
        _log.Warning("Thread {0} stopped by a fault; it is started again in {1}", thread, delay);
        Timers.StartSingleTimer(thread, new WakeThread(thread), delay);
    }
}

/// <summary>Starts a thread that has something to do, if it is not there.</summary>
/// <param name="ThreadId">The thread.</param>
internal sealed record WakeThread(ThreadId ThreadId);

/// <summary>
/// Has a thread look whether its journal knows of something to do that it does not, if it does nothing.
/// </summary>
/// <param name="ThreadId">The thread.</param>
internal sealed record AskForWork(ThreadId ThreadId);

/// <summary>An idle thread asks to be stopped, so that what is sent to it meanwhile is not lost.</summary>
internal sealed record Passivate;

/// <summary>The answer to <see cref="Passivate"/>: the thread may stop, if it is still idle.</summary>
internal sealed record Leave;

/// <summary>The last word of a thread that leaves: it stops, and by no fault.</summary>
internal sealed record Left;

/// <summary>A thread that was to leave has got something to do in the meantime.</summary>
internal sealed record Stay;
