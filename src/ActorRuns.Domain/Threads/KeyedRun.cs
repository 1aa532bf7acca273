using ActorRuns.Runs;

namespace ActorRuns.Threads;

/// <summary>The run that was asked for under a key.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Fingerprint">That of the request.</param>
public sealed record KeyedRun(RunId RunId, string Fingerprint);
