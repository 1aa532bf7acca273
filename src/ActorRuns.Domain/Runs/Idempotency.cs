namespace ActorRuns.Runs;

/// <summary>What makes a request that is sent twice one run.</summary>
/// <param name="Key">The sender's name for the request, unique in the thread.</param>
/// <param name="Fingerprint">The same for the same request; another one under the key is refused.</param>
public sealed record Idempotency(string Key, string Fingerprint);
