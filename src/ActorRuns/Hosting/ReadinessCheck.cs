namespace ActorRuns.Hosting;

/// <summary>One thing that a runtime needs to answer requests.</summary>
/// <param name="Name">What it is, in a word.</param>
/// <param name="AskAsync">Completes when it is there, and fails when it is not; gives up when it is told to.</param>
public sealed record ReadinessCheck(string Name, Func<CancellationToken, Task> AskAsync);
