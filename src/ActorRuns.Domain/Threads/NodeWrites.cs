using System.Collections.Immutable;

namespace ActorRuns.Threads;

/// <summary>What one node wrote in one step.</summary>
/// <param name="Node">The node.</param>
/// <param name="Writes">Its writes, in order.</param>
public sealed record NodeWrites(string Node, ImmutableArray<ChannelWrite> Writes);
