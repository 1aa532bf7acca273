using ActorRuns.Messages;
using ActorRuns.Threads;

namespace ActorRuns.Undos;

/// <summary>A tool call that a run made, or began to make.</summary>
/// <param name="StepFrom">The revision that the step of the call went on from.</param>
/// <param name="Node">The node that ran the tool.</param>
/// <param name="Call">The call.</param>
/// <param name="Result">Its result; null when it had none, so that its effects are not known.</param>
public sealed record RanCall(CheckpointId StepFrom, string Node, ToolCall Call, Message? Result);
