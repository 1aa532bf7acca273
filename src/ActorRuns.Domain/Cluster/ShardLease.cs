namespace ActorRuns.Cluster;

/// <summary>What is recorded of a shard's ownership, as of one moment of the database's clock.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Owner">Who owns it; null when it is free, or its time has run out.</param>
/// <param name="Epoch">Rises with each change of the owner.</param>
/// <param name="ExpiresIn">How long the owner still has; zero when there is none.</param>
public sealed record ShardLease(Shard Shard, MemberId? Owner, long Epoch, TimeSpan ExpiresIn);

/// <summary>A lease as its owner knows it.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Epoch">The number of the ownership.</param>
/// <param name="StopAt">
/// The moment of the owner's own monotonic clock from which on it does nothing any more, whatever it hears: before the
/// database gives the shard to somebody else.
/// </param>
public readonly record struct HeldLease(Shard Shard, long Epoch, TimeSpan StopAt);
