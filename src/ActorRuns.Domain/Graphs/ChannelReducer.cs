using System.Text.Json;

namespace ActorRuns.Graphs;

/// <summary>Makes the value of a channel from the present one and what is written to it; pure.</summary>
/// <param name="current">The present value; undefined before the first.</param>
/// <param name="update">What is written.</param>
/// <returns>The value from now on. It is recorded, so that recovery does not ask the function again.</returns>
public delegate JsonElement ChannelReducer(JsonElement current, JsonElement update);
