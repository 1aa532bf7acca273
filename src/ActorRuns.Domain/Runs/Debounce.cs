namespace ActorRuns.Runs;

/// <summary>How long a message waits for others that belong to it, which then make one run with it.</summary>
/// <param name="Quiet">How long after the last message the run begins.</param>
/// <param name="AtMost">How long after the first message it begins in any case.</param>
public sealed record Debounce(TimeSpan Quiet, TimeSpan AtMost);
