using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Json;
using ActorRuns.Runs;
using Microsoft.AspNetCore.Http;

namespace ActorRuns.AspNetCore.Requests;

/// <summary>Reads the <c>config</c> of assistants, runs and crons, and what headers add to it.</summary>
internal static class RunConfig
{
    // What the headers of a request say about their sender stays out of the run.
    private static readonly ImmutableHashSet<string> PrivateHeaders = ImmutableHashSet.Create(
        StringComparer.OrdinalIgnoreCase, "x-api-key", "x-tenant-id", "x-service-key");

    /// <summary>The config as it came, if the parts of it that the runtime reads are what they should be.</summary>
    public static JsonElement Read(BodyReader body)
    {
        var config = body.Object("config");
        if (config.ValueKind is not JsonValueKind.Object)
            return config;

        if (config.TryGetProperty("configurable", out var configurable)
            && configurable.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
        {
            body.Fault("config.configurable", "an object");
        }

        if (config.TryGetProperty("recursion_limit", out var limit)
            && limit.ValueKind is not JsonValueKind.Null
            && !(limit.ValueKind is JsonValueKind.Number && limit.TryGetInt32(out var steps) && steps > 0))
        {
            body.Fault("config.recursion_limit", "a whole number above 0");
        }

        if (config.TryGetProperty("timeout_ms", out var timeout)
            && timeout.ValueKind is not JsonValueKind.Null
            && !(timeout.ValueKind is JsonValueKind.Number && timeout.TryGetInt32(out var longest) && longest >= 0))
        {
            body.Fault("config.timeout_ms", "a whole number of milliseconds, 0 for no limit");
        }

        if (configurable.ValueKind is JsonValueKind.Object)
            CheckHabits(body, configurable);
        return config;
    }

    /// <summary>What settings say of messages that meet is read, so it must be right.</summary>
    private static void CheckHabits(BodyReader body, JsonElement configurable)
    {
        if (configurable.TryGetProperty(RunSettings.RefinementKey, out var refinement)
            && !(refinement.ValueKind is JsonValueKind.String && refinement.GetString()
                is RunSettings.Steer or RunSettings.SteerNow or RunSettings.AfterTools or "none"))
        {
            body.Fault($"config.configurable.{RunSettings.RefinementKey}", "steer, steer-now, after-tools or none");
        }

        if (configurable.TryGetProperty(RunSettings.StrategyKey, out var strategy)
            && !(strategy.ValueKind is JsonValueKind.String
                && JsonNames.TryRead<MultitaskStrategy>(strategy.GetString()!, out _))) // A JSON string is never null.
        {
            var names = string.Join(", ", JsonNames.All<MultitaskStrategy>());
            body.Fault($"config.configurable.{RunSettings.StrategyKey}", $"one of {names}");
        }

        foreach (var key in (ReadOnlySpan<string>)["actorruns_debounce_ms", "actorruns_debounce_max_ms"])
        {
            if (configurable.TryGetProperty(key, out var time)
                && !(time.ValueKind is JsonValueKind.Number && time.TryGetInt32(out var wait) && wait >= 0))
            {
                body.Fault($"config.configurable.{key}", "a whole number of milliseconds");
            }
        }
    }

    /// <summary>What the headers of a request tell the nodes of its runs.</summary>
    public static IEnumerable<KeyValuePair<string, string>> SenderOf(IHeaderDictionary headers) => headers
        .Where(header => IsForRuns(header.Key))
        .Select(header => KeyValuePair.Create(header.Key.ToLowerInvariant(), $"{header.Value}"));

    private static bool IsForRuns(string header) =>
        header.Equals("user-agent", StringComparison.OrdinalIgnoreCase)
        || (header.StartsWith("x-", StringComparison.OrdinalIgnoreCase) && !PrivateHeaders.Contains(header));
}
