using System.Text.Json;

namespace ActorRuns.Messages;

/// <summary>A model's request to run a tool.</summary>
/// <param name="Id">What the result refers to; unique within a transcript.</param>
/// <param name="Name">The tool.</param>
/// <param name="Args">The arguments, a JSON object.</param>
public sealed record ToolCall(string Id, string Name, JsonElement Args);
