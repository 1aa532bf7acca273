using System.Diagnostics;

namespace Akka.TestKit.Internal;

/// <summary>An end of waiting, on the monotonic clock.</summary>
internal sealed class Deadline(TimeSpan time)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>How long it was when it was set.</summary>
    public TimeSpan Time => time;

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    /// <summary>What is left, never negative; infinite if the deadline is.</summary>
    public TimeSpan Left
    {
        get
        {
            if (time == Timeout.InfiniteTimeSpan)
                return time;
            var left = time - Elapsed;
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public bool IsOver => Left == TimeSpan.Zero;
}
