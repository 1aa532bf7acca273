using System.Collections.Immutable;

namespace ActorRuns.Cluster;

/// <summary>How many shards each member is to own: as many as every other one, give or take one.</summary>
public static class FairShare
{
    /// <summary>
    /// How many shards a member is to own. The shares of all add up to all shards, so that who gives one back knows
    /// that somebody takes it.
    /// </summary>
    /// <returns>Zero for a member that is leaving, or not among them.</returns>
    public static int Of(MemberId member, IEnumerable<Member> members)
    {
        var staying = members.Where(other => !other.IsLeaving).Select(other => other.Id.Value).Order().ToList();
        var place = staying.IndexOf(member.Value);
        return place < 0
            ? 0
            : (Shard.Count / staying.Count) + (place < Shard.Count % staying.Count ? 1 : 0);
    }

    /// <summary>The shards beyond its share that a member gives back.</summary>
    /// <param name="member">The member.</param>
    /// <param name="members">All members.</param>
    /// <param name="held">What it owns and has not begun to give back.</param>
    public static ImmutableArray<Shard> Surplus(
        MemberId member, IEnumerable<Member> members, IReadOnlyCollection<HeldLease> held)
    {
        var known = members.ToList();
        var isLeaving = known.Exists(other => other.Id == member && other.IsLeaving);
        if (!isLeaving && !known.Exists(other => other.Id == member))
            return []; // Who is not listed yet has not been counted.

        var surplus = held.Count - Of(member, known);
        return surplus <= 0
            ? []
            : [.. held.OrderByDescending(lease => lease.Shard.Number).Take(surplus).Select(lease => lease.Shard)];
    }
}
