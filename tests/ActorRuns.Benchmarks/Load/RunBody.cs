using System.Text.Json;

namespace ActorRuns.Benchmarks.Load;

/// <summary>What is asked of a run, as it is sent.</summary>
/// <param name="Bytes">The JSON; written once, since what it costs to write is no server's.</param>
internal sealed record RunBody(byte[] Bytes)
{
    /// <summary>A run of the weather agent: two model steps and a tool.</summary>
    public static RunBody Weather(
        string city, int toolDelayMs = 0, string strategy = "enqueue", string mode = "values") =>
        Of("agent", $"What's the weather in {city}?", toolDelayMs, strategy, mode);

    /// <summary>A run that answers at once, without a model.</summary>
    public static RunBody Echo(string text) => Of("echo", text, toolDelayMs: 0, "enqueue", "values");

    private static RunBody Of(string agent, string text, int toolDelayMs, string strategy, string mode) =>
        new(JsonSerializer.SerializeToUtf8Bytes(new
        {
            assistant_id = agent,
            input = new { messages = new[] { new { role = "human", content = text } } },
            config = new { configurable = new { model_delay_ms = 0, tool_delay_ms = toolDelayMs, token_delay_ms = 0 } },
            stream_mode = new[] { mode },
            multitask_strategy = strategy,
        }));
}
