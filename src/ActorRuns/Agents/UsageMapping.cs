using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

#pragma warning disable MEAI001 // The counts of audio tokens may change; to leave them out would lose them.

namespace ActorRuns.Agents;

/// <summary>Token counts in LangChain's shape and in that of Microsoft.Extensions.AI.</summary>
internal static class UsageMapping
{
    /// <summary>LangChain's field of a message.</summary>
    public const string Field = "usage_metadata";

    private const string InputDetails = "input_token_details";
    private const string OutputDetails = "output_token_details";
    private const string Others = "additional_counts";

    // Written to Anthropic's cache: the count that LangChain has a field for, and Microsoft.Extensions.AI has none.
    private const string CacheCreation = "CacheCreationInputTokens";

    public static JsonElement ToJson(UsageDetails usage)
    {
        var json = new JsonObject
        {
            ["input_tokens"] = usage.InputTokenCount ?? 0,
            ["output_tokens"] = usage.OutputTokenCount ?? 0,
            ["total_tokens"] = usage.TotalTokenCount ?? ((usage.InputTokenCount ?? 0) + (usage.OutputTokenCount ?? 0)),
        };
        var others = usage.AdditionalCounts ?? [];
        Add(
            json,
            InputDetails,
            ("cache_read", usage.CachedInputTokenCount),
            ("cache_creation", others.TryGetValue(CacheCreation, out var created) ? created : null),
            ("audio", usage.InputAudioTokenCount));
        Add(json, OutputDetails, ("reasoning", usage.ReasoningTokenCount), ("audio", usage.OutputAudioTokenCount));
        Add(
            json,
            Others,
            [.. others.Where(count => count.Key != CacheCreation).Select(count => (count.Key, (long?)count.Value))]);
        return KeptJson.Of(json);
    }

    public static UsageDetails ToDetails(JsonElement json)
    {
        var input = JsonText.ObjectOf(json, InputDetails) ?? default;
        var output = JsonText.ObjectOf(json, OutputDetails) ?? default;
        var others = JsonText.ObjectOf(json, Others)?.EnumerateObject()
            .Where(count => count.Value.ValueKind is JsonValueKind.Number && count.Value.TryGetInt64(out _))
            .Select(count => KeyValuePair.Create(count.Name, count.Value.GetInt64())) ?? [];
        if (JsonText.NumberOf(input, "cache_creation") is { } created)
            others = others.Append(KeyValuePair.Create(CacheCreation, created));
        return new UsageDetails
        {
            InputTokenCount = JsonText.NumberOf(json, "input_tokens"),
            OutputTokenCount = JsonText.NumberOf(json, "output_tokens"),
            TotalTokenCount = JsonText.NumberOf(json, "total_tokens"),
            CachedInputTokenCount = JsonText.NumberOf(input, "cache_read"),
            InputAudioTokenCount = JsonText.NumberOf(input, "audio"),
            ReasoningTokenCount = JsonText.NumberOf(output, "reasoning"),
            OutputAudioTokenCount = JsonText.NumberOf(output, "audio"),
            AdditionalCounts = others.Any() ? new(others) : null,
        };
    }

    private static void Add(JsonObject json, string field, params (string Name, long? Count)[] counts)
    {
        var known = counts.Where(count => count.Count is not null)
            .Select(count => KeyValuePair.Create(count.Name, (JsonNode?)count.Count));
        if (known.Any())
            json[field] = new JsonObject(known);
    }
}
