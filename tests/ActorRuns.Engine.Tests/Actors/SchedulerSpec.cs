using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Xunit;

namespace ActorRuns.Engine.Tests.Actors;

/// <summary>The default scheduler, with a clock that moves only when a test says so.</summary>
public sealed class SchedulerSpec : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTime _time = new();
    private readonly HeapScheduler _scheduler;
    private readonly List<object> _told = [];
    private readonly ICanTell _receiver;

    public SchedulerSpec()
    {
        _scheduler = new HeapScheduler(ConfigurationFactory.Empty, new SilentLog(), _time);
        _receiver = new Receiver(_told);
    }

    public void Dispose() => _scheduler.Dispose();

    private void Schedule(double seconds, object message, ICancelable? cancelable = null) => _scheduler.ScheduleTellOnce(
        TimeSpan.FromSeconds(seconds), _receiver, message, ActorRefs.NoSender, cancelable);

    [Fact]
    public void What_is_due_is_told_in_the_order_of_its_time_and_then_of_its_scheduling()
    {
        Schedule(3, "c");
        Schedule(1, "a1");
        Schedule(2, "b");
        Schedule(1, "a2");

        _time.Advance(10 * Second);

        Assert.Equal(["a1", "a2", "b", "c"], _told);
    }

    [Fact]
    public void Nothing_is_told_early()
    {
        Schedule(1.0004, "now");

        _time.Advance(Second);
        Assert.Empty(_told);
        _time.Advance(Second / 1000);

        Assert.Equal(["now"], _told);
    }

    [Fact]
    public void An_earlier_entry_moves_the_timer_forward()
    {
        Schedule(10, "late");
        Schedule(1, "early");

        _time.Advance(Second);

        Assert.Equal(["early"], _told);
    }

    [Fact]
    public void What_repeats_keeps_its_pace_until_it_is_cancelled()
    {
        var cancelable = _scheduler.ScheduleTellRepeatedlyCancelable(
            2 * Second, Second, _receiver, "tick", ActorRefs.NoSender);

        for (var second = 0; second < 4; second++)
            _time.Advance(Second);
        cancelable.Cancel();
        _time.Advance(10 * Second);

        Assert.Equal(3, _told.Count);
    }

    [Fact]
    public void What_is_cancelled_before_it_is_scheduled_never_comes()
    {
        var cancelable = new Cancelable(_scheduler);
        cancelable.Cancel();

        Schedule(0, "never", cancelable);
        _time.Advance(Second);

        Assert.Empty(_told);
    }

    [Fact]
    public void A_receiver_that_throws_does_not_take_the_others_with_it()
    {
        _scheduler.ScheduleTellOnce(Second, new Throwing(), "x", ActorRefs.NoSender);
        Schedule(2, "still there");

        _time.Advance(3 * Second);

        Assert.Equal(["still there"], _told);
    }

    [Fact]
    public void A_cancelable_cancels_itself_by_the_schedulers_clock()
    {
        using var fired = new ManualResetEventSlim();
        var cancelable = new Cancelable(_scheduler, Second);
        using var registration = cancelable.Token.Register(fired.Set);

        _time.Advance(Second);

        Assert.True(fired.Wait(TimeSpan.FromSeconds(10)));
        Assert.True(cancelable.IsCancellationRequested);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_heap_gives_what_was_not_removed_in_order(int seed)
    {
        var random = new Random(seed);
        var heap = new DueHeap();
        var entries = Enumerable.Range(0, 500)
            .Select(_ => new Entry { Due = TimeSpan.FromSeconds(random.Next(100)) })
            .ToList();
        entries.ForEach(heap.Add);
        var removed = entries.Where(_ => random.Next(3) == 0).ToList();
        removed.ForEach(heap.Remove);
        removed.ForEach(heap.Remove);

        var taken = new List<Scheduled>();
        while (heap.First is { } first)
        {
            taken.Add(first);
            heap.Remove(first);
        }

        Assert.Equal(entries.Except(removed).OrderBy(entry => entry.Due).ThenBy(entry => entry.Order), taken);
    }

    private sealed class Entry() : Scheduled(null)
    {
        public override void Run()
        {
        }
    }

    private sealed class Receiver(List<object> told) : ICanTell
    {
        public void Tell(object message, IActorRef? sender) => told.Add(message);
    }

    private sealed class Throwing : ICanTell
    {
        public void Tell(object message, IActorRef? sender) => throw new InvalidOperationException("not me");
    }

    private sealed class SilentLog : ILoggingAdapter
    {
        public ILogMessageFormatter Formatter => DefaultLogMessageFormatter.Instance;

        public bool IsDebugEnabled => false;

        public bool IsInfoEnabled => false;

        public bool IsWarningEnabled => false;

        public bool IsErrorEnabled => false;

        public bool IsEnabled(LogLevel logLevel) => false;

        public void Log(LogLevel logLevel, Exception? cause, LogMessage message)
        {
        }

        public void Log(LogLevel logLevel, Exception? cause, string format)
        {
        }
    }

    /// <summary>A clock with one timer, which fires while the clock is moved.</summary>
#pragma warning disable CA1001 // Its timer belongs to the scheduler, which disposes it.
    private sealed class ManualTime : TimeProvider
#pragma warning restore CA1001
    {
        private TimeSpan _now;
        private OneTimer? _timer;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            _timer = new OneTimer(this, () => callback(state));

        public void Advance(TimeSpan time)
        {
            var end = _now + time;
            while (_timer is { Due: { } due } timer && due <= end)
            {
                _now = due;
                timer.Fire();
            }

            _now = end;
        }

        private sealed class OneTimer(ManualTime time, Action fire) : ITimer
        {
            public TimeSpan? Due { get; private set; }

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                Due = dueTime < TimeSpan.Zero ? null : time._now + dueTime;
                return true;
            }

            public void Fire()
            {
                Due = null;
                fire();
            }

            public void Dispose() => Due = null;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
