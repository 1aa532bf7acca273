using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit.Internal;

/// <summary>
/// Sees every log entry of a system on the thread that logs it: once the log call returns, the entry has been seen.
/// </summary>
internal sealed class LogSubscription : MinimalActorRef, IDisposable
{
    private static long _count;

    private readonly EventStream _stream;
    private readonly Action<LogEvent> _see;

    /// <summary>Begins to see what is logged.</summary>
    /// <param name="system">Whose entries.</param>
    /// <param name="see">Called from any thread, several at a time.</param>
    public LogSubscription(ActorSystem system, Action<LogEvent> see)
    {
        var parent = ((ExtendedActorSystem)system).SystemGuardian.Path;
        Path = parent / $"log-subscription-{Interlocked.Increment(ref _count)}";
        _see = see;
        _stream = system.EventStream;
        _stream.Subscribe(this, typeof(LogEvent));
    }

    public override ActorPath Path { get; }

    public void Dispose() => _stream.Unsubscribe(this);

    protected override void TellInternal(object message, IActorRef? sender)
    {
        if (message is LogEvent entry)
            _see(entry);
    }
}
