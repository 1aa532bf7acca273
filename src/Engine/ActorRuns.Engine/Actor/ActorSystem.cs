using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// A tree of actors with what they share: configuration, scheduler, event stream, serializers. It lives until it is
/// terminated. All of it may be used from any thread.
/// </summary>
public abstract class ActorSystem : IActorRefFactory, IDisposable
{
    private protected ActorSystem()
    {
    }

    /// <summary>The configuration and what the engine reads from it.</summary>
    public abstract Settings Settings { get; }

    /// <summary>The name, which its actors' paths begin with.</summary>
    public abstract string Name { get; }

    /// <summary>The system's serializers.</summary>
    public abstract Akka.Serialization.Serialization Serialization { get; }

    /// <summary>
    /// Where what happens in the system is published: log entries, dead letters, whatever actors add.
    /// </summary>
    public abstract EventStream EventStream { get; }

    /// <summary>Takes what reaches nobody, and publishes it as <see cref="DeadLetter"/>.</summary>
    public abstract IActorRef DeadLetters { get; }

    /// <summary>The system's own logger.</summary>
    public abstract ILoggingAdapter Log { get; }

    /// <summary>The clock for everything that happens later.</summary>
    public abstract IScheduler Scheduler { get; }

    /// <summary>Completes when the system has terminated.</summary>
    public abstract Task WhenTerminated { get; }

    /// <summary>Makes a system without configuration of its own.</summary>
    /// <exception cref="ArgumentException">The name is not letters, digits and hyphens.</exception>
    public static ActorSystem Create(string name) => Create(name, ActorSystemSetup.Empty);

    /// <summary>Makes a system with a configuration, which goes before the engine's defaults.</summary>
    /// <exception cref="ArgumentException">The name is not letters, digits and hyphens.</exception>
    public static ActorSystem Create(string name, Config config) =>
        Create(name, BootstrapSetup.Create().WithConfig(config));

    /// <summary>Makes a system with a configuration.</summary>
    /// <exception cref="ArgumentException">The name is not letters, digits and hyphens.</exception>
    public static ActorSystem Create(string name, BootstrapSetup setup) => Create(name, ActorSystemSetup.Create(setup));

    /// <summary>Makes a system with these parts.</summary>
    /// <exception cref="ArgumentException">The name is not letters, digits and hyphens.</exception>
    public static ActorSystem Create(string name, ActorSystemSetup setup)
    {
        var system = new ActorSystemImpl(name, setup);
        system.Start();
        return system;
    }

    /// <inheritdoc/>
    public abstract IActorRef ActorOf(Props props, string? name = null);

    /// <inheritdoc/>
    public abstract ActorSelection ActorSelection(ActorPath actorPath);

    /// <inheritdoc/>
    public abstract ActorSelection ActorSelection(string actorPath);

    /// <summary>Stops the actor once it has handled its current message.</summary>
    public abstract void Stop(IActorRef actor);

    /// <summary>Runs the coordinated shutdown and with it stops all actors. Twice is as good as once.</summary>
    /// <returns>Completes when the system has terminated.</returns>
    public abstract Task Terminate();

    /// <summary>Runs the action when the system has terminated.</summary>
    public abstract void RegisterOnTermination(Action code);

    /// <summary>The system's extension, made if it is not there.</summary>
    public abstract object RegisterExtension(IExtensionId extension);

    /// <summary>The extension of this type.</summary>
    /// <exception cref="InvalidOperationException">It has not been registered.</exception>
    public abstract T GetExtension<T>() where T : class, IExtension;

    /// <summary>Whether the extension of this type has been registered.</summary>
    public abstract bool HasExtension<T>() where T : class, IExtension;

    /// <summary>Begins to terminate the system and does not wait.</summary>
    public void Dispose()
    {
        _ = Terminate();
        GC.SuppressFinalize(this);
    }
}

/// <summary>The system as extensions and plug-ins see it.</summary>
public abstract class ExtendedActorSystem : ActorSystem
{
    private protected ExtendedActorSystem()
    {
    }

    /// <summary>The supervisor of all top-level actors, at <c>/user</c>.</summary>
    public abstract IActorRef Guardian { get; }

    /// <summary>The supervisor of the engine's own actors, at <c>/system</c>; it stops after the user's.</summary>
    public abstract IActorRef SystemGuardian { get; }

    /// <summary>
    /// Creates an actor at <c>/system</c>, which lives until all actors at <c>/user</c> have stopped.
    /// </summary>
    public abstract IActorRef SystemActorOf(Props props, string? name = null);
}
