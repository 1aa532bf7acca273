using Akka.Actor;

namespace Akka.Persistence;

/// <summary>A persistent actor with one method for all commands and one for all that is recovered.</summary>
public abstract class UntypedPersistentActor : Eventsourced
{
    /// <summary>The context of the actor whose message this thread handles.</summary>
    protected static new IUntypedActorContext Context => CurrentCell;

    /// <summary>Handles every command; what it does not handle it says with Unhandled.</summary>
    protected abstract void OnCommand(object message);

    /// <summary>Handles <see cref="SnapshotOffer"/>, events and <see cref="RecoveryCompleted"/>.</summary>
    protected abstract void OnRecover(object message);

    /// <inheritdoc/>
    protected sealed override bool ReceiveCommand(object message)
    {
        OnCommand(message);
        return true;
    }

    /// <inheritdoc/>
    protected sealed override bool ReceiveRecover(object message)
    {
        OnRecover(message);
        return true;
    }

    /// <summary>Replaces the current handler of commands.</summary>
    protected void Become(UntypedReceive receive) => Context.Become(receive);

    /// <summary>Puts a handler of commands over the current one.</summary>
    protected void BecomeStacked(UntypedReceive receive) => Context.BecomeStacked(receive);
}
