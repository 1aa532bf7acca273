using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// The default scheduler: what is due later lies in a heap, and one timer waits for the first of it. Things fall due in
/// the order of their times, and what is cancelled leaves the heap at once. An idle scheduler does nothing.
/// </summary>
internal sealed class HeapScheduler : SchedulerBase, IDisposable
{
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly Lock _gate = new();
    private readonly DueHeap _heap = new();
    private readonly ITimer _timer;

    /// <summary>When the timer is to fire.</summary>
    private TimeSpan _armedFor = TimeSpan.MaxValue;
    private bool _isDisposed;

    public HeapScheduler(Config scheduler, ILoggingAdapter log) : this(scheduler, log, TimeProvider.System)
    {
    }

    internal HeapScheduler(Config scheduler, ILoggingAdapter log, TimeProvider time) : base(scheduler, log)
    {
        _time = time;
        _started = time.GetTimestamp();
        _timer = time.CreateTimer(
            static self => ((HeapScheduler)self!).RunDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public override TimeSpan MonotonicClock => _time.GetElapsedTime(_started);

    public override TimeSpan HighResMonotonicClock => MonotonicClock;

    protected override DateTimeOffset TimeNow => _time.GetUtcNow();

    public void Dispose()
    {
        lock (_gate)
            _isDisposed = true;
        _timer.Dispose();
    }

    protected override void InternalScheduleTellOnce(
        TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Add(delay, new ScheduledTell(receiver, message, sender, cancelable));

    protected override void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay,
        TimeSpan interval,
        ICanTell receiver,
        object message,
        IActorRef? sender,
        ICancelable? cancelable) =>
        Add(initialDelay, new ScheduledTell(receiver, message, sender, cancelable) { Interval = interval });

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        Add(delay, new ScheduledAction(action, cancelable));

    protected override void InternalScheduleRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Add(initialDelay, new ScheduledAction(action, cancelable) { Interval = interval });

    private void Add(TimeSpan delay, Scheduled entry)
    {
        if (entry.IsCancelled)
            return;

        lock (_gate)
        {
            if (_isDisposed)
                return; // The system has terminated; there is nobody to tell.
            entry.Due = MonotonicClock + delay;
            _heap.Add(entry);
            Arm();
        }

        if (entry.Cancelable is Cancelable own)
            own.OnCancel(() => Remove(entry));
        else
            entry.Cancelable?.Token.UnsafeRegister(_ => Remove(entry), null);
    }

    private void Remove(Scheduled entry)
    {
        lock (_gate)
            _heap.Remove(entry);
    }

    /// <summary>
    /// Runs all that is due, in order. Only one thread does at a time: the timer is armed again at the end.
    /// </summary>
    private void RunDue()
    {
        while (TakeDue() is { } entry)
        {
            try
            {
                if (!entry.IsCancelled)
                    entry.Run();
            }
            catch (Exception e)
            {
                Log.Error(e, "What was scheduled failed.");
            }
        }
    }

    private Scheduled? TakeDue()
    {
        lock (_gate)
        {
            _armedFor = TimeSpan.MaxValue;
            var now = MonotonicClock;
            if (_heap.First is not { } first || first.Due > now || _isDisposed)
            {
                Arm();
                return null;
            }

            _armedFor = TimeSpan.MinValue; // While this thread runs what is due, nobody else starts another.
            _heap.Remove(first);
            if (first.Interval is { } interval && !first.IsCancelled)
            {
                first.Due = Max(first.Due + interval, now);
                _heap.Add(first);
            }

            return first;
        }
    }

    private void Arm()
    {
        if (_isDisposed || _heap.First is not { } first || first.Due >= _armedFor)
            return;
        _armedFor = first.Due;
        // Timers go by whole milliseconds; rounded up, so that none is early.
        var wait = Math.Ceiling(Math.Max(0, (first.Due - MonotonicClock).TotalMilliseconds));
        _timer.Change(TimeSpan.FromMilliseconds(Math.Min(wait, int.MaxValue)), Timeout.InfiniteTimeSpan);
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private sealed class ScheduledTell(ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable)
        : Scheduled(cancelable)
    {
        public override void Run() => receiver.Tell(message, sender);
    }

    private sealed class ScheduledAction(Action action, ICancelable? cancelable) : Scheduled(cancelable)
    {
        // Not on the scheduler's thread: an action that takes long must not hold up what is due after it.
        public override void Run() =>
            ThreadPool.UnsafeQueueUserWorkItem(static run => run(), action, preferLocal: false);
    }
}
