using System.Collections.Immutable;

namespace ActorRuns.Cluster;

/// <summary>
/// Where members record that they are there and which shards they own, by one clock for all of them. Every member may
/// ask at any time; each answers to one question after the other.
/// </summary>
public interface IShardLeases
{
    /// <summary>
    /// Says that a member is there, renews what it holds, and gives it free shards up to its fair share, each with a
    /// number of ownership that was never used before.
    /// </summary>
    /// <returns>All members and all leases as of this moment; what is the member's own there, it owns.</returns>
    /// <exception cref="LeasesUnavailableException">It could not be asked, or did not answer.</exception>
    Task<LeaseView> RenewAsync(LeaseRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Gives shards back whose threads have stopped; what the member does not own any more stays as it is.
    /// </summary>
    /// <exception cref="LeasesUnavailableException">It could not be asked, or did not answer.</exception>
    Task ReleaseAsync(MemberId member, IReadOnlyCollection<HeldLease> leases, CancellationToken cancellationToken);

    /// <summary>
    /// Gives back all that a member owns, which does nothing any more, and forgets it. May be done twice.
    /// </summary>
    /// <exception cref="LeasesUnavailableException">It could not be asked, or did not answer.</exception>
    Task LeaveAsync(MemberId member, CancellationToken cancellationToken);

    /// <summary>
    /// Waits until a member has come, gone, or given something back. A hint that may be missed: who waits asks now and
    /// then by itself.
    /// </summary>
    /// <exception cref="LeasesUnavailableException">Changes cannot be heard of now.</exception>
    Task WaitForChangeAsync(CancellationToken cancellationToken);
}

/// <summary>The leases cannot be asked; what is held runs out unless they can be soon.</summary>
/// <param name="cause">Why.</param>
public sealed class LeasesUnavailableException(Exception cause)
    : Exception($"The leases cannot be reached: {cause.Message}", cause);

/// <summary>What a member says of itself when it renews its leases.</summary>
/// <param name="Member">The member.</param>
/// <param name="Ttl">How long what is granted lasts.</param>
/// <param name="Held">What it owns and goes on with.</param>
/// <param name="Load">How much it has to do.</param>
public sealed record LeaseRequest(
    Member Member, TimeSpan Ttl, IReadOnlyCollection<HeldLease> Held, MemberLoad Load);

/// <summary>How much a member has to do.</summary>
/// <param name="Threads">The threads that are awake.</param>
/// <param name="RunsAtWork">The runs that are being executed.</param>
/// <param name="RunsWaiting">The runs that wait for their turn on threads that are awake.</param>
public readonly record struct MemberLoad(int Threads, int RunsAtWork, int RunsWaiting);

/// <summary>A member as the others see it.</summary>
/// <param name="Member">The member.</param>
/// <param name="StartedAt">When it came.</param>
/// <param name="SilentFor">How long it was not heard of.</param>
/// <param name="Load">How much it had to do when it was.</param>
public sealed record MemberStatus(Member Member, DateTimeOffset StartedAt, TimeSpan SilentFor, MemberLoad Load);

/// <summary>The cluster as of one moment.</summary>
/// <param name="Members">The members that were heard of within the time of a lease.</param>
/// <param name="Leases">The leases of all shards, in their order.</param>
public sealed record LeaseView(ImmutableArray<MemberStatus> Members, ImmutableArray<ShardLease> Leases)
{
    /// <summary>A cluster of which nothing is known yet.</summary>
    public static LeaseView Empty { get; } = new([], []);

    /// <summary>The member that owns a shard; null when none does, or it is not heard of.</summary>
    public Member? OwnerOf(Shard shard) => shard.Number < Leases.Length && Leases[shard.Number].Owner is { } owner
        ? Members.FirstOrDefault(member => member.Member.Id == owner)?.Member
        : null;
}

/// <summary>What makes a runtime a member of a cluster.</summary>
/// <param name="Leases">Where the members record who owns what.</param>
/// <param name="Address">Where the other members reach this one.</param>
public sealed record ClusterSeat(IShardLeases Leases, Uri Address);
