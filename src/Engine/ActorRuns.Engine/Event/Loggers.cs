using System.Reflection;
using Akka.Actor;
using Akka.Util;

namespace Akka.Event;

/// <summary>The loggers of one system: made from its configuration, and the console while they are not there.</summary>
internal sealed class Loggers(ActorSystemImpl system)
{
    private static readonly LogLevel[] Levels =
        [LogLevel.DebugLevel, LogLevel.InfoLevel, LogLevel.WarningLevel, LogLevel.ErrorLevel];

    private readonly List<IActorRef> _loggers = [];
    private ILogMessageFormatter? _formatter;
    private StandardOutLogger? _console;
    private DeadLetterListener? _deadLetters;

    /// <summary>The configured formatter.</summary>
    public ILogMessageFormatter Formatter => _formatter ??= NewFormatter(system.Settings.LoggerFormatter);

    /// <summary>
    /// Makes the loggers. They have the entries made from now on, those included that come before they run.
    /// </summary>
    public void Start()
    {
        var settings = system.Settings;
        var level = Logging.LogLevelFor(settings.LogLevel);
        system.EventStream.SetLogLevel(level);
        foreach (var name in settings.Loggers)
            Start(TypeNames.Require(name, "A logger in akka.loggers"), level);
        if (_loggers.Count == 0)
            Subscribe(_console = new StandardOutLogger(system), Logging.LogLevelFor(settings.StdoutLogLevel));

        if (settings.LogDeadLetters > 0 && level <= LogLevel.InfoLevel)
        {
            _deadLetters = new DeadLetterListener(system);
            system.EventStream.Subscribe(_deadLetters, typeof(DeadLetter));
        }

        if (settings.DebugUnhandledMessage)
            system.EventStream.Subscribe(new UnhandledListener(system), typeof(UnhandledMessage));
    }

    /// <summary>From here on dead letters are many and of little interest.</summary>
    public void SystemIsTerminating()
    {
        if (_deadLetters is { } listener && !system.Settings.LogDeadLettersDuringShutdown)
            system.EventStream.Unsubscribe(listener);
    }

    /// <summary>The loggers are gone; what is still logged goes to the console.</summary>
    public void Stop()
    {
        foreach (var logger in _loggers)
            system.EventStream.Unsubscribe(logger);
        if (_console is null)
            Subscribe(_console = new StandardOutLogger(system), Logging.LogLevelFor(system.Settings.StdoutLogLevel));
    }

    private static ILogMessageFormatter NewFormatter(string name)
    {
        var type = TypeNames.Require(name, "akka.logger-formatter");
        var instance = type.GetField("Instance", BindingFlags.Public | BindingFlags.Static)?.GetValue(null)
            ?? Activator.CreateInstance(type);
        return (ILogMessageFormatter)instance!; // Null only for Nullable<T>.
    }

    private void Start(Type type, LogLevel level)
    {
        var logger = system.SystemActorOf(Props.Create(type), $"log{_loggers.Count + 1}-{type.Name}");
        _loggers.Add(logger);
        _ = InitializeAsync(logger, type);
        Subscribe(logger, level);
    }

    private async Task InitializeAsync(IActorRef logger, Type type)
    {
        try
        {
            await logger.Ask<LoggerInitialized>(
                new InitializeLogger(system.EventStream), system.Settings.LoggerStartTimeout).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            system.EventStream.Unsubscribe(logger);
            system.Log.Warning(e, "Logger [{0}] did not answer and is dropped.", type);
        }
    }

    private void Subscribe(IActorRef logger, LogLevel least)
    {
        foreach (var level in Levels.Where(level => level >= least))
            system.EventStream.Subscribe(logger, Logging.ClassFor(level));
    }
}

/// <summary>Logs dead letters until there are too many, and again after a while.</summary>
internal sealed class DeadLetterListener(ActorSystemImpl system) : MinimalActorRef
{
    private readonly ILoggingAdapter _log = Logging.GetLogger(system, typeof(DeadLetterListener));
    private int _logged;
    private long _silentSince;

    public override ActorPath Path { get; } = system.NewTempPath();

    protected override void TellInternal(object message, IActorRef? sender)
    {
        if (message is not DeadLetter letter || !MayLog(out var isLast))
            return;
        _log.Info(
            "Message [{0}] from {1} to {2} was not delivered.{3}",
            letter.Message.GetType().Name,
            letter.Sender,
            letter.Recipient,
            isLast ? " No more dead letters are logged for now; see akka.log-dead-letters." : "");
    }

    private bool MayLog(out bool isLast)
    {
        var (settings, time) = (system.Settings, system.Time);
        var count = Interlocked.Increment(ref _logged);
        isLast = count == settings.LogDeadLetters;
        if (isLast)
            _silentSince = time.GetTimestamp();
        if (count <= settings.LogDeadLetters)
            return true;
        if (settings.LogDeadLettersSuspendDuration < TimeSpan.Zero
            || time.GetElapsedTime(_silentSince) < settings.LogDeadLettersSuspendDuration)
            return false;
        Interlocked.Exchange(ref _logged, 1);
        return true;
    }
}

/// <summary>Logs what no handler takes, where that is asked for.</summary>
internal sealed class UnhandledListener(ActorSystemImpl system) : MinimalActorRef
{
    private readonly ILoggingAdapter _log = Logging.GetLogger(system, typeof(UnhandledListener));

    public override ActorPath Path { get; } = system.NewTempPath();

    protected override void TellInternal(object message, IActorRef? sender)
    {
        if (message is UnhandledMessage letter)
            _log.Debug("Unhandled message from {0} to {1}: {2}", letter.Sender, letter.Recipient, letter.Message);
    }
}
