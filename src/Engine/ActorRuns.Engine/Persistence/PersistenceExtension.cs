using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Journal;
using Akka.Util;

namespace Akka.Persistence;

/// <summary>
/// The journals and snapshot stores of a system. A plug-in is named by the path of its section in the configuration,
/// and is started when it is first asked for.
/// </summary>
internal sealed class PersistenceExtension : IExtension
{
    private static readonly Lazy<Config> Reference = new(ReadReference);

    private readonly ConcurrentDictionary<string, Lazy<JournalPlugin>> _journals = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Plugin>> _snapshotStores = new(StringComparer.Ordinal);
    private readonly ExtendedActorSystem _system;
    private readonly Config _config;

    public PersistenceExtension(ExtendedActorSystem system)
    {
        _system = system;
        _config = system.Settings.Config.WithFallback(Reference.Value);
        DefaultJournal = _config.GetString("akka.persistence.journal.plugin", "");
        DefaultSnapshotStore = _config.GetString("akka.persistence.snapshot-store.plugin", "");
        Permits = new RecoveryPermits(_config.GetInt("akka.persistence.max-concurrent-recoveries"));
    }

    /// <summary>Tells the time to what is written.</summary>
    public TimeProvider Time { get; } = TimeProvider.System;

    public RecoveryPermits Permits { get; }

    private string DefaultJournal { get; }

    private string DefaultSnapshotStore { get; }

    public static PersistenceExtension Get(ActorSystem system) => PersistenceId.Instance.Apply(system);

    /// <summary>The journal of this name, or the default one when the name is empty.</summary>
    /// <exception cref="ConfigurationException">Its section is not there or names no journal.</exception>
    public JournalPlugin Journal(string? id) => _journals.GetOrAdd(
        string.IsNullOrEmpty(id) ? DefaultJournal : id,
        path => new Lazy<JournalPlugin>(() =>
        {
            var (config, props) = Read<WriteJournalBase>(path, "journal");
            return new JournalPlugin(
                config,
                CircuitBreaker.Create(config, Time),
                EventAdapters.Create(_system, path, config),
                _system.SystemActorOf(props, path));
        })).Value;

    /// <summary>The snapshot store of this name, or the default one when the name is empty.</summary>
    /// <exception cref="ConfigurationException">Its section is not there or names no snapshot store.</exception>
    public Plugin SnapshotStore(string? id) => _snapshotStores.GetOrAdd(
        string.IsNullOrEmpty(id) ? DefaultSnapshotStore : id,
        path => new Lazy<Plugin>(() =>
        {
            var (config, props) = Read<Snapshot.SnapshotStore>(path, "snapshot-store");
            return new Plugin(config, CircuitBreaker.Create(config, Time), _system.SystemActorOf(props, path));
        })).Value;

    /// <summary>What a journal's actor is to know of itself. It waits until who started the actor is done.</summary>
    public JournalPlugin JournalOf(IActorRef self) => _journals[self.Path.Name].Value;

    /// <summary>
    /// What a snapshot store's actor is to know of itself. It waits until who started the actor is done.
    /// </summary>
    public Plugin SnapshotStoreOf(IActorRef self) => _snapshotStores[self.Path.Name].Value;

    private (Config Config, Props Props) Read<TPlugin>(string path, string kind) where TPlugin : ActorBase
    {
        if (path == "")
            throw new ConfigurationException($"There is no {kind}: akka.persistence.{kind}.plugin is empty.");

        var config = _config.GetConfig(path)
            .WithFallback(_config.GetConfig($"akka.persistence.{kind}-plugin-fallback"));
        var className = config.GetString("class")
            ?? throw new ConfigurationException($"There is no {kind} '{path}': {path}.class is not set.");
        var type = TypeNames.Require(className, $"{path}.class");
        if (!type.IsAssignableTo(typeof(TPlugin)))
            throw new ConfigurationException($"{path}.class is '{className}', which is no {typeof(TPlugin).Name}.");
        var takesConfig = type.GetConstructor([typeof(Config)]) is not null;
        return (config, takesConfig ? Props.Create(type, config) : Props.Create(type));
    }

    private static Config ReadReference()
    {
        using var stream = typeof(PersistenceExtension).Assembly
            .GetManifestResourceStream("Akka.Persistence.reference.conf")!; // Named in the project file.
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }

    private sealed class PersistenceId : ExtensionIdProvider<PersistenceExtension>
    {
        public static readonly PersistenceId Instance = new();

        public override PersistenceExtension CreateExtension(ExtendedActorSystem system) => new(system);
    }
}

/// <summary>A plug-in that runs.</summary>
/// <param name="Config">Its section, with the defaults.</param>
/// <param name="Breaker">Guards the calls to it.</param>
/// <param name="Ref">Its actor.</param>
internal record Plugin(Config Config, CircuitBreaker Breaker, IActorRef Ref);

/// <summary>A journal that runs.</summary>
/// <param name="Config">Its section, with the defaults.</param>
/// <param name="Breaker">Guards the calls to it.</param>
/// <param name="Adapters">Between its events and the actors'.</param>
/// <param name="Ref">Its actor.</param>
internal sealed record JournalPlugin(Config Config, CircuitBreaker Breaker, EventAdapters Adapters, IActorRef Ref)
    : Plugin(Config, Breaker, Ref)
{
    /// <summary>How long a recovery waits for the next event.</summary>
    public TimeSpan RecoveryEventTimeout { get; } = Config.GetTimeSpan("recovery-event-timeout");
}
