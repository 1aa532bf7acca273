using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>The reference of an actor in this process.</summary>
internal sealed class LocalActorRef : ActorRefBase, IInternalActorRef
{
    public LocalActorRef(ActorSystemImpl system, Props props, IInternalActorRef parent, ActorPath path)
    {
        Path = path;
        Cell = new ActorCell(system, this, props, parent);
    }

    public override ActorPath Path { get; }

    /// <summary>The actor's inside.</summary>
    public ActorCell Cell { get; }

    public ActorSystemImpl System => Cell.SystemImpl;

    public IInternalActorRef Parent => Cell.ParentRef;

    public IReadOnlyList<IActorRef> Children => Cell.ChildRefs;

    public IInternalActorRef GetChild(string name) => Cell.FindChild(name);

    public void SendSystemMessage(SystemMessage message) => Cell.Mailbox.EnqueueSystem(message);

    protected override void TellInternal(object message, IActorRef? sender) =>
        Cell.Mailbox.Enqueue(new Envelope(message, sender));
}
