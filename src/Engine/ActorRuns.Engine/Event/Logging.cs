using Akka.Actor;

namespace Akka.Event;

/// <summary>Writes entries to a system's log; see <see cref="LoggingExtensions"/> for how to.</summary>
public interface ILoggingAdapter
{
    /// <summary>Puts arguments into texts.</summary>
    ILogMessageFormatter Formatter { get; }

    /// <summary>Whether debug entries are published.</summary>
    bool IsDebugEnabled { get; }

    /// <summary>Whether info entries are published.</summary>
    bool IsInfoEnabled { get; }

    /// <summary>Whether warnings are published.</summary>
    bool IsWarningEnabled { get; }

    /// <summary>Whether errors are published.</summary>
    bool IsErrorEnabled { get; }

    /// <summary>Whether entries of the level are published.</summary>
    bool IsEnabled(LogLevel logLevel);

    /// <summary>Publishes an entry, if its level is.</summary>
    void Log(LogLevel logLevel, Exception? cause, LogMessage message);

    /// <summary>Publishes an entry, if its level is.</summary>
    void Log(LogLevel logLevel, Exception? cause, string format);
}

/// <summary>Gives loggers, and levels their names.</summary>
public static class Logging
{
    /// <summary>The level at which nothing is published.</summary>
    internal const LogLevel Off = (LogLevel)int.MaxValue;

    /// <summary>The logger of the actor whose context it is: its entries have the actor's path and class.</summary>
    public static ILoggingAdapter GetLogger(
        this IActorContext context, ILogMessageFormatter? logMessageFormatter = null) =>
        new BusLogging(
            context.System.EventStream,
            context.Self,
            context.Props.Type,
            logMessageFormatter ?? FormatterOf(context.System));

    /// <summary>A logger for anything else.</summary>
    /// <param name="system">Whose log it is.</param>
    /// <param name="logSourceObj">The name of the source, its type, an actor, or an object whose type names it.</param>
    /// <param name="logMessageFormatter">Puts arguments into texts; null for the configured one.</param>
    public static ILoggingAdapter GetLogger(
        ActorSystem system, object logSourceObj, ILogMessageFormatter? logMessageFormatter = null) =>
        new BusLogging(
            system.EventStream,
            logSourceObj is IActorRef ? logSourceObj : $"{NameOf(logSourceObj)}(akka://{system.Name})",
            logSourceObj as Type ?? logSourceObj.GetType(),
            logMessageFormatter ?? FormatterOf(system));

    /// <summary>The level a setting means.</summary>
    /// <exception cref="ArgumentException">There is no such level.</exception>
    public static LogLevel LogLevelFor(string logLevel) => logLevel.ToUpperInvariant() switch
    {
        "DEBUG" => LogLevel.DebugLevel,
        "INFO" => LogLevel.InfoLevel,
        "WARNING" => LogLevel.WarningLevel,
        "ERROR" => LogLevel.ErrorLevel,
        "OFF" => Off,
        _ => throw new ArgumentException(
            $"'{logLevel}' is no log level; it must be OFF, ERROR, WARNING, INFO or DEBUG.", nameof(logLevel)),
    };

    /// <summary>The level as settings have it.</summary>
    public static string StringFor(LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => "DEBUG",
        LogLevel.InfoLevel => "INFO",
        LogLevel.WarningLevel => "WARNING",
        LogLevel.ErrorLevel => "ERROR",
        _ => "OFF",
    };

    /// <summary>The class of the entries of a level.</summary>
    internal static Type ClassFor(LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => typeof(Debug),
        LogLevel.InfoLevel => typeof(Info),
        LogLevel.WarningLevel => typeof(Warning),
        _ => typeof(Error),
    };

    private static string NameOf(object source) => source switch
    {
        string name => name,
        Type type => type.ToString(),
        _ => source.GetType().ToString(),
    };

    private static ILogMessageFormatter FormatterOf(ActorSystem system) => ((ActorSystemImpl)system).Loggers.Formatter;
}

/// <summary>A logger that publishes on the event stream.</summary>
internal sealed class BusLogging(EventStream bus, object source, Type logClass, ILogMessageFormatter formatter)
    : ILoggingAdapter
{
    // An actor's path is written out only if it ever logs.
    private string? _sourceName;

    public ILogMessageFormatter Formatter => formatter;

    public bool IsDebugEnabled => IsEnabled(LogLevel.DebugLevel);

    public bool IsInfoEnabled => IsEnabled(LogLevel.InfoLevel);

    public bool IsWarningEnabled => IsEnabled(LogLevel.WarningLevel);

    public bool IsErrorEnabled => IsEnabled(LogLevel.ErrorLevel);

    private string SourceName => _sourceName ??= source is IActorRef actor ? actor.Path.ToString() : (string)source;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= bus.LogLevel;

    public void Log(LogLevel logLevel, Exception? cause, LogMessage message) => Publish(logLevel, cause, message);

    public void Log(LogLevel logLevel, Exception? cause, string format) => Publish(logLevel, cause, format);

    private void Publish(LogLevel level, Exception? cause, object message)
    {
        if (!IsEnabled(level))
            return;
        bus.Publish(level switch
        {
            LogLevel.DebugLevel => new Debug(cause, SourceName, logClass, message),
            LogLevel.InfoLevel => new Info(cause, SourceName, logClass, message),
            LogLevel.WarningLevel => new Warning(cause, SourceName, logClass, message),
            _ => new Error(cause, SourceName, logClass, message),
        });
    }
}
