using System.Diagnostics;

namespace ActorRuns.Benchmarks;

/// <summary>Times of one thing that was done many times.</summary>
/// <param name="name">What was done.</param>
internal sealed class Sample(string name)
{
    private readonly List<double> _ms = [];

    /// <summary>What was done.</summary>
    public string Name { get; } = name;

    /// <summary>Takes the time since a moment of <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public void Since(long start) => _ms.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);

    /// <summary>Takes a time.</summary>
    public void Add(TimeSpan time) => _ms.Add(time.TotalMilliseconds);

    /// <summary>The time, in milliseconds, that this share of all stayed below.</summary>
    /// <param name="share">From 0 to 1.</param>
    public double Percentile(double share) => _ms.Order().ElementAt((int)Math.Min(_ms.Count - 1, _ms.Count * share));

    /// <inheritdoc />
    public override string ToString() =>
        $"{Name,-52} p50 {Percentile(0.50),8:F3} ms   p95 {Percentile(0.95),8:F3} ms   n {_ms.Count}";
}
