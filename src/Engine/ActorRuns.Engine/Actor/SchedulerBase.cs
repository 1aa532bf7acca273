using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>What schedulers have in common: it checks times before the scheduler itself sees them.</summary>
public abstract class SchedulerBase : IScheduler, IAdvancedScheduler
{
    /// <summary>Every scheduler has a constructor of this form; the system calls it.</summary>
    /// <param name="scheduler">The whole configuration.</param>
    /// <param name="log">Where trouble is told.</param>
    protected SchedulerBase(Config scheduler, ILoggingAdapter log)
    {
        SchedulerConfig = scheduler;
        Log = log;
    }

    /// <inheritdoc/>
    public IAdvancedScheduler Advanced => this;

    /// <inheritdoc/>
    public DateTimeOffset Now => TimeNow;

    /// <inheritdoc/>
    public abstract TimeSpan MonotonicClock { get; }

    /// <inheritdoc/>
    public abstract TimeSpan HighResMonotonicClock { get; }

    /// <summary>The configuration the scheduler was made with.</summary>
    protected Config SchedulerConfig { get; }

    /// <summary>Where trouble is told.</summary>
    protected ILoggingAdapter Log { get; }

    /// <summary>The date and time.</summary>
    protected abstract DateTimeOffset TimeNow { get; }

    /// <inheritdoc/>
    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender) =>
        ScheduleTellOnce(delay, receiver, message, sender, null);

    /// <inheritdoc/>
    public void ScheduleTellOnce(
        TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable)
    {
        CheckDelay(delay, nameof(delay));
        InternalScheduleTellOnce(delay, receiver, message, sender, cancelable);
    }

    /// <inheritdoc/>
    public void ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender) =>
        ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, null);

    /// <inheritdoc/>
    public void ScheduleTellRepeatedly(
        TimeSpan initialDelay,
        TimeSpan interval,
        ICanTell receiver,
        object message,
        IActorRef? sender,
        ICancelable? cancelable)
    {
        CheckDelay(initialDelay, nameof(initialDelay));
        CheckInterval(interval, nameof(interval));
        InternalScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, cancelable);
    }

    /// <inheritdoc/>
    public void ScheduleOnce(TimeSpan delay, Action action) => ScheduleOnce(delay, action, null);

    /// <inheritdoc/>
    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable)
    {
        CheckDelay(delay, nameof(delay));
        InternalScheduleOnce(delay, action, cancelable);
    }

    /// <inheritdoc/>
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) =>
        ScheduleRepeatedly(initialDelay, interval, action, null);

    /// <inheritdoc/>
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable)
    {
        CheckDelay(initialDelay, nameof(initialDelay));
        CheckInterval(interval, nameof(interval));
        InternalScheduleRepeatedly(initialDelay, interval, action, cancelable);
    }

    /// <summary>Tells once; the times are checked.</summary>
    protected abstract void InternalScheduleTellOnce(
        TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable);

    /// <summary>Tells repeatedly; the times are checked.</summary>
    protected abstract void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay,
        TimeSpan interval,
        ICanTell receiver,
        object message,
        IActorRef? sender,
        ICancelable? cancelable);

    /// <summary>Runs once; the times are checked.</summary>
    protected abstract void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable);

    /// <summary>Runs repeatedly; the times are checked.</summary>
    protected abstract void InternalScheduleRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable);

    private static void CheckDelay(TimeSpan delay, string name) =>
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero, name);

    private static void CheckInterval(TimeSpan interval, string name) =>
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero, name);
}
