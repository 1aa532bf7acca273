namespace ActorRuns.Threads;

/// <summary>Why a run failed, and in which node; readers see it on the task that is still to do.</summary>
/// <param name="Node">The node that threw; null when the run failed outside of any.</param>
/// <param name="Error">The kind of error, for instance <c>GraphRecursionError</c>.</param>
/// <param name="Message">What went wrong, for the user.</param>
public sealed record NodeFailure(string? Node, string Error, string Message);
