using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Takes messages: an actor, a selection of actors, a test probe.</summary>
public interface ICanTell
{
    /// <summary>Hands the message over and returns at once. It arrives at most once, in order for one sender.</summary>
    /// <param name="message">What is told; never null.</param>
    /// <param name="sender">Who is to get replies; null for nobody.</param>
    void Tell(object message, IActorRef? sender);
}

/// <summary>
/// One life of one actor: it survives restarts, and is not equal to the reference of the next actor under the same
/// path. Safe to use from any thread.
/// </summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>, IComparable<IActorRef>, IComparable
{
    /// <summary>Where the actor lives.</summary>
    ActorPath Path { get; }
}

/// <summary>What the engine asks of every reference besides telling.</summary>
internal interface IInternalActorRef : IActorRef
{
    /// <summary>The system of the reference; null for <see cref="ActorRefs.Nobody"/>.</summary>
    ActorSystemImpl? System { get; }

    /// <summary>The reference above, or Nobody.</summary>
    IInternalActorRef Parent { get; }

    /// <summary>The children that are there now.</summary>
    IReadOnlyList<IActorRef> Children { get; }

    /// <summary>The child of this name, or Nobody.</summary>
    IInternalActorRef GetChild(string name);

    /// <summary>Hands over a message of the engine's own, which is handled before all others.</summary>
    void SendSystemMessage(SystemMessage message);
}

/// <summary>Equality, order and text of references.</summary>
public abstract class ActorRefBase : IActorRef
{
    /// <inheritdoc/>
    public abstract ActorPath Path { get; }

    /// <inheritdoc/>
    public void Tell(object message, IActorRef? sender)
    {
        if (message is null)
            throw new InvalidMessageException("A message must not be null.");
        TellInternal(message, sender);
    }

    /// <summary>Takes a message that is known not to be null.</summary>
    protected abstract void TellInternal(object message, IActorRef? sender);

    /// <inheritdoc/>
    public bool Equals(IActorRef? other) =>
        ReferenceEquals(this, other) || (other is not null && Path.Uid == other.Path.Uid && Path.Equals(other.Path));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as IActorRef);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        Path.Uid == ActorPath.UndefinedUid ? Path.GetHashCode() : Path.Uid.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(IActorRef? other)
    {
        var byPath = Path.CompareTo(other?.Path);
        return byPath != 0 || other is null ? byPath : Path.Uid.CompareTo(other.Path.Uid);
    }

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as IActorRef);

    /// <inheritdoc/>
    public override string ToString() => $"[{Path.ToStringWithUid()}]";
}

/// <summary>A reference without an actor, mailbox or children behind it.</summary>
internal abstract class MinimalActorRef : ActorRefBase, IInternalActorRef
{
    public virtual ActorSystemImpl? System => null;

    public virtual IInternalActorRef Parent => Nobody.Instance;

    public virtual IReadOnlyList<IActorRef> Children => [];

    public virtual IInternalActorRef GetChild(string name) => Nobody.Instance;

    public virtual void SendSystemMessage(SystemMessage message)
    {
    }

    protected override void TellInternal(object message, IActorRef? sender)
    {
    }
}

/// <summary>The reference that stands for no actor: it takes every message and does nothing.</summary>
internal sealed class Nobody : MinimalActorRef
{
    public static readonly Nobody Instance = new();

    private Nobody()
    {
    }

    public override ActorPath Path { get; } = new RootActorPath(new Address("akka", "all-systems")) / "Nobody";
}

/// <summary>References that stand for no actor.</summary>
public static class ActorRefs
{
    /// <summary>An object that takes everything and answers nothing.</summary>
    public static readonly IActorRef Nobody = Actor.Nobody.Instance;

    /// <summary>No sender at all: null. The receiver sees <see cref="ActorSystem.DeadLetters"/>.</summary>
    public static readonly IActorRef NoSender = null!; // Null is its documented value.
}
