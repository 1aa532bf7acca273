using System.Collections.Concurrent;
using Akka.Actor.Setup;
using Akka.Dispatch.SysMsg;
using Akka.Event;
using Akka.Util;

namespace Akka.Actor;

/// <summary>The actor system itself: the guardians, what hangs from them, and the order in which it all ends.</summary>
internal sealed class ActorSystemImpl : ExtendedActorSystem
{
    // One for all systems: actors under the same path in systems of the same name are not the same either.
    private static long _lastUid;

    private readonly ConcurrentDictionary<Type, Lazy<object>> _extensions = new();
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ActorPath _temp;
    private readonly LocalActorRef _user;
    private readonly LocalActorRef _system;
    private readonly Lazy<Akka.Serialization.Serialization> _serialization;
    private long _lastTemp;
    private int _isTerminating;

    public ActorSystemImpl(string name, ActorSystemSetup setup)
    {
        if (!IsValidName(name))
        {
            throw new ArgumentException(
                $"'{name}' is no name for an actor system; use letters, digits and hyphens.", nameof(name));
        }

        Name = name;
        Settings = new Settings(setup);
        EventStream = new EventStream();
        var rootPath = new RootActorPath(new Address("akka", name));
        _temp = rootPath / "temp";
        DeadLetters = new DeadLetterActorRef(this, rootPath / "deadLetters");
        Loggers = new Loggers(this);
        Log = Logging.GetLogger(this, nameof(ActorSystem));
        Scheduler = NewScheduler();
        _serialization = new Lazy<Akka.Serialization.Serialization>(() => new Akka.Serialization.Serialization(this));

        var above = new TerminationRef(this, rootPath / "_above", Finish);
        Root = new LocalActorRef(this, Props.Create<RootGuardian>(), above, rootPath);
        _user = Root.Cell.Spawn(Props.Create<Guardian>(), "user");
        _system = Root.Cell.Spawn(Props.Create<SystemGuardian>(_user), "system");
    }

    public override string Name { get; }

    public override Settings Settings { get; }

    public override Akka.Serialization.Serialization Serialization => _serialization.Value;

    public override EventStream EventStream { get; }

    public override IActorRef DeadLetters { get; }

    public override ILoggingAdapter Log { get; }

    public override IScheduler Scheduler { get; }

    public override Task WhenTerminated => _terminated.Task;

    public override IActorRef Guardian => _user;

    public override IActorRef SystemGuardian => _system;

    /// <summary>The clock of what does not go by the scheduler: log entries, restart limits.</summary>
    public TimeProvider Time { get; } = TimeProvider.System;

    public LocalActorRef Root { get; }

    public Loggers Loggers { get; }

    /// <summary>Lets the actors of the engine begin, then the loggers.</summary>
    public void Start()
    {
        Root.Cell.Start();
        Root.Tell(_system, ActorRefs.NoSender);
        Loggers.Start();
    }

    public override IActorRef ActorOf(Props props, string? name = null) => _user.Cell.ActorOf(props, name);

    public override IActorRef SystemActorOf(Props props, string? name = null) => _system.Cell.ActorOf(props, name);

    public override ActorSelection ActorSelection(ActorPath actorPath) => Actor.ActorSelection.Of(actorPath, this);

    public override ActorSelection ActorSelection(string actorPath) =>
        Actor.ActorSelection.Of(actorPath, this, Root);

    public override void Stop(IActorRef actor)
    {
        var reference = (IInternalActorRef)actor;
        if (reference.Parent is LocalActorRef parent)
            parent.Cell.Stop(reference);
        else
            reference.SendSystemMessage(new Terminate());
    }

    public override async Task Terminate()
    {
        if (Settings.Config.GetBoolean("akka.coordinated-shutdown.run-by-actor-system-terminate"))
            await CoordinatedShutdown.Get(this).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        StopGuardians();
        await WhenTerminated;
    }

    /// <summary>Stops the user's actors and, when they are gone, the engine's own. Twice is as good as once.</summary>
    public void StopGuardians()
    {
        if (Interlocked.Exchange(ref _isTerminating, 1) == 0)
        {
            Loggers.SystemIsTerminating();
            Stop(_user);
        }
    }

    public override void RegisterOnTermination(Action code)
    {
        _ = RunAtEnd();

        async Task RunAtEnd()
        {
            await WhenTerminated;
            code();
        }
    }

    public override object RegisterExtension(IExtensionId extension) => _extensions.GetOrAdd(
        extension.ExtensionType,
        static (_, arguments) => new Lazy<object>(() => arguments.extension.CreateExtension(arguments.system)),
        (extension, system: this)).Value;

    public override T GetExtension<T>() => _extensions.TryGetValue(typeof(T), out var extension)
        ? (T)extension.Value
        : throw new InvalidOperationException($"The extension {typeof(T)} has not been registered.");

    public override bool HasExtension<T>() => _extensions.ContainsKey(typeof(T));

    public override string ToString() => Root.Path.Address.ToString();

    /// <summary>Tells the lives of actors under one path apart.</summary>
    internal static long NextUid() => Interlocked.Increment(ref _lastUid);

    /// <summary>A path for a reference that lives as long as one ask.</summary>
    internal ActorPath NewTempPath()
    {
        var number = Interlocked.Increment(ref _lastTemp);
        return new ChildActorPath(_temp, "$" + Letters.Of(number), NextUid());
    }

    private static bool IsValidName(string name) =>
        name.Length > 0 && name[0] != '-' && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-');

    private IScheduler NewScheduler()
    {
        var type = TypeNames.Require(Settings.SchedulerClass, "akka.scheduler.implementation");
        return (IScheduler)Activator.CreateInstance(type, Settings.Config, Log)!; // Null only for Nullable<T>.
    }

    private void Finish()
    {
        Loggers.Stop();
        (Scheduler as IDisposable)?.Dispose();
        _terminated.TrySetResult();
    }
}
