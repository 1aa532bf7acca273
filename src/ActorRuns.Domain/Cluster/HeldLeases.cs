using System.Collections.Immutable;

namespace ActorRuns.Cluster;

/// <summary>
/// The shards that a member owns, as far as it may believe so: what was granted to it, until the moment at which it
/// must stop. Its times are those of the member's own monotonic clock, which never goes back.
/// </summary>
public sealed class HeldLeases
{
    private readonly ImmutableSortedDictionary<int, HeldLease> _leases;

    private HeldLeases(ImmutableSortedDictionary<int, HeldLease> leases) => _leases = leases;

    /// <summary>A member that owns nothing.</summary>
    public static HeldLeases None { get; } = new(ImmutableSortedDictionary<int, HeldLease>.Empty);

    /// <summary>The leases, by shard.</summary>
    public IReadOnlyCollection<HeldLease> All => [.. _leases.Values];

    /// <summary>The next moment at which something must stop; null when nothing is held.</summary>
    public TimeSpan? NextStopAt => _leases.IsEmpty ? null : _leases.Values.Min(lease => lease.StopAt);

    /// <summary>The lease of a shard; null when it is not held.</summary>
    public HeldLease? Of(Shard shard) => _leases.TryGetValue(shard.Number, out var lease) ? lease : null;

    /// <summary>Lets go of what must stop by now.</summary>
    public LeaseChange Expire(TimeSpan now)
    {
        var over = _leases.Values.Where(lease => lease.StopAt <= now).ToImmutableArray();
        return new LeaseChange(new HeldLeases(_leases.RemoveRange(over.Select(lease => lease.Shard.Number))), [], over);
    }

    /// <summary>Takes note of what the database says this member owns.</summary>
    /// <param name="granted">All that it owns, with the numbers of the ownerships.</param>
    /// <param name="sentAt">When the question was sent.</param>
    /// <param name="now">When the answer came.</param>
    /// <param name="terms">How long leases last.</param>
    public LeaseChange Answered(
        IReadOnlyCollection<ShardLease> granted, TimeSpan sentAt, TimeSpan now, LeaseTerms terms)
    {
        // An answer that comes too late says what was true; by now somebody else may own all of it.
        var expired = Expire(now);
        var stopAt = sentAt + terms.StopAfter;
        if (stopAt <= now)
            return expired;

        var before = expired.Held._leases;
        var after = granted.ToImmutableSortedDictionary(
            lease => lease.Shard.Number, lease => new HeldLease(lease.Shard, lease.Epoch, stopAt));

        // Another number means that somebody may have owned it in between: what was begun before is not gone on with.
        var lost = before.Values.Where(lease => !IsSame(after, lease));
        var gained = after.Values.Where(lease => !IsSame(before, lease));
        return new LeaseChange(new HeldLeases(after), [.. gained], [.. expired.Lost, .. lost]);
    }

    /// <summary>Lets go of shards that were given back.</summary>
    public HeldLeases Without(IEnumerable<Shard> shards) =>
        new(_leases.RemoveRange(shards.Select(shard => shard.Number)));

    private static bool IsSame(ImmutableSortedDictionary<int, HeldLease> leases, HeldLease lease) =>
        leases.TryGetValue(lease.Shard.Number, out var other) && other.Epoch == lease.Epoch;
}

/// <summary>What has changed of what a member owns.</summary>
/// <param name="Held">What it owns now.</param>
/// <param name="Gained">What is new; its threads with something to do are started.</param>
/// <param name="Lost">What is gone; its threads are stopped at once.</param>
public sealed record LeaseChange(
    HeldLeases Held, ImmutableArray<HeldLease> Gained, ImmutableArray<HeldLease> Lost);
