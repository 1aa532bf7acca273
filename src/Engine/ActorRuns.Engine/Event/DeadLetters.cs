using Akka.Actor;

namespace Akka.Event;

/// <summary>Marks messages whose loss is of no interest: they become <see cref="SuppressedDeadLetter"/>s.</summary>
public interface IDeadLetterSuppression;

/// <summary>What all that reached nobody has in common.</summary>
/// <param name="message">What was told.</param>
/// <param name="sender">Who told it, or the system's dead letters.</param>
/// <param name="recipient">Whom it was for.</param>
public abstract class AllDeadLetters(object message, IActorRef sender, IActorRef recipient)
{
    /// <summary>What was told.</summary>
    public object Message { get; } = message;

    /// <summary>Who told it, or the system's dead letters.</summary>
    public IActorRef Sender { get; } = sender;

    /// <summary>Whom it was for.</summary>
    public IActorRef Recipient { get; } = recipient;

    /// <inheritdoc/>
    public override string ToString() => $"{GetType().Name} from {Sender} to {Recipient}: <{Message}>";
}

/// <summary>A message that reached no actor.</summary>
public sealed class DeadLetter(object message, IActorRef sender, IActorRef recipient)
    : AllDeadLetters(message, sender, recipient);

/// <summary>A message that reached no actor, and need not have.</summary>
public sealed class SuppressedDeadLetter(object message, IActorRef sender, IActorRef recipient)
    : AllDeadLetters(message, sender, recipient);

/// <summary>A message that reached an actor which handles nothing of the kind.</summary>
public sealed class UnhandledMessage(object message, IActorRef sender, IActorRef recipient)
    : AllDeadLetters(message, sender, recipient);
