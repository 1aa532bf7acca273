using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// What every actor derives from. The engine makes the instances; between restarts one instance handles one message
/// at a time, so its fields need no locks.
/// </summary>
public abstract class ActorBase
{
    private readonly IActorRef _self;
    private SupervisorStrategy? _strategy;

    /// <summary>Begins an instance; only the engine may, by way of <see cref="Props"/>.</summary>
    /// <exception cref="ActorInitializationException">The constructor was called elsewhere.</exception>
    protected ActorBase() => _self = (ActorCell.Current ?? throw new ActorInitializationException(
        $"You cannot create an instance of {GetType().Name} with new; use ActorOf with Props.")).SelfRef;

    /// <summary>The context of the actor whose message this thread handles.</summary>
    /// <exception cref="NotSupportedException">This thread handles no message.</exception>
    protected static IActorContext Context => CurrentCell;

    /// <summary>The actor's own reference.</summary>
    protected IActorRef Self => _self;

    /// <summary>Who told the current message, or the system's dead letters.</summary>
    protected IActorRef Sender => CurrentCell.Sender;

    internal static ActorCell CurrentCell => ActorCell.Current ?? throw new NotSupportedException(
        "There is no active actor context: it can be used only by an actor's own handlers, on their thread.");

    /// <summary>The strategy that holds for this instance, asked for once.</summary>
    internal SupervisorStrategy Strategy => _strategy ??= SupervisorStrategy();

    /// <summary>
    /// Lets a wrapper around the actor see every message; calls the handler and then, where it refuses, Unhandled.
    /// </summary>
    /// <param name="receive">The current handler.</param>
    /// <param name="message">The message.</param>
    /// <returns>Whether the handler took it.</returns>
    protected internal virtual bool AroundReceive(Receive receive, object message)
    {
        if (receive(message))
            return true;
        Unhandled(message);
        return false;
    }

    /// <summary>Lets a wrapper around the actor run <see cref="PreStart"/>.</summary>
    public virtual void AroundPreStart() => PreStart();

    /// <summary>Lets a wrapper around the actor run <see cref="PostStop"/>.</summary>
    public virtual void AroundPostStop() => PostStop();

    /// <summary>Lets a wrapper around the actor run <see cref="PreRestart"/>.</summary>
    public virtual void AroundPreRestart(Exception cause, object message) => PreRestart(cause, message);

    /// <summary>Lets a wrapper around the actor run <see cref="PostRestart"/>.</summary>
    public virtual void AroundPostRestart(Exception cause, object message) => PostRestart(cause);

    /// <summary>Handles a message; false when it is not one this actor handles.</summary>
    protected abstract bool Receive(object message);

    /// <summary>Runs before the first message, in the instance that ActorOf made.</summary>
    protected virtual void PreStart()
    {
    }

    /// <summary>Runs after the last message, when the children have stopped.</summary>
    protected virtual void PostStop()
    {
    }

    /// <summary>
    /// Runs in the failed instance before a restart; stops the children and calls <see cref="PostStop"/>.
    /// </summary>
    /// <param name="reason">Why it failed.</param>
    /// <param name="message">What it was handling; null when it failed without a message.</param>
    protected virtual void PreRestart(Exception reason, object message)
    {
        foreach (var child in Context.GetChildren())
        {
            Context.Unwatch(child);
            Context.Stop(child);
        }

        PostStop();
    }

    /// <summary>Runs in the new instance after a restart; calls <see cref="PreStart"/>.</summary>
    /// <param name="reason">Why the one before failed.</param>
    protected virtual void PostRestart(Exception reason) => PreStart();

    /// <summary>How this actor supervises its children; asked for once in each instance.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy() => Actor.SupervisorStrategy.DefaultStrategy;

    /// <summary>
    /// Takes what no handler takes: publishes it as an <see cref="UnhandledMessage"/>.
    /// </summary>
    /// <exception cref="DeathPactException">The message is a <see cref="Terminated"/>.</exception>
    protected virtual void Unhandled(object message)
    {
        if (message is Terminated terminated)
            throw new DeathPactException(terminated.ActorRef);
        var cell = CurrentCell;
        cell.System.EventStream.Publish(new UnhandledMessage(message, cell.Sender, Self));
    }

    /// <summary>Replaces the current handler.</summary>
    protected void Become(Receive receive) => Context.Become(receive);

    /// <summary>Puts a handler over the current one.</summary>
    protected void BecomeStacked(Receive receive) => Context.BecomeStacked(receive);

    /// <summary>Goes back to the handler below the current one.</summary>
    protected void UnbecomeStacked() => Context.UnbecomeStacked();

    /// <summary>The handler an instance begins with.</summary>
    internal bool ReceiveByDefault(object message) => Receive(message);

    /// <summary>Called by the cell when the constructor has ended.</summary>
    /// <param name="strategy">The one the props give; null to ask the actor.</param>
    internal virtual void Created(SupervisorStrategy? strategy) => _strategy = strategy;
}
