using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Asks actors: tells a message and gives the reply as a task.</summary>
public static class Futures
{
    /// <summary>
    /// Asks; the reply may be anything. See <see cref="Ask{T}(ICanTell, object, TimeSpan?, CancellationToken)"/>.
    /// </summary>
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<object>(message, timeout, CancellationToken.None);

    /// <summary>Asks; the reply may be anything.</summary>
    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<object>(message, null, cancellationToken);

    /// <summary>Asks and waits for as long as given, else as configured in <c>akka.actor.ask-timeout</c>.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<T>(message, timeout, CancellationToken.None);

    /// <summary>Asks and waits until the token is cancelled or the configured time is up.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<T>(message, null, cancellationToken);

    /// <summary>Asks.</summary>
    /// <returns>
    /// The reply. A <see cref="Status.Failure"/>, where it is not what was asked for, throws its cause, another type an
    /// <see cref="ArgumentException"/>, no reply in time an <see cref="AskTimeoutException"/>.
    /// </returns>
    public static Task<T> Ask<T>(
        this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var system = SystemOf(self) ?? throw new ArgumentException($"{self} belongs to no actor system.", nameof(self));
        var asking = new AskActorRef<T>(system);
        asking.Begin(self, timeout ?? system.Settings.AskTimeout, cancellationToken);
        self.Tell(message, asking);
        return asking.Reply;
    }

    private static ActorSystemImpl? SystemOf(ICanTell target) => target switch
    {
        ActorSelection selection => selection.System,
        IInternalActorRef { System: { } system } => system,
        _ => ActorCell.Current?.SystemImpl,
    };
}

/// <summary>A reference that takes one message, lives below <c>/temp</c> and ends with its task.</summary>
internal abstract class PromiseActorRef(ActorSystemImpl system) : MinimalActorRef
{
    private readonly Lock _gate = new();
    private List<Watch>? _watchers;
    private ActorPath? _path;
    private bool _hasEnded;

    // Most asked actors never look at it.
    public override ActorPath Path =>
        _path ?? Interlocked.CompareExchange(ref _path, System.NewTempPath(), null) ?? _path;

    public sealed override ActorSystemImpl System => system;

    public override void SendSystemMessage(SystemMessage message)
    {
        switch (message)
        {
            case Watch watch:
                bool isLate;
                lock (_gate)
                {
                    isLate = _hasEnded;
                    if (!isLate)
                        (_watchers ??= []).Add(watch);
                }

                if (isLate)
                    watch.Watcher.SendSystemMessage(new DeathWatchNotification(this, existenceConfirmed: true));
                break;
            case Unwatch unwatch:
                lock (_gate)
                    _watchers?.RemoveAll(watch => watch.Watcher.Equals(unwatch.Watcher));
                break;
        }
    }

    /// <summary>Tells whoever watches that the task has ended.</summary>
    protected void End()
    {
        List<Watch>? watchers;
        lock (_gate)
        {
            _hasEnded = true;
            (watchers, _watchers) = (_watchers, null);
        }

        foreach (var watch in watchers ?? [])
            watch.Watcher.SendSystemMessage(new DeathWatchNotification(this, existenceConfirmed: true));
    }
}

/// <summary>The temporary sender of an ask.</summary>
#pragma warning disable CA1001 // Not disposable: it lets go of its timer when the ask ends, which it always does.
internal sealed class AskActorRef<T>(ActorSystemImpl system) : PromiseActorRef(system)
#pragma warning restore CA1001
{
    private readonly TaskCompletionSource<T> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ICanTell? _target;
    private TimeSpan _timeout;
    private Timer? _timer;
    private CancellationTokenRegistration _registration;

    public Task<T> Reply => _reply.Task;

    /// <summary>Starts the time and listens to the token; before the message is told.</summary>
    public void Begin(ICanTell target, TimeSpan timeout, CancellationToken cancellationToken)
    {
        (_target, _timeout) = (target, timeout);
        // Real time, as in Akka.NET: a test that owns the system's clock still gets its timeouts.
        if (timeout >= TimeSpan.Zero)
        {
            _timer = new Timer(
                static ask => ((AskActorRef<T>)ask!).TimeIsUp(), this, timeout, Timeout.InfiniteTimeSpan);
        }

        _registration = cancellationToken.UnsafeRegister(
            static (ask, token) => ((AskActorRef<T>)ask!).Cancel(token), this);
        if (_reply.Task.IsCompleted)
            Release();
    }

    protected override void TellInternal(object message, IActorRef? sender)
    {
        var isFirst = message switch
        {
            T reply => _reply.TrySetResult(reply),
            Status.Failure failure => _reply.TrySetException(failure.Cause),
            _ => _reply.TrySetException(new ArgumentException(
                $"Received message of type [{message.GetType()}] - Ask expected message of type [{typeof(T)}]",
                nameof(message))),
        };
        if (isFirst)
            Release();
        else
            System.DeadLetters.Tell(new DeadLetter(message, sender ?? System.DeadLetters, this), sender);
    }

    private void TimeIsUp()
    {
        var timeout = new AskTimeoutException($"Timeout after {_timeout} waiting for {_target} to answer.");
        if (_reply.TrySetException(timeout))
            Release();
    }

    private void Cancel(CancellationToken token)
    {
        if (_reply.TrySetCanceled(token))
            Release();
    }

    private void Release()
    {
        _timer?.Dispose();
        _registration.Unregister();
        End();
    }
}
