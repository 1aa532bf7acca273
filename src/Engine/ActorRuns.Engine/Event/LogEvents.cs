namespace Akka.Event;

/// <summary>How much an entry of the log matters.</summary>
public enum LogLevel
{
    /// <summary>For those who look for a fault.</summary>
    DebugLevel,

    /// <summary>What happens.</summary>
    InfoLevel,

    /// <summary>Something failed and was handled.</summary>
    WarningLevel,

    /// <summary>Somebody must look.</summary>
    ErrorLevel,
}

/// <summary>An entry of the log, as it is published on the event stream.</summary>
public abstract class LogEvent
{
    private protected LogEvent(Exception? cause, string logSource, Type logClass, object message)
    {
        Cause = cause;
        LogSource = logSource;
        LogClass = logClass;
        Message = message;
        Timestamp = TimeProvider.System.GetUtcNow().UtcDateTime;
        Thread = Thread.CurrentThread;
    }

    /// <summary>What went wrong, or null.</summary>
    public Exception? Cause { get; }

    /// <summary>When it was made, in UTC.</summary>
    public DateTime Timestamp { get; }

    /// <summary>Where it was made.</summary>
    public Thread Thread { get; }

    /// <summary>The path of the actor that logs, or the name of the logger with that of its system.</summary>
    public string LogSource { get; }

    /// <summary>The class that logs.</summary>
    public Type LogClass { get; }

    /// <summary>The text, or a <see cref="LogMessage"/> that becomes one when it is asked for.</summary>
    public object Message { get; }

    /// <summary>How much it matters.</summary>
    public abstract LogLevel LogLevel();

    /// <inheritdoc/>
    public override string ToString()
    {
        var line = $"[{Logging.StringFor(LogLevel())}][{Timestamp:O}][Thread {Thread.ManagedThreadId:D4}]"
            + $"[{LogSource}] {Message}";
        return Cause is null ? line : $"{line}{Environment.NewLine}Cause: {Cause}";
    }
}

/// <summary>An entry for those who look for a fault.</summary>
public sealed class Debug : LogEvent
{
    /// <summary>An entry without a cause.</summary>
    public Debug(string logSource, Type logClass, object message) : this(null, logSource, logClass, message)
    {
    }

    /// <summary>An entry with its cause.</summary>
    public Debug(Exception? cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.DebugLevel;
}

/// <summary>An entry about what happens.</summary>
public sealed class Info : LogEvent
{
    /// <summary>An entry without a cause.</summary>
    public Info(string logSource, Type logClass, object message) : this(null, logSource, logClass, message)
    {
    }

    /// <summary>An entry with its cause.</summary>
    public Info(Exception? cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.InfoLevel;
}

/// <summary>An entry about what failed and was handled.</summary>
public sealed class Warning : LogEvent
{
    /// <summary>An entry without a cause.</summary>
    public Warning(string logSource, Type logClass, object message) : this(null, logSource, logClass, message)
    {
    }

    /// <summary>An entry with its cause.</summary>
    public Warning(Exception? cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.WarningLevel;
}

/// <summary>An entry that somebody must look at.</summary>
public sealed class Error : LogEvent
{
    /// <summary>An entry with its cause, which may be null.</summary>
    public Error(Exception? cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.ErrorLevel;
}

/// <summary>The first message of a logger: it answers with <see cref="LoggerInitialized"/>.</summary>
/// <param name="loggingBus">Where the entries come from.</param>
public sealed class InitializeLogger(EventStream loggingBus)
{
    /// <summary>Where the entries come from.</summary>
    public EventStream LoggingBus { get; } = loggingBus;
}

/// <summary>A logger's answer: it is ready.</summary>
public sealed class LoggerInitialized : IDeadLetterSuppression;
