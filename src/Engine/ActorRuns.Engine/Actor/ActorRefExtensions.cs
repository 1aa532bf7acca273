using System.Diagnostics.CodeAnalysis;

namespace Akka.Actor;

/// <summary>Tells with the actor that runs on this thread as the sender.</summary>
public static class ActorRefImplicitSenderExtensions
{
    /// <summary>Tells the message; the sender is the actor that calls, or nobody outside of actors.</summary>
    public static void Tell(this IActorRef receiver, object message) =>
        receiver.Tell(message, ActorCell.GetCurrentSelfOrNoSender());

    /// <summary>Passes a message on with the sender of the one that is being handled.</summary>
    public static void Forward(this IActorRef receiver, object message) =>
        receiver.Tell(message, ActorCell.GetCurrentSenderOrNoSender());
}

/// <summary>Questions about references.</summary>
public static class ActorRefExtensions
{
    /// <summary>True of null and of Nobody.</summary>
    public static bool IsNobody([NotNullWhen(false)] this IActorRef? actorRef) => actorRef is null or Nobody;
}

/// <summary>Shorter ways to create actors.</summary>
public static class ActorRefFactoryExtensions
{
    /// <summary>Creates an actor whose constructor takes nothing.</summary>
    public static IActorRef ActorOf<TActor>(this IActorRefFactory factory, string? name = null)
        where TActor : ActorBase, new() => factory.ActorOf(Props.Create<TActor>(), name);

    /// <summary>Selects by a reference: whatever lives at its path.</summary>
    public static ActorSelection ActorSelection(this IActorRefFactory factory, IActorRef anchorRef, string actorPath) =>
        Actor.ActorSelection.Below((IInternalActorRef)anchorRef, actorPath);
}
