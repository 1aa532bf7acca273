using ActorRuns.Runs;

namespace ActorRuns.Undos;

/// <summary>Why a run is gone for readers: it was rolled back.</summary>
/// <param name="RunId">The run.</param>
/// <param name="By">The run that took its place; null when it was cancelled.</param>
/// <param name="At">When it was.</param>
public sealed record RolledBackRun(RunId RunId, RunId? By, DateTimeOffset At);
