using ActorRuns.Threads;

namespace ActorRuns.Cluster;

/// <summary>
/// One of the parts that all threads fall into. At any time at most one member owns it, and executes its threads.
/// </summary>
/// <param name="Number">From 0 to <see cref="Count"/> - 1.</param>
public readonly record struct Shard(int Number)
{
    /// <summary>How many there are. It is stored with the leases and never changes.</summary>
    public const int Count = 256;

    /// <summary>All of them, in order.</summary>
    public static IEnumerable<Shard> All => Enumerable.Range(0, Count).Select(number => new Shard(number));

    /// <summary>The shard of a thread: the same in every process and every release.</summary>
    public static Shard Of(ThreadId thread)
    {
        Span<byte> bytes = stackalloc byte[16];
        thread.Value.TryWriteBytes(bytes, bigEndian: true, out _);

        // FNV-1a, and a last mixing, since ids that sort by time differ in few bits.
        var hash = 2166136261u;
        foreach (var part in bytes)
            hash = unchecked((hash ^ part) * 16777619u);
        hash ^= hash >> 16;
        hash = unchecked(hash * 0x85EBCA6Bu);
        hash ^= hash >> 13;
        return new Shard((int)(hash & (Count - 1)));
    }

    /// <summary>Its number.</summary>
    public override string ToString() => $"{Number}";
}
