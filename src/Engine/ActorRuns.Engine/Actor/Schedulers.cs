namespace Akka.Actor;

/// <summary>The time as a scheduler sees it.</summary>
public interface ITimeProvider
{
    /// <summary>The date and time.</summary>
    DateTimeOffset Now { get; }

    /// <summary>The time since some moment; it never goes back.</summary>
    TimeSpan MonotonicClock { get; }

    /// <summary>The same, as fine as the machine can.</summary>
    TimeSpan HighResMonotonicClock { get; }
}

/// <summary>Tells messages later.</summary>
public interface ITellScheduler
{
    /// <summary>Tells the message once the delay is over.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative.</exception>
    void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender);

    /// <summary>Tells the message once the delay is over, unless it is cancelled before.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative.</exception>
    void ScheduleTellOnce(
        TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable);

    /// <summary>Tells the message after the delay and then at every interval.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative or the interval not positive.</exception>
    void ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender);

    /// <summary>Tells the message after the delay and then at every interval until it is cancelled.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative or the interval not positive.</exception>
    void ScheduleTellRepeatedly(
        TimeSpan initialDelay,
        TimeSpan interval,
        ICanTell receiver,
        object message,
        IActorRef? sender,
        ICancelable? cancelable);
}

/// <summary>Runs actions later, outside of every actor.</summary>
public interface IActionScheduler
{
    /// <summary>Runs the action once the delay is over.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative.</exception>
    void ScheduleOnce(TimeSpan delay, Action action);

    /// <summary>Runs the action once the delay is over, unless it is cancelled before.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative.</exception>
    void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable);

    /// <summary>Runs the action after the delay and then at every interval.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative or the interval not positive.</exception>
    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action);

    /// <summary>Runs the action after the delay and then at every interval until it is cancelled.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative or the interval not positive.</exception>
    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable);
}

/// <summary>What actors should leave alone: the actions run beside them.</summary>
public interface IAdvancedScheduler : IActionScheduler;

/// <summary>
/// The system's clock for everything that happens later; <c>akka.scheduler.implementation</c> names it.
/// </summary>
public interface IScheduler : ITellScheduler, ITimeProvider
{
    /// <summary>Runs actions instead of telling messages.</summary>
    IAdvancedScheduler Advanced { get; }
}

/// <summary>Cancels what is scheduled with it.</summary>
public interface ICancelable
{
    /// <summary>Whether it is cancelled.</summary>
    bool IsCancellationRequested { get; }

    /// <summary>Is cancelled with it.</summary>
    CancellationToken Token { get; }

    /// <summary>Cancels; once is as good as often.</summary>
    void Cancel();

    /// <summary>Cancels when the time is over.</summary>
    void CancelAfter(TimeSpan delay);
}

/// <summary>Schedulers that give the means to cancel.</summary>
public static class SchedulerExtensions
{
    /// <summary>Tells the message once the delay is over, unless the result is cancelled before.</summary>
    public static ICancelable ScheduleTellOnceCancelable(
        this IScheduler scheduler, TimeSpan delay, ICanTell receiver, object message, IActorRef? sender)
    {
        var cancelable = new Cancelable(scheduler);
        scheduler.ScheduleTellOnce(delay, receiver, message, sender, cancelable);
        return cancelable;
    }

    /// <summary>Tells the message after the delay and then at every interval until the result is cancelled.</summary>
    public static ICancelable ScheduleTellRepeatedlyCancelable(
        this IScheduler scheduler,
        TimeSpan initialDelay,
        TimeSpan interval,
        ICanTell receiver,
        object message,
        IActorRef? sender)
    {
        var cancelable = new Cancelable(scheduler);
        scheduler.ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, cancelable);
        return cancelable;
    }

    /// <summary>Runs the action once the delay is over, unless the result is cancelled before.</summary>
    public static ICancelable ScheduleOnceCancelable(this IActionScheduler scheduler, TimeSpan delay, Action action)
    {
        var cancelable = new Cancelable();
        scheduler.ScheduleOnce(delay, action, cancelable);
        return cancelable;
    }

    /// <summary>Runs the action after the delay and then at every interval until the result is cancelled.</summary>
    public static ICancelable ScheduleRepeatedlyCancelable(
        this IActionScheduler scheduler, TimeSpan initialDelay, TimeSpan interval, Action action)
    {
        var cancelable = new Cancelable();
        scheduler.ScheduleRepeatedly(initialDelay, interval, action, cancelable);
        return cancelable;
    }
}
