using Akka.Actor;

namespace Akka.Dispatch.SysMsg;

/// <summary>
/// What the engine's parts tell each other about actors; handled before all other messages. Each object is in one
/// mailbox at most, since it is its own link there: make a new one for every receiver.
/// </summary>
internal abstract class SystemMessage
{
    /// <summary>The message told before this one; owned by the mailbox.</summary>
    public SystemMessage? Next { get; set; }
}

/// <summary>Makes the actor's instance and starts it: the first message of every cell.</summary>
internal sealed class Create : SystemMessage;

/// <summary>Stops the actor after the current message.</summary>
internal sealed class Terminate : SystemMessage;

/// <summary>Makes the actor handle no more messages until a <see cref="Resume"/>.</summary>
internal sealed class Suspend : SystemMessage;

/// <summary>Ends one suspension, and the failure if the actor was suspended for one.</summary>
internal sealed class Resume(bool afterFailure) : SystemMessage
{
    public bool AfterFailure => afterFailure;
}

/// <summary>Puts a new instance in the place of the failed one.</summary>
internal sealed class Recreate(Exception cause) : SystemMessage
{
    public Exception Cause => cause;
}

/// <summary>A child has failed and waits, suspended, for its supervisor's decision.</summary>
internal sealed class Failed(IInternalActorRef child, Exception cause) : SystemMessage
{
    public IInternalActorRef Child => child;

    public Exception Cause => cause;
}

/// <summary>Adds a watcher.</summary>
internal sealed class Watch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    public IInternalActorRef Watchee => watchee;

    public IInternalActorRef Watcher => watcher;
}

/// <summary>Removes a watcher.</summary>
internal sealed class Unwatch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    public IInternalActorRef Watchee => watchee;

    public IInternalActorRef Watcher => watcher;
}

/// <summary>Tells the parent and every watcher that an actor has stopped.</summary>
internal sealed class DeathWatchNotification(IInternalActorRef actor, bool existenceConfirmed) : SystemMessage
{
    public IInternalActorRef Actor => actor;

    public bool ExistenceConfirmed => existenceConfirmed;
}

/// <summary>Goes on with an async handler after an await.</summary>
internal sealed class Continuation(AsyncTurn turn, SendOrPostCallback callback, object? state) : SystemMessage
{
    public AsyncTurn Turn => turn;

    public void Run() => callback(state);
}
