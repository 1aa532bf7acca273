using System.Text.Json;
using ActorRuns.Json;
using ActorRuns.Runs;
using ActorRuns.Threads;

namespace ActorRuns.Assistants;

/// <summary>Makes of what a caller asks the request of a run by an assistant.</summary>
public static class AssistantRequest
{
    /// <summary>
    /// What is asked over what the assistant says, with what nodes want to know of the run. Of <c>configurable</c> each
    /// key counts by itself.
    /// </summary>
    /// <param name="assistant">The assistant as it is now.</param>
    /// <param name="asked">What the caller asks.</param>
    /// <param name="thread">The thread of the run.</param>
    /// <param name="sender">What nodes are told of the sender, as settings.</param>
    public static RunRequest Complete(
        this Assistant assistant,
        RunRequest asked,
        ThreadId thread,
        IEnumerable<KeyValuePair<string, string>> sender) =>
        Habits(asked with
        {
            AssistantId = assistant.Id,
            GraphId = assistant.GraphId,
            Config = ConfigOf(assistant, asked, thread, sender),
            Context = JsonMaps.Overlay(assistant.Current.Context, asked.Context),
            Metadata = asked.Metadata
                .SetItem("graph_id", JsonMaps.TextValue(assistant.GraphId.Value))
                .SetItem("assistant_id", JsonMaps.TextValue($"{assistant.Id}")),
        });

    /// <summary>What the settings say of messages that meet, where the run says nothing else.</summary>
    private static RunRequest Habits(RunRequest request)
    {
        var settings = new RunSettings(request.Config);
        if (request.StrategyFrom is not StrategySource.Run
            && settings.GetString(RunSettings.StrategyKey) is { } name
            && JsonNames.TryRead<MultitaskStrategy>(name, out var strategy))
        {
            request = request with { Strategy = strategy, StrategyFrom = StrategySource.Assistant };
        }

        // A run that names another strategy, or brings no message, is not one to steer with.
        var refinement = settings.GetString(RunSettings.RefinementKey);
        return refinement switch
        {
            RunSettings.Steer or RunSettings.SteerNow when request.HasInput && May(MultitaskStrategy.Enqueue) =>
                request with
                {
                    Steers = true,
                    SkipsTools = refinement is RunSettings.SteerNow,
                    Strategy = MultitaskStrategy.Enqueue,
                },
            RunSettings.AfterTools when May(MultitaskStrategy.Interrupt) =>
                request with { AfterTools = true, Strategy = MultitaskStrategy.Interrupt },
            _ => request,
        };

        bool May(MultitaskStrategy refined) =>
            request.StrategyFrom is not StrategySource.Run || request.Strategy == refined;
    }

    private static JsonElement ConfigOf(
        Assistant assistant, RunRequest asked, ThreadId thread, IEnumerable<KeyValuePair<string, string>> sender)
    {
        var config = JsonMaps.Overlay(assistant.Current.Config, asked.Config);
        var configurable = JsonMaps.Overlay(ConfigurableOf(assistant.Current.Config), ConfigurableOf(asked.Config));
        return JsonElement.Parse(StateJson.Write(writer =>
        {
            writer.WriteStartObject();
            foreach (var property in PropertiesOf(config).Where(property => property.Name is not "configurable"))
                property.WriteTo(writer);

            writer.WriteStartObject("configurable");
            foreach (var property in PropertiesOf(configurable).Where(property => !IsOwn(property.Name)))
                property.WriteTo(writer);
            foreach (var (name, value) in sender)
                writer.WriteString(name, value);
            writer.WriteString("run_id", asked.RunId.Value);
            writer.WriteString("thread_id", thread.Value);
            writer.WriteString("graph_id", assistant.GraphId.Value);
            writer.WriteString("assistant_id", assistant.Id.Value);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }));
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
}
