using System.Threading.Channels;
using Akka.Persistence.Sql.Store;
using Xunit;

namespace ActorRuns.Engine.Tests.Persistence;

/// <summary>How transactions form: large under load, and without a wait when there is none.</summary>
public sealed class WriteQueueSpec
{
    private const int ManyRows = 1_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Moment = TimeSpan.FromMinutes(1);

    private readonly ManualTime _time = new();
    private readonly WriteQueue _queue;

    public WriteQueueSpec() => _queue = new WriteQueue(Moment, _time);

    [Fact]
    public async Task All_who_were_in_a_transaction_are_waited_for_in_the_moment_after_it()
    {
        Add(3);
        Assert.Equal(3, (await TakeAsync()).Count);
        var next = TakeAsync();

        Add(1);
        Add(1);
        Assert.False(next.IsCompleted);
        Add(1);

        Assert.Equal(3, (await next).Count);
    }

    [Fact]
    public async Task Who_comes_after_a_pause_waits_for_nobody()
    {
        Add(3);
        await TakeAsync();
        var next = TakeAsync();
        await _time.LookedAtAsync(times: 3); // At the beginning and the end of the first wait, and now again.

        _time.Pass(Moment);
        Add(1);

        Assert.Single(await next);
    }

    [Fact]
    public async Task Who_is_alone_waits_for_nobody()
    {
        Add(1);
        Assert.Single(await TakeAsync());
        var next = TakeAsync();

        Add(1);

        Assert.Single(await next);
    }

    [Fact]
    public async Task When_some_do_not_come_back_the_others_go_on_without_them()
    {
        var queue = new WriteQueue(TimeSpan.FromMilliseconds(20), _time);
        for (var count = 0; count < 3; count++)
            queue.Add(new Fence(() => { }));
        await TakeAsync(queue, ManyRows);
        queue.Add(new Fence(() => { }));

        Assert.Single(await TakeAsync(queue, ManyRows));
    }

    [Fact]
    public async Task A_transaction_takes_so_many_rows_and_leaves_the_rest_in_order()
    {
        var work = Enumerable.Range(0, 5).Select(_ => new Change(_ => { })).ToList();
        work.ForEach(_queue.Add);

        Assert.Equal(work[..2], await TakeAsync(_queue, rows: 2));
        Assert.Equal(work[2..4], await TakeAsync(_queue, rows: 2));
    }

    [Fact]
    public async Task What_was_added_before_the_end_is_still_taken()
    {
        Add(2);
        _queue.Complete();

        Assert.Equal(2, (await TakeAsync()).Count);
        Assert.Empty(await TakeAsync());
        Assert.Throws<InvalidOperationException>(() => Add(1));
    }

    [Fact]
    public async Task The_end_wakes_a_writer_that_waits()
    {
        var next = TakeAsync();
        await _time.LookedAtAsync(times: 1);

        _queue.Complete();

        Assert.Empty(await next);
    }

    private void Add(int count)
    {
        for (; count > 0; count--)
            _queue.Add(new Fence(() => { }));
    }

    private Task<List<WriteWork>> TakeAsync() => TakeAsync(_queue, ManyRows);

    /// <summary>What the writer takes; nothing when there is no more.</summary>
    private static Task<List<WriteWork>> TakeAsync(WriteQueue queue, int rows) => Task.Run(() =>
    {
        var batch = new List<WriteWork>();
        Assert.Equal(queue.Take(batch, rows), batch.Count > 0);
        return batch;
    }).WaitAsync(Patience);

    /// <summary>A clock that stands still, and tells when it is looked at.</summary>
    private sealed class ManualTime : TimeProvider
    {
        private readonly Channel<long> _looks = Channel.CreateUnbounded<long>();
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp()
        {
            var now = Interlocked.Read(ref _now);
            _looks.Writer.TryWrite(now);
            return now;
        }

        public void Pass(TimeSpan time) => Interlocked.Add(ref _now, time.Ticks);

        public async Task LookedAtAsync(int times)
        {
            for (; times > 0; times--)
                await _looks.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        }
    }
}
