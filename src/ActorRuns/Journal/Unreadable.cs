namespace ActorRuns.Journal;

/// <summary>Stands where something was stored that this build cannot read.</summary>
/// <param name="Manifest">The stored name and version of its kind.</param>
/// <param name="Reason">What is wrong with it.</param>
internal sealed record Unreadable(string Manifest, string Reason);
