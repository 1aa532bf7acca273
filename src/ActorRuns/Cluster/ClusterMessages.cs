using System.Collections.Immutable;

namespace ActorRuns.Cluster;

/// <summary>
/// Has the region bring the threads of shards to a good place to stop, and stop them. Answered by
/// <see cref="ShardsStopped"/> when none is left.
/// </summary>
/// <param name="Shards">The shards; nothing new begins in them.</param>
internal sealed record DrainShards(ImmutableHashSet<Shard> Shards);

/// <summary>Has the region stop the threads of shards at once. Answered by <see cref="ShardsStopped"/>.</summary>
/// <param name="Shards">The shards.</param>
internal sealed record AbandonShards(ImmutableHashSet<Shard> Shards);

/// <summary>No thread of these shards is there any more.</summary>
/// <param name="Shards">The shards.</param>
internal sealed record ShardsStopped(ImmutableHashSet<Shard> Shards);

/// <summary>Leaves the cluster: gives everything back. Answered by <see cref="ClusterLeft"/>.</summary>
internal sealed record LeaveCluster;

/// <summary>Everything was given back, or will run out by itself.</summary>
internal sealed record ClusterLeft;
