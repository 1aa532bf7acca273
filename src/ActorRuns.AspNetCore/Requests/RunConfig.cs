using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Assistants;
using ActorRuns.Json;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Microsoft.AspNetCore.Http;

namespace ActorRuns.AspNetCore.Requests;

/// <summary>The <c>config</c> of assistants and runs, and how a run's is made of both.</summary>
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

        return config;
    }

    /// <summary>
    /// A run's own config over that of its assistant, with what nodes want to know of the run, and what its sender said
    /// in headers. Of <c>configurable</c> each key counts by itself.
    /// </summary>
    public static JsonElement For(
        Assistant assistant, JsonElement given, IHeaderDictionary headers, ThreadId thread, RunId run)
    {
        var config = JsonMaps.Overlay(assistant.Current.Config, given);
        var configurable = JsonMaps.Overlay(ConfigurableOf(assistant.Current.Config), ConfigurableOf(given));
        return JsonElement.Parse(StateJson.Write(writer =>
        {
            writer.WriteStartObject();
            foreach (var property in PropertiesOf(config).Where(property => property.Name is not "configurable"))
                property.WriteTo(writer);

            writer.WriteStartObject("configurable");
            foreach (var property in PropertiesOf(configurable).Where(property => !IsOwn(property.Name)))
                property.WriteTo(writer);
            foreach (var (name, value) in headers.Where(header => IsForRuns(header.Key)))
                writer.WriteString(name.ToLowerInvariant(), $"{value}");
            writer.WriteString("run_id", run.Value);
            writer.WriteString("thread_id", thread.Value);
            writer.WriteString("graph_id", assistant.GraphId.Value);
            writer.WriteString("assistant_id", assistant.Id.Value);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }).Span);
    }

    /// <summary>The settings that nodes read; undefined when there are none.</summary>
    private static JsonElement ConfigurableOf(JsonElement config) =>
        config.ValueKind is JsonValueKind.Object
        && config.TryGetProperty("configurable", out var inner)
        && inner.ValueKind is JsonValueKind.Object
            ? inner
            : default;

    private static IEnumerable<JsonProperty> PropertiesOf(JsonElement element) =>
        element.ValueKind is JsonValueKind.Object ? element.EnumerateObject() : [];

    private static bool IsOwn(string name) => name is "run_id" or "thread_id" or "graph_id" or "assistant_id";

    private static bool IsForRuns(string header) =>
        header.Equals("user-agent", StringComparison.OrdinalIgnoreCase)
        || (header.StartsWith("x-", StringComparison.OrdinalIgnoreCase) && !PrivateHeaders.Contains(header));
}
