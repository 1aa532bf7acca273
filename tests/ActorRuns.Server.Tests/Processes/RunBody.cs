using System.Text.Json.Serialization;

namespace ActorRuns.Server.Tests.Processes;

/// <summary>The body of a request for a run, as far as these tests need one; what is null is left out.</summary>
internal sealed record RunBody
{
    /// <summary>Who is asked.</summary>
    [JsonPropertyName("assistant_id")]
    public string Assistant { get; init; } = "agent";

    [JsonPropertyName("input")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public object? Input { get; init; }

    [JsonPropertyName("command")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public object? Command { get; init; }

    [JsonPropertyName("config")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public object? Config { get; init; }

    [JsonPropertyName("multitask_strategy")]
    public string Strategy { get; init; } = "enqueue";

    [JsonPropertyName("after_seconds")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? AfterSeconds { get; init; }

    [JsonPropertyName("webhook")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Uri? Webhook { get; init; }

    [JsonPropertyName("stream_mode")]
    public IReadOnlyList<string> StreamMode { get; init; } = ["values"];

    /// <summary>A run that says something.</summary>
    public static RunBody Say(string text) =>
        new() { Input = new { messages = new[] { new { role = "human", content = text } } } };

    /// <summary>A question for the weather agent.</summary>
    public static RunBody Ask(string city) => Say($"What's the weather in {city}?");

    /// <summary>
    /// This run with delays of its own, in milliseconds; what is null takes as long as the server says.
    /// </summary>
    public RunBody Taking(int? model = null, int? tool = null, int? token = null)
    {
        var delays = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, delay) in (ReadOnlySpan<(string, int?)>)
            [("model_delay_ms", model), ("tool_delay_ms", tool), ("token_delay_ms", token)])
        {
            if (delay is { } ms)
                delays[name] = ms;
        }

        return this with { Config = new { configurable = delays } };
    }
}
