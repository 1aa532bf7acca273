using Akka.Event;

namespace Akka.Actor;

/// <summary>An actor at the top of the tree, which supervises and does nothing else.</summary>
internal class Guardian : ActorBase
{
    protected override bool Receive(object message)
    {
        Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
        return true;
    }

    // Its children belong to everybody; they are not stopped because it fails.
    protected override void PreRestart(Exception reason, object message)
    {
    }
}

/// <summary>The guardian at <c>/system</c>: it stops when the one it waits for has.</summary>
internal sealed class SystemGuardian(IActorRef userGuardian) : Guardian
{
    protected override void PreStart() => Context.Watch(userGuardian);

    protected override bool Receive(object message)
    {
        if (message is not Terminated)
            return base.Receive(message);
        Context.Stop(Self);
        return true;
    }
}

/// <summary>The guardian above all: it stops when the system's guardian, the last of its children, has.</summary>
internal sealed class RootGuardian : Guardian
{
    protected override SupervisorStrategy SupervisorStrategy() => Actor.SupervisorStrategy.StoppingStrategy;

    protected override bool Receive(object message)
    {
        if (message is not IActorRef systemGuardian)
            return base.Receive(message);
        Context.Watch(systemGuardian);
        Become(WaitingForTheEnd);
        return true;
    }

    private bool WaitingForTheEnd(object message)
    {
        if (message is not Terminated)
            return base.Receive(message);
        Context.Stop(Self);
        return true;
    }
}
