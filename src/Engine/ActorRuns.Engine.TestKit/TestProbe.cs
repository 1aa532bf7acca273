using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.TestKit;

/// <summary>
/// A kit with a test actor of its own, to stand for an actor that the one under test talks to. It can be used as that
/// actor's reference.
/// </summary>
public sealed class TestProbe : TestKitBase, INoImplicitSender, IInternalActorRef
{
    internal TestProbe(ActorSystem system, string? name)
        : base(system, name ?? "probe")
    {
    }

    /// <summary>The probe's actor.</summary>
    public IActorRef Ref => TestActor;

    /// <summary>Who gets what the probe replies: the sender of the last message it received.</summary>
    public IActorRef Sender => LastSender;

    ActorPath IActorRef.Path => TestActor.Path;

    ActorSystemImpl? IInternalActorRef.System => Inner.System;

    IInternalActorRef IInternalActorRef.Parent => Inner.Parent;

    IReadOnlyList<IActorRef> IInternalActorRef.Children => Inner.Children;

    private IInternalActorRef Inner => (IInternalActorRef)TestActor;

    /// <summary>Tells the actor a message of the probe's.</summary>
    public void Send(IActorRef actor, object message) => actor.Tell(message, TestActor);

    /// <summary>Answers the last message the probe received.</summary>
    public void Reply(object message) => Sender.Tell(message, TestActor);

    /// <summary>Passes on the last message the probe received, with its sender.</summary>
    public void Forward(IActorRef actor) => Forward(actor, LastReceived.Message);

    /// <summary>Tells the actor a message of the sender of the last one the probe received.</summary>
    public void Forward(IActorRef actor, object message) => actor.Tell(message, Sender);

    void ICanTell.Tell(object message, IActorRef? sender) => TestActor.Tell(message, sender);

    /// <summary>Whether the other one is the probe's actor.</summary>
    public bool Equals(IActorRef? other) => TestActor.Equals(other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as IActorRef);

    /// <inheritdoc/>
    public override int GetHashCode() => TestActor.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => $"{TestActor}";

    int IComparable<IActorRef>.CompareTo(IActorRef? other) => TestActor.CompareTo(other);

    int IComparable.CompareTo(object? obj) => TestActor.CompareTo(obj);

    IInternalActorRef IInternalActorRef.GetChild(string name) => Inner.GetChild(name);

    void IInternalActorRef.SendSystemMessage(SystemMessage message) => Inner.SendSystemMessage(message);
}
