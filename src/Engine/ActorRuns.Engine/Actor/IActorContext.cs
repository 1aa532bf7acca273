namespace Akka.Actor;

/// <summary>Handles a message; false when it is not one of those it handles.</summary>
public delegate bool Receive(object message);

/// <summary>Handles a message.</summary>
public delegate void UntypedReceive(object message);

/// <summary>Creates actors and selects them.</summary>
public interface IActorRefFactory
{
    /// <summary>Creates an actor. It starts by itself; messages may be told at once.</summary>
    /// <param name="props">How to make it.</param>
    /// <param name="name">Unique below the parent; null for a generated one, which starts with <c>$</c>.</param>
    /// <exception cref="InvalidActorNameException">The name is not valid or is taken.</exception>
    /// <exception cref="InvalidOperationException">The parent stops or has stopped.</exception>
    IActorRef ActorOf(Props props, string? name = null);

    /// <summary>What lives at the path, each time something is told to the selection.</summary>
    ActorSelection ActorSelection(ActorPath actorPath);

    /// <summary>What lives at the path: a whole one, one from the root, or one relative to this actor.</summary>
    ActorSelection ActorSelection(string actorPath);
}

/// <summary>Watches actors for their end.</summary>
public interface ICanWatch
{
    /// <summary>Asks for a <see cref="Terminated"/> when the actor has stopped, at once if it has already.</summary>
    /// <returns>The same reference.</returns>
    IActorRef Watch(IActorRef subject);

    /// <summary>Asks for this message instead of <see cref="Terminated"/>. The first registration holds.</summary>
    IActorRef WatchWith(IActorRef subject, object message);

    /// <summary>No more <see cref="Terminated"/> of this actor, not even one that waits in the mailbox.</summary>
    IActorRef Unwatch(IActorRef subject);
}

/// <summary>An actor's view of itself and its surroundings; to be used by its own handlers only.</summary>
public interface IActorContext : IActorRefFactory, ICanWatch
{
    /// <summary>The actor's own reference.</summary>
    IActorRef Self { get; }

    /// <summary>What the actor was made from.</summary>
    Props Props { get; }

    /// <summary>Who told the current message, or <see cref="ActorSystem.DeadLetters"/>.</summary>
    IActorRef Sender { get; }

    /// <summary>The supervisor.</summary>
    IActorRef Parent { get; }

    /// <summary>The system the actor lives in.</summary>
    ActorSystem System { get; }

    /// <summary>
    /// The idle time after which a <see cref="Actor.ReceiveTimeout"/> is told; null when there is none.
    /// </summary>
    TimeSpan? ReceiveTimeout { get; }

    /// <summary>The child of this name, or Nobody.</summary>
    IActorRef Child(string name);

    /// <summary>The children that are there now.</summary>
    IEnumerable<IActorRef> GetChildren();

    /// <summary>Replaces the current handler.</summary>
    void Become(Receive receive);

    /// <summary>Puts a handler over the current one.</summary>
    void BecomeStacked(Receive receive);

    /// <summary>Goes back to the handler below.</summary>
    void UnbecomeStacked();

    /// <summary>Stops an actor, usually a child or Self, once it has handled its current message.</summary>
    void Stop(IActorRef child);

    /// <summary>
    /// Tells the actor a <see cref="Actor.ReceiveTimeout"/> whenever it was idle for so long; null switches it off.
    /// </summary>
    void SetReceiveTimeout(TimeSpan? timeout);
}

/// <summary>The context of an <see cref="UntypedActor"/>.</summary>
public interface IUntypedActorContext : IActorContext
{
    /// <summary>Replaces the current handler.</summary>
    void Become(UntypedReceive receive);

    /// <summary>Puts a handler over the current one.</summary>
    void BecomeStacked(UntypedReceive receive);
}
