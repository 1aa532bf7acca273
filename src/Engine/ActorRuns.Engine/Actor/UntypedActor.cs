using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>An actor with one method for all messages; what it does not handle it says with Unhandled.</summary>
public abstract class UntypedActor : ActorBase
{
    /// <summary>The context of the actor whose message this thread handles.</summary>
    protected static new IUntypedActorContext Context => CurrentCell;

    /// <inheritdoc/>
    protected sealed override bool Receive(object message)
    {
        OnReceive(message);
        return true;
    }

    /// <summary>Handles every message.</summary>
    protected abstract void OnReceive(object message);

    /// <summary>Replaces the current handler.</summary>
    protected void Become(UntypedReceive receive) => Context.Become(receive);

    /// <summary>Puts a handler over the current one.</summary>
    protected void BecomeStacked(UntypedReceive receive) => Context.BecomeStacked(receive);

    /// <summary>Runs async code as part of the current message.</summary>
    protected static void RunTask(Func<Task> action) => ActorTaskScheduler.RunTask(action);
}
