using System.Collections.Immutable;
using System.Text.Json;

namespace ActorRuns.Runs;

/// <summary>Reads the settings of one run from its <c>config</c>.</summary>
/// <param name="config">The run's config, a JSON object or undefined.</param>
public sealed class RunSettings(JsonElement config)
{
    /// <summary>Steps after which a run is taken to be going in circles.</summary>
    public const int DefaultRecursionLimit = 25;

    /// <summary>The setting that says what a run does to others when it does not say so itself.</summary>
    public const string StrategyKey = "actorruns_multitask_strategy";

    /// <summary>
    /// The setting that refines a strategy: <see cref="Steer"/> and <see cref="SteerNow"/> refine <c>enqueue</c>,
    /// <see cref="AfterTools"/> <c>interrupt</c>.
    /// </summary>
    public const string RefinementKey = "actorruns_refinement";

    /// <summary>The run at work is to hear the message at its next step.</summary>
    public const string Steer = "steer";

    /// <summary>As <see cref="Steer"/>, and tools that have not begun by then are skipped.</summary>
    public const string SteerNow = "steer-now";

    /// <summary>The run at work is to stop when the tools have ended that are at work.</summary>
    public const string AfterTools = "after-tools";

    private readonly JsonElement _configurable =
        config.ValueKind is JsonValueKind.Object && config.TryGetProperty("configurable", out var configurable)
            ? configurable
            : default;

    /// <summary>The number of steps after which the run fails with <c>GraphRecursionError</c>.</summary>
    public int RecursionLimit { get; } =
        config.ValueKind is JsonValueKind.Object
        && config.TryGetProperty("recursion_limit", out var limit)
        && limit.ValueKind is JsonValueKind.Number
        && limit.TryGetInt32(out var steps)
            ? steps
            : DefaultRecursionLimit;

    /// <summary>What the caller marks the run with (<c>config.tags</c>).</summary>
    public ImmutableArray<string> Tags { get; } =
        config.ValueKind is JsonValueKind.Object
        && config.TryGetProperty("tags", out var tags)
        && tags.ValueKind is JsonValueKind.Array
            ? [.. tags.EnumerateArray().Where(tag => tag.ValueKind is JsonValueKind.String).Select(tag => $"{tag}")]
            : [];

    /// <summary>A value of <c>configurable</c>, or an undefined element.</summary>
    public JsonElement this[string name] =>
        _configurable.ValueKind is JsonValueKind.Object && _configurable.TryGetProperty(name, out var value)
            ? value
            : default;

    /// <summary>A text of <c>configurable</c>, or null when it is not there or no text.</summary>
    public string? GetString(string name) => this[name] is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>A number of milliseconds of <c>configurable</c>; the default when it is not there or no number.</summary>
    public TimeSpan GetMilliseconds(string name, TimeSpan defaultValue) =>
        this[name] is { ValueKind: JsonValueKind.Number } number
        && number.TryGetDouble(out var milliseconds)
        && milliseconds is >= 0 and <= int.MaxValue
            ? TimeSpan.FromMilliseconds(milliseconds)
            : defaultValue;
}
