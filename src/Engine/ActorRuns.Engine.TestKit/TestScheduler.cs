using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>
/// A scheduler whose time stands still until the test moves it. Name it in <c>akka.scheduler.implementation</c>; timers
/// and receive timeouts then wait for the test, too.
/// </summary>
public class TestScheduler : SchedulerBase
{
    private readonly Lock _gate = new();
    private readonly DueHeap _heap = new();
    private readonly DateTimeOffset _start = TimeProvider.System.GetUtcNow();
    private TimeSpan _elapsed;

    /// <summary>Called by the system.</summary>
    /// <param name="schedulerConfig">The configuration of the system.</param>
    /// <param name="log">Where trouble would be told.</param>
    public TestScheduler(Config schedulerConfig, ILoggingAdapter log)
        : base(schedulerConfig, log)
    {
    }

    /// <inheritdoc/>
    public override TimeSpan MonotonicClock
    {
        get
        {
            lock (_gate)
                return _elapsed;
        }
    }

    /// <inheritdoc/>
    public override TimeSpan HighResMonotonicClock => MonotonicClock;

    /// <inheritdoc/>
    protected override DateTimeOffset TimeNow => _start + MonotonicClock;

    /// <summary>
    /// Moves the time. Whatever falls due on the way has been told, or has run on this thread, when the method returns:
    /// in order, and each at its own time.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The offset is negative.</exception>
    public void Advance(TimeSpan offset)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(offset, TimeSpan.Zero);
        var end = MonotonicClock + offset;
        while (TakeDue(end) is { } due)
            due.Run();
    }

    /// <summary>Moves the time to this date.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The date has passed.</exception>
    public void AdvanceTo(DateTimeOffset when) => Advance(when - TimeNow);

    /// <inheritdoc/>
    protected override void InternalScheduleTellOnce(
        TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Add(delay, interval: null, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay,
        TimeSpan interval,
        ICanTell receiver,
        object message,
        IActorRef? sender,
        ICancelable? cancelable) =>
        Add(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        Add(delay, interval: null, action, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Add(initialDelay, interval, action, cancelable);

    private void Add(TimeSpan delay, TimeSpan? interval, Action action, ICancelable? cancelable)
    {
        lock (_gate)
            _heap.Add(new ScheduledAction(action, cancelable) { Due = _elapsed + delay, Interval = interval });
    }

    /// <summary>Moves the time to what is due next, or to the end when nothing more is.</summary>
    private Scheduled? TakeDue(TimeSpan end)
    {
        lock (_gate)
        {
            while (_heap.First is { } first && first.Due <= end)
            {
                _heap.Remove(first);
                if (first.IsCancelled)
                    continue;

                _elapsed = first.Due;
                if (first.Interval is { } interval)
                {
                    first.Due += interval;
                    _heap.Add(first);
                }

                return first;
            }

            _elapsed = end;
            return null;
        }
    }

    private sealed class ScheduledAction(Action action, ICancelable? cancelable) : Scheduled(cancelable)
    {
        public override void Run() => action();
    }
}
