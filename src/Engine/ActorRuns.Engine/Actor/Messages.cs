using Akka.Event;

namespace Akka.Actor;

/// <summary>Marks messages that the engine itself handles for the actor.</summary>
public interface IAutoReceivedMessage;

/// <summary>Marks messages that an actor should not accept from strangers.</summary>
public interface IPossiblyHarmful;

/// <summary>Marks messages that do not start the receive timeout anew.</summary>
public interface INotInfluenceReceiveTimeout;

/// <summary>Stops the receiver once it has handled what waits before it.</summary>
public sealed class PoisonPill : IAutoReceivedMessage, IPossiblyHarmful, IDeadLetterSuppression
{
    /// <summary>The only instance.</summary>
    public static readonly PoisonPill Instance = new();

    private PoisonPill()
    {
    }

    /// <inheritdoc/>
    public override string ToString() => "<PoisonPill>";
}

/// <summary>Makes the receiver fail with an <see cref="ActorKilledException"/>.</summary>
public sealed class Kill : IAutoReceivedMessage, IPossiblyHarmful
{
    /// <summary>The only instance.</summary>
    public static readonly Kill Instance = new();

    private Kill()
    {
    }

    /// <inheritdoc/>
    public override string ToString() => "<Kill>";
}

/// <summary>Asks the receiver who it is; every actor answers with an <see cref="ActorIdentity"/>.</summary>
/// <param name="messageId">Comes back with the answer.</param>
public sealed class Identify(object? messageId) : IAutoReceivedMessage, INotInfluenceReceiveTimeout
{
    /// <summary>Comes back with the answer.</summary>
    public object? MessageId { get; } = messageId;
}

/// <summary>The answer to an <see cref="Identify"/>.</summary>
/// <param name="messageId">The one of the question.</param>
/// <param name="subject">Who answers; null when there is no actor at the path asked.</param>
public sealed class ActorIdentity(object? messageId, IActorRef? subject)
{
    /// <summary>The one of the question.</summary>
    public object? MessageId { get; } = messageId;

    /// <summary>Who answers; null when there is no actor at the path asked.</summary>
    public IActorRef Subject { get; } = subject!; // Null is part of the answer, as in Akka.NET's unannotated API.
}

/// <summary>Tells a watcher that an actor has stopped. Reaches its handlers only while the actor is watched.</summary>
/// <param name="actorRef">Who has stopped.</param>
/// <param name="existenceConfirmed">Whether it was there when the watch began.</param>
/// <param name="addressTerminated">Whether its whole system is gone; never in this engine.</param>
public sealed class Terminated(IActorRef actorRef, bool existenceConfirmed, bool addressTerminated)
    : IAutoReceivedMessage, IPossiblyHarmful, IDeadLetterSuppression
{
    /// <summary>Who has stopped.</summary>
    public IActorRef ActorRef { get; } = actorRef;

    /// <summary>False when the actor had stopped before the watch began.</summary>
    public bool ExistenceConfirmed { get; } = existenceConfirmed;

    /// <summary>Whether its whole system is gone.</summary>
    public bool AddressTerminated { get; } = addressTerminated;

    /// <inheritdoc/>
    public override string ToString() =>
        $"<Terminated>: {ActorRef} - ExistenceConfirmed={ExistenceConfirmed}";
}

/// <summary>Told to an actor that was idle for its receive timeout.</summary>
public sealed class ReceiveTimeout : IPossiblyHarmful
{
    /// <summary>The only instance.</summary>
    public static readonly ReceiveTimeout Instance = new();

    private ReceiveTimeout()
    {
    }
}

/// <summary>How something ended, as a message.</summary>
public abstract class Status
{
    private Status()
    {
    }

    /// <summary>It went well.</summary>
    /// <param name="status">What came of it.</param>
    public sealed class Success(object? status) : Status
    {
        /// <summary>A success without a result.</summary>
        public static readonly Success Instance = new(null);

        /// <summary>What came of it.</summary>
        public object? Status { get; } = status;
    }

    /// <summary>It failed. As the reply to an ask it throws its cause.</summary>
    public sealed class Failure : Status
    {
        /// <summary>A failure with its cause.</summary>
        public Failure(Exception cause) => Cause = cause;

        /// <summary>A failure with its cause, and whatever else the receiver should know.</summary>
        public Failure(Exception cause, object? state) : this(cause) => State = state;

        /// <summary>What went wrong.</summary>
        public Exception Cause { get; }

        /// <summary>What the teller adds.</summary>
        public object? State { get; }

        /// <inheritdoc/>
        public override string ToString() => $"Failure: {Cause}";
    }
}
