using ActorRuns.Runs;

namespace ActorRuns.Threads;

/// <summary>The run attempt that has the thread; only what it says is accepted.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Attempt">Which try this is, counted from 1; answers from other attempts are void.</param>
public sealed record Holder(RunId RunId, int Attempt);
