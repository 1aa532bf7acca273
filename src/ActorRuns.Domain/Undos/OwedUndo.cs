using ActorRuns.Graphs;
using ActorRuns.Runs;

namespace ActorRuns.Undos;

/// <summary>A tool call of a run that was rolled back, whose effects are to be undone in the world.</summary>
/// <param name="RunId">The run, which is gone for readers.</param>
/// <param name="By">The run that took its place; null when it was cancelled.</param>
/// <param name="GraphId">The graph that the run executed.</param>
/// <param name="Ran">What the tool was told, and answered.</param>
/// <param name="Begun">True once its undoing may have begun.</param>
public sealed record OwedUndo(RunId RunId, RunId? By, GraphId GraphId, RanCall Ran, bool Begun)
{
    /// <summary>True when it is the one of this call of this run.</summary>
    public bool Is(RunId run, string callId) => RunId == run && Ran.Call.Id == callId;
}

/// <summary>What came of the undoing of a tool call.</summary>
/// <param name="RunId">The run that made the call, and is gone.</param>
/// <param name="Tool">The tool.</param>
/// <param name="CallId">The call.</param>
/// <param name="Failure">Why it could not be undone, or is not known to be; null when it was undone.</param>
public sealed record UndoReport(RunId RunId, string Tool, string CallId, string? Failure);
