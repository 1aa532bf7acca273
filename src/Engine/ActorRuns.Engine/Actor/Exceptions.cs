namespace Akka.Actor;

/// <summary>What all exceptions of the engine derive from.</summary>
public abstract class AkkaException : Exception
{
    /// <summary>An exception with what it says and, if there is one, its cause.</summary>
    protected AkkaException(string? message, Exception? cause = null) : base(message, cause)
    {
    }

    /// <summary>What caused it, or null.</summary>
    protected Exception? Cause => InnerException;
}

/// <summary>An actor's constructor or <c>PreStart</c> failed, or its props fit no constructor.</summary>
public class ActorInitializationException : AkkaException
{
    /// <summary>A failure to start with what it says.</summary>
    public ActorInitializationException(string message) : base(message)
    {
    }

    /// <summary>A failure of this actor to start.</summary>
    public ActorInitializationException(IActorRef? actor, string message, Exception? cause = null)
        : base(message, cause) => Actor = actor;

    /// <summary>Who failed; null when that is not known.</summary>
    public IActorRef? Actor { get; }
}

/// <summary><c>PostRestart</c> or the constructor of the new instance failed during a restart.</summary>
public sealed class PostRestartException(IActorRef actor, Exception cause, Exception originalCause)
    : ActorInitializationException(
        actor,
        $"Exception post restart ({originalCause.GetType().Name}: {originalCause.Message})",
        cause)
{
    /// <summary>Why the actor was restarted.</summary>
    public Exception OriginalCause { get; } = originalCause;
}

/// <summary>The receiver of a <see cref="Kill"/>.</summary>
public sealed class ActorKilledException(string message) : AkkaException(message);

/// <summary>A watcher did not handle the <see cref="Terminated"/> it asked for.</summary>
public sealed class DeathPactException(IActorRef deadActor)
    : AkkaException($"Monitored actor [{deadActor}] terminated.")
{
    /// <summary>Who had stopped.</summary>
    public IActorRef DeadActor { get; } = deadActor;
}

/// <summary>A name that no actor may have, or that another one has.</summary>
public sealed class InvalidActorNameException(string message, Exception? cause = null) : AkkaException(message, cause);

/// <summary>A message that cannot be told.</summary>
public sealed class InvalidMessageException(string message) : AkkaException(message);

/// <summary>There is no actor where one was looked for.</summary>
public sealed class ActorNotFoundException(string message, Exception? cause = null) : AkkaException(message, cause);

/// <summary>No reply came in time.</summary>
public sealed class AskTimeoutException(string message) : AkkaException(message);

/// <summary>Something an actor's state does not permit, such as to stash one message twice.</summary>
public sealed class IllegalActorStateException(string message) : AkkaException(message);

/// <summary>A logger did not answer its <see cref="Akka.Event.InitializeLogger"/>.</summary>
public sealed class LoggerInitializationException(string message, Exception? cause = null)
    : AkkaException(message, cause);
