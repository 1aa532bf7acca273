namespace ActorRuns.Cluster;

/// <summary>How members share the threads: the section <c>actorruns.cluster</c>.</summary>
public sealed class ClusterOptions
{
    /// <summary>Where the other members reach this one.</summary>
    /// <value>Default empty: where it listens; an http address.</value>
    public string Address { get; init; } = "";

    /// <summary>How long the shards of a member that is not heard of stay with it.</summary>
    /// <value>Default 10 s; from 1 s to 10 min.</value>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a run at work may take to come to the end of a step when its shard is given back.</summary>
    /// <value>Default 20 s; from 0 to 10 min.</value>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a request waits for a thread that is on its way from one member to another.</summary>
    /// <value>Default 15 s; from 0 to 10 min.</value>
    public TimeSpan MoveWait { get; init; } = TimeSpan.FromSeconds(15);
}
