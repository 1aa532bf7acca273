namespace ActorRuns.AspNetCore.Metrics;

/// <summary>What was measured with one instrument, under one set of labels. May be used by any thread.</summary>
/// <param name="bounds">The upper bounds of the buckets; empty when only the sum is of interest.</param>
internal sealed class Series(double[] bounds)
{
    private readonly Lock _lock = new();
    private readonly long[] _buckets = new long[bounds.Length];
    private long _count;
    private double _sum;

    /// <summary>Adds a measurement.</summary>
    public void Add(double value)
    {
        lock (_lock)
        {
            _count++;
            _sum += value;
            for (var bucket = 0; bucket < bounds.Length; bucket++)
                _buckets[bucket] += value <= bounds[bucket] ? 1 : 0;
        }
    }

    /// <summary>What was measured so far; each bucket has all that is not above its bound.</summary>
    public (long Count, double Sum, long[] Buckets) Read()
    {
        lock (_lock)
            return (_count, _sum, [.. _buckets]);
    }
}
