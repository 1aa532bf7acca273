using ActorRuns.Messages;
using ActorRuns.Runs;
using ActorRuns.Threads;

namespace ActorRuns.Agents;

/// <summary>A call of a tool that is to be undone in the world, because its run was rolled back.</summary>
/// <param name="ThreadId">The thread.</param>
/// <param name="RunId">The run, which is gone for readers.</param>
/// <param name="Call">What the tool was told.</param>
/// <param name="Result">What it answered; null when it was stopped at work, so that its effects are not known.</param>
/// <param name="IdempotencyKey">The key that the call had: <see cref="ToolContext.IdempotencyKey"/>.</param>
public sealed record ToolCompensation(
    ThreadId ThreadId, RunId RunId, ToolCall Call, Message? Result, string IdempotencyKey);
