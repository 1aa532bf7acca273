using Microsoft.Extensions.AI;

namespace ActorRuns.Agents;

/// <summary>
/// A piece of a tool call that a model is still writing. A chat client may put such pieces before the whole call, which
/// it gives all the same: <see cref="ChatAgent"/> passes them on to readers, and they become part of no message.
/// </summary>
/// <param name="index">Which call of the answer it belongs to; the same for all pieces of a call.</param>
/// <param name="callId">The call's id; null when an earlier piece told it.</param>
/// <param name="name">The tool's name; null when an earlier piece told it.</param>
/// <param name="arguments">A piece of the arguments' JSON text; may be empty.</param>
public sealed class ToolCallDeltaContent(int index, string? callId, string? name, string arguments) : AIContent
{
    /// <summary>Which call of the answer it belongs to.</summary>
    public int Index { get; } = index;

    /// <summary>The call's id; null when an earlier piece told it.</summary>
    public string? CallId { get; } = callId;

    /// <summary>The tool's name; null when an earlier piece told it.</summary>
    public string? Name { get; } = name;

    /// <summary>A piece of the arguments' JSON text.</summary>
    public string Arguments { get; } = arguments;
}
