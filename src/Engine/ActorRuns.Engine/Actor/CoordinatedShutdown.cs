using Akka.Configuration;

namespace Akka.Actor;

/// <summary>
/// Ends a system in phases: tasks registered for a phase run together, and the next phase waits for them, for as long
/// as the phase's timeout allows. The last one terminates the system. The engine listens to no signals of the process:
/// the host calls <see cref="Run"/>.
/// </summary>
public sealed class CoordinatedShutdown : IExtension
{
    /// <summary>Before connections are refused.</summary>
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";

    /// <summary>New connections are refused.</summary>
    public const string PhaseServiceUnbind = "service-unbind";

    /// <summary>Requests that have begun come to their end.</summary>
    public const string PhaseServiceRequestsDone = "service-requests-done";

    /// <summary>What serves requests stops.</summary>
    public const string PhaseServiceStop = "service-stop";

    /// <summary>Before a member leaves its cluster.</summary>
    public const string PhaseBeforeClusterShutdown = "before-cluster-shutdown";

    /// <summary>A member's shards are handed over.</summary>
    public const string PhaseClusterShardingShutdownRegion = "cluster-sharding-shutdown-region";

    /// <summary>A member says that it leaves.</summary>
    public const string PhaseClusterLeave = "cluster-leave";

    /// <summary>A member leaves.</summary>
    public const string PhaseClusterExiting = "cluster-exiting";

    /// <summary>A member has left.</summary>
    public const string PhaseClusterExitingDone = "cluster-exiting-done";

    /// <summary>What made the process a member stops.</summary>
    public const string PhaseClusterShutdown = "cluster-shutdown";

    /// <summary>The last chance to use actors.</summary>
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";

    /// <summary>The system terminates.</summary>
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    private readonly ExtendedActorSystem _system;
    private readonly IReadOnlyList<ShutdownPhase> _phases;
    private readonly Lock _gate = new();
    private Task<Done>? _run;

    internal CoordinatedShutdown(ExtendedActorSystem system)
    {
        _system = system;
        _phases = ShutdownPhase.InOrder(system.Settings.Config.GetConfig("akka.coordinated-shutdown"));
    }

    /// <summary>Why the system ends; null while it does not.</summary>
    public Reason? ShutdownReason { get; private set; }

    /// <summary>The system's coordinated shutdown.</summary>
    public static CoordinatedShutdown Get(ActorSystem sys) => CoordinatedShutdownExtension.Instance.Apply(sys);

    /// <summary>Adds a task to a phase that has not begun. A task that fails is logged, and the phases go on.</summary>
    /// <exception cref="ConfigurationException">There is no such phase.</exception>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        ArgumentNullException.ThrowIfNull(task);
        Phase(phase).Add(taskName, task);
    }

    /// <summary>Runs all phases, or those from the one named; once, whatever is asked later.</summary>
    /// <returns>Completes when the last phase has ended.</returns>
    /// <exception cref="ConfigurationException">There is no such phase.</exception>
    public Task<Done> Run(Reason reason, string? fromPhase = null)
    {
        var first = fromPhase is null ? _phases[0] : Phase(fromPhase);
        lock (_gate)
        {
            ShutdownReason ??= reason;
            return _run ??= Task.Run(() => RunPhases(first));
        }
    }

    private ShutdownPhase Phase(string name) => _phases.FirstOrDefault(phase => phase.Name == name)
        ?? throw new ConfigurationException(
            $"There is no shutdown phase '{name}', only {string.Join(", ", _phases.Select(phase => phase.Name))}.");

    private async Task<Done> RunPhases(ShutdownPhase first)
    {
        foreach (var phase in _phases.SkipWhile(phase => phase != first))
            await phase.Run(_system.Log);
        if (_system.Settings.Config.GetBoolean("akka.coordinated-shutdown.terminate-actor-system"))
        {
            ((ActorSystemImpl)_system).StopGuardians();
            await _system.WhenTerminated;
        }

        return Done.Instance;
    }

    /// <summary>Why a system ends. Derive from it to give reasons of your own.</summary>
    public class Reason
    {
        /// <summary>A reason.</summary>
        protected Reason()
        {
        }

        /// <inheritdoc/>
        public override string ToString() => GetType().Name;
    }

    /// <summary>Nobody said why.</summary>
    public sealed class UnknownReason : Reason
    {
        /// <summary>The only instance.</summary>
        public static readonly Reason Instance = new UnknownReason();

        private UnknownReason()
        {
        }
    }

    /// <summary><see cref="ActorSystem.Terminate"/> was called.</summary>
    public sealed class ActorSystemTerminateReason : Reason
    {
        /// <summary>The only instance.</summary>
        public static readonly Reason Instance = new ActorSystemTerminateReason();

        private ActorSystemTerminateReason()
        {
        }
    }

    /// <summary>The process ends.</summary>
    public sealed class ClrExitReason : Reason
    {
        /// <summary>The only instance.</summary>
        public static readonly Reason Instance = new ClrExitReason();

        private ClrExitReason()
        {
        }
    }
}

/// <summary>Gives each system its coordinated shutdown.</summary>
public sealed class CoordinatedShutdownExtension : ExtensionIdProvider<CoordinatedShutdown>
{
    /// <summary>The only instance.</summary>
    public static readonly CoordinatedShutdownExtension Instance = new();

    private CoordinatedShutdownExtension()
    {
    }

    /// <inheritdoc/>
    public override CoordinatedShutdown CreateExtension(ExtendedActorSystem system) => new(system);
}
