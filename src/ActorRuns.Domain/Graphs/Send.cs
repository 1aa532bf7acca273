using System.Text.Json;

namespace ActorRuns.Graphs;

/// <summary>An execution of a node in the next step, with an input of its own (LangGraph's <c>Send</c>).</summary>
/// <param name="Node">The node.</param>
/// <param name="Input">What it is given beside the state, any JSON.</param>
public sealed record Send(string Node, JsonElement Input);
