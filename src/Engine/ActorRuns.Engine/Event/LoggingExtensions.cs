namespace Akka.Event;

/// <summary>
/// Log entries by level. The arguments go into the holes of the format, and only if the level is on: up to four are not
/// even boxed when it is off.
/// </summary>
public static class LoggingExtensions
{
    /// <summary>Logs a debug entry.</summary>
    public static void Debug(this ILoggingAdapter log, string format) =>
        log.Log(LogLevel.DebugLevel, null, format);

    /// <summary>Logs a debug entry with its cause.</summary>
    public static void Debug(this ILoggingAdapter log, Exception? cause, string format) =>
        log.Log(LogLevel.DebugLevel, cause, format);

    /// <summary>Logs a debug entry.</summary>
    public static void Debug(this ILoggingAdapter log, string format, params object[] args) =>
        Log(log, LogLevel.DebugLevel, null, format, args);

    /// <summary>Logs a debug entry with its cause.</summary>
    public static void Debug(this ILoggingAdapter log, Exception? cause, string format, params object[] args) =>
        Log(log, LogLevel.DebugLevel, cause, format, args);

    /// <summary>Logs a debug entry.</summary>
    public static void Debug<T1>(this ILoggingAdapter log, string format, T1 arg1)
    {
        if (log.IsEnabled(LogLevel.DebugLevel))
            Log(log, LogLevel.DebugLevel, null, format, [arg1!]);
    }

