using Akka.Actor;

namespace Akka.Event;

/// <summary>The logger of a system that configures none: it writes to the console.</summary>
public sealed class DefaultLogger : ReceiveActor
{
    /// <summary>Made by the system.</summary>
    public DefaultLogger()
    {
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(entry => Console.Out.WriteLine(entry));
    }
}

/// <summary>Writes to the console while no logger is there.</summary>
internal sealed class StandardOutLogger(ActorSystemImpl system) : MinimalActorRef
{
    public override ActorPath Path { get; } = system.NewTempPath();

    protected override void TellInternal(object message, IActorRef? sender)
    {
        if (message is LogEvent)
            Console.Out.WriteLine(message);
    }
}
