using System.Globalization;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>A system's configuration and what the engine reads from it, once, when the system is made.</summary>
public sealed class Settings
{
    private const string ReferenceResource = "Akka.Actor.reference.conf";

    private const string DefaultExecutor = "default-executor";
    private const string CurrentContextExecutor = "current-context-executor";

    private volatile Config _config;

    internal Settings(ActorSystemSetup setup)
    {
        Setup = setup;
        var given = setup.Get<BootstrapSetup>().GetOrElse(BootstrapSetup.Create()).Config;
        var config = _config = given.GetOrElse(ConfigurationFactory.Empty).WithFallback(Reference());

        LogLevel = config.GetString("akka.loglevel", "INFO");
        StdoutLogLevel = config.GetString("akka.stdout-loglevel", "WARNING");
        Loggers = config.GetStringList("akka.loggers");
        LoggerFormatter = config.GetString("akka.logger-formatter", nameof(DefaultLogMessageFormatter));
        LoggerStartTimeout = config.GetTimeSpan("akka.logger-startup-timeout");
        LogDeadLetters = DeadLettersToLog(config.GetString("akka.log-dead-letters", "10"));
        LogDeadLettersDuringShutdown = config.GetBoolean("akka.log-dead-letters-during-shutdown");
        LogDeadLettersSuspendDuration = config.GetTimeSpan("akka.log-dead-letters-suspend-duration");
        DebugUnhandledMessage = config.GetBoolean("akka.actor.debug.unhandled");
        AskTimeout = config.GetTimeSpan("akka.actor.ask-timeout");
        Throughput = Math.Max(1, config.GetInt("akka.actor.default-dispatcher.throughput"));
        Turns = TurnsOf(config.GetString("akka.actor.default-dispatcher.executor", DefaultExecutor));
        SchedulerClass = config.GetString("akka.scheduler.implementation", nameof(HeapScheduler));
    }

    /// <summary>The whole configuration, with the engine's defaults.</summary>
    public Config Config => _config;

    /// <summary>The parts the system was made with.</summary>
    public ActorSystemSetup Setup { get; }

    /// <summary>What is published: <c>OFF</c>, <c>ERROR</c>, <c>WARNING</c>, <c>INFO</c> or <c>DEBUG</c>.</summary>
    public string LogLevel { get; }

    /// <summary>What goes to the console while no logger is there.</summary>
    public string StdoutLogLevel { get; }

    /// <summary>The class names of the loggers.</summary>
    public IList<string> Loggers { get; }

    /// <summary>The class name of what puts arguments into log messages.</summary>
    public string LoggerFormatter { get; }

    /// <summary>How long a logger may take to answer.</summary>
    public TimeSpan LoggerStartTimeout { get; }

    /// <summary>How many dead letters are logged before the log falls silent for a while.</summary>
    public int LogDeadLetters { get; }

    /// <summary>Whether dead letters are logged while the system terminates.</summary>
    public bool LogDeadLettersDuringShutdown { get; }

    /// <summary>For how long the log of dead letters falls silent; infinite for good.</summary>
    public TimeSpan LogDeadLettersSuspendDuration { get; }

    /// <summary>Whether what no handler takes is logged.</summary>
    public bool DebugUnhandledMessage { get; }

    /// <summary>How long an ask waits that is given no time; infinite by default.</summary>
    public TimeSpan AskTimeout { get; }

    /// <summary>The class name of the scheduler.</summary>
    public string SchedulerClass { get; }

    /// <summary>How many messages an actor handles before others get its thread.</summary>
    internal int Throughput { get; }

    /// <summary>Where actors take their turns; null for the thread pool.</summary>
    internal SynchronizationContext? Turns { get; }

    /// <summary>Adds defaults below everything that is there; extensions do, before they read their settings.</summary>
    public void InjectTopLevelFallback(Config config) => _config = _config.WithFallback(config);

    private static Config Reference()
    {
        using var stream = typeof(Settings).Assembly.GetManifestResourceStream(ReferenceResource)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {ReferenceResource}.");
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }

    private static SynchronizationContext? TurnsOf(string executor) => executor switch
    {
        DefaultExecutor => null,
        CurrentContextExecutor => SynchronizationContext.Current ?? throw new ConfigurationException(
            $"akka.actor.default-dispatcher.executor is {CurrentContextExecutor}, and there is no current context."),
        _ => throw new ConfigurationException($"akka.actor.default-dispatcher.executor is '{executor}'; it must be "
            + $"{DefaultExecutor} or {CurrentContextExecutor}."),
    };

    private static int DeadLettersToLog(string setting) => setting switch
    {
        "on" or "true" => int.MaxValue,
        "off" or "false" => 0,
        _ when int.TryParse(setting, NumberStyles.None, CultureInfo.InvariantCulture, out var count) => count,
        _ => throw new ConfigurationException(
            $"akka.log-dead-letters is '{setting}'; it must be on, off or a number."),
    };
}
