namespace Akka.Actor;

/// <summary>A message on its way, with who is to get replies.</summary>
/// <param name="Message">What was told.</param>
/// <param name="Sender">Who told it; null for nobody.</param>
public readonly record struct Envelope(object Message, IActorRef? Sender);