    /// <summary>Logs a debug entry with its cause.</summary>
    public static void Debug<T1>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1)
    {
        if (log.IsEnabled(LogLevel.DebugLevel))
            Log(log, LogLevel.DebugLevel, cause, format, [arg1!]);
    }

    /// <summary>Logs a debug entry.</summary>
    public static void Debug<T1, T2>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2)
    {
        if (log.IsEnabled(LogLevel.DebugLevel))
            Log(log, LogLevel.DebugLevel, null, format, [arg1!, arg2!]);
    }

    /// <summary>Logs a debug entry with its cause.</summary>
    public static void Debug<T1, T2>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2)
    {
        if (log.IsEnabled(LogLevel.DebugLevel))
            Log(log, LogLevel.DebugLevel, cause, format, [arg1!, arg2!]);
    }

    /// <summary>Logs a debug entry.</summary>
    public static void Debug<T1, T2, T3>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsEnabled(LogLevel.DebugLevel))
            Log(log, LogLevel.DebugLevel, null, format, [arg1!, arg2!, arg3!]);
    }

    /// <summary>Logs a debug entry with its cause.</summary>
    public static void Debug<T1, T2, T3>(
        this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsEnabled(LogLevel.DebugLevel))
            Log(log, LogLevel.DebugLevel, cause, format, [arg1!, arg2!, arg3!]);
    }

    /// <summary>Logs a debug entry.</summary>
    public static void Debug<T1, T2, T3, T4>(
        this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3, T4 arg4)
    {
        if (log.IsEnabled(LogLevel.DebugLevel))
            Log(log, LogLevel.DebugLevel, null, format, [arg1!, arg2!, arg3!, arg4!]);
    }

    /// <summary>Logs a debug entry with its cause.</summary>
    public static void Debug<T1, T2, T3, T4>(
        this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3, T4 arg4)
    {
        if (log.IsEnabled(LogLevel.DebugLevel))
            Log(log, LogLevel.DebugLevel, cause, format, [arg1!, arg2!, arg3!, arg4!]);
    }

    /// <summary>Logs an info entry.</summary>
    public static void Info(this ILoggingAdapter log, string format) =>
        log.Log(LogLevel.InfoLevel, null, format);

    /// <summary>Logs an info entry with its cause.</summary>
    public static void Info(this ILoggingAdapter log, Exception? cause, string format) =>
        log.Log(LogLevel.InfoLevel, cause, format);

    /// <summary>Logs an info entry.</summary>
    public static void Info(this ILoggingAdapter log, string format, params object[] args) =>
        Log(log, LogLevel.InfoLevel, null, format, args);

    /// <summary>Logs an info entry with its cause.</summary>
    public static void Info(this ILoggingAdapter log, Exception? cause, string format, params object[] args) =>
        Log(log, LogLevel.InfoLevel, cause, format, args);

    /// <summary>Logs an info entry.</summary>
    public static void Info<T1>(this ILoggingAdapter log, string format, T1 arg1)
    {
        if (log.IsEnabled(LogLevel.InfoLevel))
            Log(log, LogLevel.InfoLevel, null, format, [arg1!]);
    }

    /// <summary>Logs an info entry with its cause.</summary>
    public static void Info<T1>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1)
    {
        if (log.IsEnabled(LogLevel.InfoLevel))
            Log(log, LogLevel.InfoLevel, cause, format, [arg1!]);
    }

    /// <summary>Logs an info entry.</summary>
    public static void Info<T1, T2>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2)
    {
        if (log.IsEnabled(LogLevel.InfoLevel))
            Log(log, LogLevel.InfoLevel, null, format, [arg1!, arg2!]);
    }

    /// <summary>Logs an info entry with its cause.</summary>
    public static void Info<T1, T2>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2)
    {
        if (log.IsEnabled(LogLevel.InfoLevel))
            Log(log, LogLevel.InfoLevel, cause, format, [arg1!, arg2!]);
    }

    /// <summary>Logs an info entry.</summary>
    public static void Info<T1, T2, T3>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsEnabled(LogLevel.InfoLevel))
            Log(log, LogLevel.InfoLevel, null, format, [arg1!, arg2!, arg3!]);
    }

    /// <summary>Logs an info entry with its cause.</summary>
    public static void Info<T1, T2, T3>(
        this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsEnabled(LogLevel.InfoLevel))
            Log(log, LogLevel.InfoLevel, cause, format, [arg1!, arg2!, arg3!]);
    }

    /// <summary>Logs an info entry.</summary>
    public static void Info<T1, T2, T3, T4>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3, T4 arg4)
    {
        if (log.IsEnabled(LogLevel.InfoLevel))
            Log(log, LogLevel.InfoLevel, null, format, [arg1!, arg2!, arg3!, arg4!]);
    }

    /// <summary>Logs an info entry with its cause.</summary>
    public static void Info<T1, T2, T3, T4>(
        this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3, T4 arg4)
    {
        if (log.IsEnabled(LogLevel.InfoLevel))
            Log(log, LogLevel.InfoLevel, cause, format, [arg1!, arg2!, arg3!, arg4!]);
    }

    /// <summary>Logs a warning.</summary>
    public static void Warning(this ILoggingAdapter log, string format) =>
        log.Log(LogLevel.WarningLevel, null, format);

    /// <summary>Logs a warning with its cause.</summary>
    public static void Warning(this ILoggingAdapter log, Exception? cause, string format) =>
        log.Log(LogLevel.WarningLevel, cause, format);

    /// <summary>Logs a warning.</summary>
    public static void Warning(this ILoggingAdapter log, string format, params object[] args) =>
        Log(log, LogLevel.WarningLevel, null, format, args);

    /// <summary>Logs a warning with its cause.</summary>
    public static void Warning(this ILoggingAdapter log, Exception? cause, string format, params object[] args) =>
        Log(log, LogLevel.WarningLevel, cause, format, args);

    /// <summary>Logs a warning.</summary>
    public static void Warning<T1>(this ILoggingAdapter log, string format, T1 arg1)
    {
        if (log.IsEnabled(LogLevel.WarningLevel))
            Log(log, LogLevel.WarningLevel, null, format, [arg1!]);
    }

    /// <summary>Logs a warning with its cause.</summary>
    public static void Warning<T1>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1)
    {
        if (log.IsEnabled(LogLevel.WarningLevel))
            Log(log, LogLevel.WarningLevel, cause, format, [arg1!]);
    }

    /// <summary>Logs a warning.</summary>
    public static void Warning<T1, T2>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2)
    {
        if (log.IsEnabled(LogLevel.WarningLevel))
            Log(log, LogLevel.WarningLevel, null, format, [arg1!, arg2!]);
    }

    /// <summary>Logs a warning with its cause.</summary>
    public static void Warning<T1, T2>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2)
    {
        if (log.IsEnabled(LogLevel.WarningLevel))
            Log(log, LogLevel.WarningLevel, cause, format, [arg1!, arg2!]);
    }

    /// <summary>Logs a warning.</summary>
    public static void Warning<T1, T2, T3>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsEnabled(LogLevel.WarningLevel))
            Log(log, LogLevel.WarningLevel, null, format, [arg1!, arg2!, arg3!]);
    }

    /// <summary>Logs a warning with its cause.</summary>
    public static void Warning<T1, T2, T3>(
        this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsEnabled(LogLevel.WarningLevel))
            Log(log, LogLevel.WarningLevel, cause, format, [arg1!, arg2!, arg3!]);
    }

    /// <summary>Logs a warning.</summary>
    public static void Warning<T1, T2, T3, T4>(
        this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3, T4 arg4)
    {
        if (log.IsEnabled(LogLevel.WarningLevel))
            Log(log, LogLevel.WarningLevel, null, format, [arg1!, arg2!, arg3!, arg4!]);
    }

    /// <summary>Logs a warning with its cause.</summary>
    public static void Warning<T1, T2, T3, T4>(
        this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3, T4 arg4)
    {
        if (log.IsEnabled(LogLevel.WarningLevel))
            Log(log, LogLevel.WarningLevel, cause, format, [arg1!, arg2!, arg3!, arg4!]);
    }

    /// <summary>Logs an error.</summary>
    public static void Error(this ILoggingAdapter log, string format) =>
        log.Log(LogLevel.ErrorLevel, null, format);

    /// <summary>Logs an error with its cause.</summary>
    public static void Error(this ILoggingAdapter log, Exception? cause, string format) =>
        log.Log(LogLevel.ErrorLevel, cause, format);

    /// <summary>Logs an error.</summary>
    public static void Error(this ILoggingAdapter log, string format, params object[] args) =>
        Log(log, LogLevel.ErrorLevel, null, format, args);

    /// <summary>Logs an error with its cause.</summary>
    public static void Error(this ILoggingAdapter log, Exception? cause, string format, params object[] args) =>
        Log(log, LogLevel.ErrorLevel, cause, format, args);

    /// <summary>Logs an error.</summary>
    public static void Error<T1>(this ILoggingAdapter log, string format, T1 arg1)
    {
        if (log.IsEnabled(LogLevel.ErrorLevel))
            Log(log, LogLevel.ErrorLevel, null, format, [arg1!]);
    }

    /// <summary>Logs an error with its cause.</summary>
    public static void Error<T1>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1)
    {
        if (log.IsEnabled(LogLevel.ErrorLevel))
            Log(log, LogLevel.ErrorLevel, cause, format, [arg1!]);
    }

    /// <summary>Logs an error.</summary>
    public static void Error<T1, T2>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2)
    {
        if (log.IsEnabled(LogLevel.ErrorLevel))
            Log(log, LogLevel.ErrorLevel, null, format, [arg1!, arg2!]);
    }

    /// <summary>Logs an error with its cause.</summary>
    public static void Error<T1, T2>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2)
    {
        if (log.IsEnabled(LogLevel.ErrorLevel))
            Log(log, LogLevel.ErrorLevel, cause, format, [arg1!, arg2!]);
    }

    /// <summary>Logs an error.</summary>
    public static void Error<T1, T2, T3>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsEnabled(LogLevel.ErrorLevel))
            Log(log, LogLevel.ErrorLevel, null, format, [arg1!, arg2!, arg3!]);
    }

    /// <summary>Logs an error with its cause.</summary>
    public static void Error<T1, T2, T3>(
        this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsEnabled(LogLevel.ErrorLevel))
            Log(log, LogLevel.ErrorLevel, cause, format, [arg1!, arg2!, arg3!]);
    }

    /// <summary>Logs an error.</summary>
    public static void Error<T1, T2, T3, T4>(
        this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3, T4 arg4)
    {
        if (log.IsEnabled(LogLevel.ErrorLevel))
            Log(log, LogLevel.ErrorLevel, null, format, [arg1!, arg2!, arg3!, arg4!]);
    }

    /// <summary>Logs an error with its cause.</summary>
    public static void Error<T1, T2, T3, T4>(
        this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3, T4 arg4)
    {
        if (log.IsEnabled(LogLevel.ErrorLevel))
            Log(log, LogLevel.ErrorLevel, cause, format, [arg1!, arg2!, arg3!, arg4!]);
    }

    private static void Log(ILoggingAdapter log, LogLevel level, Exception? cause, string format, object[] args)
    {
        if (log.IsEnabled(level))
            log.Log(level, cause, new DefaultLogMessage(log.Formatter, format, args));
    }
}
