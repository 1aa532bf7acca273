using System.Text.Json;

namespace ActorRuns.Threads;

/// <summary>A question that a node asked a human, and that nobody has answered yet.</summary>
/// <param name="Id">What an answer refers to.</param>
/// <param name="Node">The node that asked.</param>
/// <param name="Value">The question, any JSON.</param>
public sealed record PendingInterrupt(string Id, string Node, JsonElement Value);
