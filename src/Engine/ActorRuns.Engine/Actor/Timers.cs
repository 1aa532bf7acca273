using Akka.Event;

namespace Akka.Actor;

/// <summary>An actor with timers; the engine sets them when the constructor has ended.</summary>
public interface IWithTimers
{
    /// <summary>The timers of this instance; a restart or stop cancels them.</summary>
    ITimerScheduler Timers { get; set; }
}

/// <summary>
/// Tells an actor messages later, without a sender; to be used by its own handlers only. A timer with the key of
/// another takes its place. What a cancelled or replaced timer has told, but the actor not handled, is dropped.
/// </summary>
public interface ITimerScheduler
{
    /// <summary>Tells the message once.</summary>
    void StartSingleTimer(object key, object msg, TimeSpan timeout);

    /// <summary>Tells the message at every interval, the first time after one.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan interval);

    /// <summary>Tells the message at every interval, the first time after the delay.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval);

    /// <summary>Whether a timer of this key is to tell something; a single one that has is not.</summary>
    bool IsTimerActive(object key);

    /// <summary>Cancels the timer of this key, if there is one.</summary>
    void Cancel(object key);

    /// <summary>Cancels all timers.</summary>
    void CancelAll();
}

/// <summary>The timers of one instance, on the system's scheduler.</summary>
internal sealed class TimerScheduler(ActorCell cell) : ITimerScheduler
{
    private Dictionary<object, TimerTick>? _active;

    public void StartSingleTimer(object key, object msg, TimeSpan timeout)
    {
        var tick = Replace(key, msg, isSingle: true);
        cell.System.Scheduler.ScheduleTellOnce(timeout, cell.Self, tick, ActorRefs.NoSender, tick.Cancelable);
    }

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) =>
        StartPeriodicTimer(key, msg, interval, interval);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval)
    {
        var tick = Replace(key, msg, isSingle: false);
        cell.System.Scheduler.ScheduleTellRepeatedly(
            initialDelay, interval, cell.Self, tick, ActorRefs.NoSender, tick.Cancelable);
    }

    public bool IsTimerActive(object key) => _active?.ContainsKey(key) == true;

    public void Cancel(object key)
    {
        if (_active is not null && _active.Remove(key, out var tick))
            tick.Cancelable.Cancel();
    }

    public void CancelAll()
    {
        var cancelled = _active;
        _active = null;
        foreach (var tick in cancelled ?? [])
            tick.Value.Cancelable.Cancel();
    }

    /// <summary>Whether the tick is of a timer that still holds; a single one has done its work then.</summary>
    public bool Take(TimerTick tick)
    {
        if (_active?.GetValueOrDefault(tick.Key) != tick)
            return false;
        if (tick.IsSingle)
            _active.Remove(tick.Key);
        return true;
    }

    private TimerTick Replace(object key, object message, bool isSingle)
    {
        Cancel(key);
        var tick = new TimerTick(key, message, isSingle, new Cancelable(cell.System.Scheduler));
        (_active ??= []).Add(key, tick);
        return tick;
    }
}

/// <summary>What a timer puts into the mailbox; the cell unwraps it when its turn comes.</summary>
internal sealed class TimerTick(object key, object message, bool isSingle, Cancelable cancelable)
    : IDeadLetterSuppression
{
    public object Key => key;

    public bool IsSingle => isSingle;

    public Cancelable Cancelable => cancelable;

    /// <summary>The timer's message, or null when the timer does not hold any more.</summary>
    public object? Due(TimerScheduler? timers) => timers?.Take(this) == true ? message : null;
}
