using Akka.Actor;
using Microsoft.Extensions.Logging;
using LogEvent = Akka.Event.LogEvent;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace ActorRuns.Hosting;

/// <summary>Hands what actors log to the host's loggers, under the class that logs it.</summary>
internal sealed class HostLogger : UntypedActor
{
    private readonly ILoggerFactory _logs;

    public HostLogger(ILoggerFactory logs) => _logs = logs;

    /// <summary>Makes one for a system; what is logged after the return gets there.</summary>
    /// <param name="system">The system.</param>
    /// <param name="logs">The host's loggers.</param>
    public static void Start(ActorSystem system, ILoggerFactory logs)
    {
        var logger = system.ActorOf(Props.Create(() => new HostLogger(logs)), "host-logger");
        system.EventStream.Subscribe(logger, typeof(LogEvent)); // Not by itself: it may begin late.
    }

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        if (message is LogEvent entry)
            Write(entry);
        else
            Unhandled(message);
    }

    private void Write(LogEvent entry) => _logs
        .CreateLogger(entry.LogClass.FullName ?? entry.LogClass.Name)
        .Log(LevelOf(entry.LogLevel()), entry.Cause, "{Message} ({ActorPath})", entry.Message, entry.LogSource);

    private static LogLevel LevelOf(Akka.Event.LogLevel level) => level switch
    {
        Akka.Event.LogLevel.DebugLevel => LogLevel.Debug,
        Akka.Event.LogLevel.InfoLevel => LogLevel.Information,
        Akka.Event.LogLevel.WarningLevel => LogLevel.Warning,
        _ => LogLevel.Error,
    };
}
