using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Stands for an actor that is not there: what it is told is published as a dead letter.</summary>
internal class EmptyLocalActorRef(ActorSystemImpl system, ActorPath path) : MinimalActorRef
{
    public sealed override ActorSystemImpl System => system;

    public override ActorPath Path => path;

    public override void SendSystemMessage(SystemMessage message)
    {
        if (message is Watch watch)
            watch.Watcher.SendSystemMessage(new DeathWatchNotification(watch.Watchee, existenceConfirmed: false));
    }

    protected override void TellInternal(object message, IActorRef? sender)
    {
        if (message is Identify identify)
            sender?.Tell(new ActorIdentity(identify.MessageId, null), this);
        else
            Publish(message, sender);
    }

    protected virtual void Publish(object message, IActorRef? sender) =>
        System.DeadLetters.Tell(new DeadLetter(message, sender ?? System.DeadLetters, this), sender);
}

/// <summary>The end of all messages that reach nobody: they are published on the event stream.</summary>
internal sealed class DeadLetterActorRef(ActorSystemImpl system, ActorPath path) : EmptyLocalActorRef(system, path)
{
    protected override void Publish(object message, IActorRef? sender)
    {
        var letter = message as DeadLetter ?? new DeadLetter(message, sender ?? this, this);
        switch (letter.Message)
        {
            // A dead letter to a dead subscriber, or a log entry about it to a dead logger, would come back for ever.
            case AllDeadLetters or LogEvent:
                break;
            case Identify identify:
                letter.Sender.Tell(new ActorIdentity(identify.MessageId, null), this);
                break;
            case IDeadLetterSuppression:
                System.EventStream.Publish(new SuppressedDeadLetter(letter.Message, letter.Sender, letter.Recipient));
                break;
            default:
                System.EventStream.Publish(letter);
                break;
        }
    }
}

/// <summary>What is above the root guardian: it learns of its end.</summary>
internal sealed class TerminationRef(ActorSystemImpl system, ActorPath path, Action onDeath) : MinimalActorRef
{
    public override ActorSystemImpl System => system;

    public override ActorPath Path => path;

    public override void SendSystemMessage(SystemMessage message)
    {
        switch (message)
        {
            case DeathWatchNotification:
                onDeath();
                break;
            case Failed failed:
                failed.Child.SendSystemMessage(new Terminate()); // A guardian that fails has nobody above to decide.
                break;
        }
    }
}
