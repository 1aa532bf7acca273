namespace ActorRuns.Cluster;

/// <summary>
/// What lets the threads of a shard be executed here: looked at before each message, by the member's own clock, so that
/// a process that was held up for long does nothing more when it goes on, whatever it has not heard yet.
/// </summary>
/// <param name="shard">The shard.</param>
/// <param name="epoch">The number of the ownership.</param>
/// <param name="clock">The clock; null when the permit lasts for ever.</param>
internal sealed class ShardPermit(Shard shard, long epoch, MonotonicClock? clock)
{
    private long _stopAtTicks;
    private volatile bool _isClosed;

    /// <summary>The shard.</summary>
    public Shard Shard => shard;

    /// <summary>The number of the ownership.</summary>
    public long Epoch => epoch;

    /// <summary>True as long as what is at work may go on.</summary>
    public bool IsLive => clock is null || clock.Now.Ticks < Volatile.Read(ref _stopAtTicks);

    /// <summary>True as long as something new may begin.</summary>
    public bool IsOpen => !_isClosed && IsLive;

    /// <summary>Sets the moment from which on nothing is done any more.</summary>
    public void LiveUntil(TimeSpan stopAt) => Volatile.Write(ref _stopAtTicks, stopAt.Ticks);

    /// <summary>
    /// The shard is given back: nothing new begins, what is at work may come to a good place to stop.
    /// </summary>
    public void Close() => _isClosed = true;
}

/// <summary>A clock that never goes back, also when the time of day is set.</summary>
/// <param name="time">Where the time comes from.</param>
internal sealed class MonotonicClock(TimeProvider time)
{
    private readonly long _origin = time.GetTimestamp();

    /// <summary>How long the clock has been there.</summary>
    public TimeSpan Now => time.GetElapsedTime(_origin);
}
