using System.Diagnostics;

namespace ActorRuns.Benchmarks.Load;

/// <summary>One user who acts again and again until time is up.</summary>
/// <param name="start">When all of them began, as <see cref="Stopwatch.GetTimestamp"/> says it.</param>
/// <param name="duration">How long they go on.</param>
internal sealed class LoadLoop(long start, TimeSpan duration)
{
    /// <summary>How often it was done.</summary>
    public int Done { get; set; }

    /// <summary>True when no more is to be begun.</summary>
    public bool IsOver => Stopwatch.GetElapsedTime(start) >= duration;
}
