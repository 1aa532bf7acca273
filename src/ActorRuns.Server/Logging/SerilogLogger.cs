using Akka.Actor;
using Akka.Event;
using Serilog;
using Serilog.Events;
using LogEvent = Akka.Event.LogEvent;
using LogLevel = Akka.Event.LogLevel;

namespace ActorRuns.Server.Logging;

/// <summary>Hands what actors log to Serilog. Named in <c>akka.loggers</c>; made by the actor system.</summary>
public sealed class SerilogLogger : UntypedActor
{
    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                Sender.Tell(new LoggerInitialized());
                break;
            case LogEvent entry:
                Write(entry);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private static void Write(LogEvent entry) => Log.Logger
        .ForContext("SourceContext", entry.LogClass.FullName)
        .ForContext("ActorPath", entry.LogSource)
        .Write(LevelOf(entry.LogLevel()), entry.Cause, "{Message:l}", $"{entry.Message}");

    private static LogEventLevel LevelOf(LogLevel level) => level switch
    {
        LogLevel.DebugLevel => LogEventLevel.Debug,
        LogLevel.InfoLevel => LogEventLevel.Information,
        LogLevel.WarningLevel => LogEventLevel.Warning,
        _ => LogEventLevel.Error,
    };
}
