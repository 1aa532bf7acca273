namespace ActorRuns.Cluster;

/// <summary>How long leases last, and what follows from it.</summary>
/// <param name="Ttl">How long a shard stays with a member that is not heard of, by the database's clock.</param>
public sealed record LeaseTerms(TimeSpan Ttl)
{
    // What a clock may be slow by, and what stopping takes.
    private const double Margin = 0.1;

    /// <summary>How often leases are renewed: two renewals may fail before anything is lost.</summary>
    public TimeSpan RenewEvery => Ttl / 3;

    /// <summary>
    /// When an owner stops, counted from the moment at which it asked for what it was granted: the database has begun
    /// to count later than that.
    /// </summary>
    public TimeSpan StopAfter => Ttl * (1 - Margin);
}
