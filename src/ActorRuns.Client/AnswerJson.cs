using System.Text.Json;
using ActorRuns.Assistants;
using ActorRuns.Runs;
using ActorRuns.Threads;

namespace ActorRuns.Client;

/// <summary>Reads what the API answers. What it does not know of a name is a fault that names it.</summary>
internal static class AnswerJson
{
    public static ThreadView Thread(JsonElement json) => new(
        new ThreadId(json.GetProperty("thread_id").GetGuid()),
        Name<ThreadStatus>(json.GetProperty("status")),
        json.GetProperty("metadata"),
        json.TryGetProperty("values", out var values) ? values : default,
        json.GetProperty("created_at").GetDateTimeOffset(),
        json.GetProperty("updated_at").GetDateTimeOffset());

    public static RunView Run(JsonElement json) => new(
        new RunId(json.GetProperty("run_id").GetGuid()),
        new ThreadId(json.GetProperty("thread_id").GetGuid()),
        new AssistantId(json.GetProperty("assistant_id").GetGuid()),
        Name<RunStatus>(json.GetProperty("status")),
        Name<MultitaskStrategy>(json.GetProperty("multitask_strategy")),
        json.GetProperty("metadata"),
        json.GetProperty("created_at").GetDateTimeOffset(),
        json.GetProperty("updated_at").GetDateTimeOffset());

    public static StateView State(JsonElement json) => new(
        json.GetProperty("values"),
        [.. json.GetProperty("next").EnumerateArray().Select(Text)],
        [.. json.GetProperty("tasks").EnumerateArray().SelectMany(task => Questions(task.GetProperty("interrupts")))],
        Pointer(json, "checkpoint"),
        Pointer(json, "parent_checkpoint"),
        json.TryGetProperty("metadata", out var metadata) ? metadata : default,
        json.GetProperty("created_at") is { ValueKind: JsonValueKind.String } at ? at.GetDateTimeOffset() : null);

    /// <summary>Reads how a run ended.</summary>
    /// <param name="json">The run's last values, or its questions, or its error.</param>
    /// <param name="run">The run; null when it is gone.</param>
    public static RunResult Result(JsonElement json, RunView? run)
    {
        if (json.ValueKind is JsonValueKind.Object && json.TryGetProperty("__interrupt__", out var asked))
            return new RunResult(run, default, [.. Questions(asked)], null);
        if (json.ValueKind is JsonValueKind.Object && json.TryGetProperty("__error__", out var error))
        {
            var failure = new RunFailure(Text(error.GetProperty("error")), Text(error.GetProperty("message")));
            return new RunResult(run, default, [], failure);
        }

        return new RunResult(run, json, [], null);
    }

    private static IEnumerable<HumanQuestion> Questions(JsonElement list) => list.EnumerateArray().Select(question =>
        new HumanQuestion(Text(question.GetProperty("id")), question.GetProperty("value")));

    private static CheckpointId? Pointer(JsonElement json, string name) =>
        json.GetProperty(name) is { ValueKind: JsonValueKind.Object } pointer
            ? new CheckpointId(pointer.GetProperty("checkpoint_id").GetGuid())
            : null;

    private static string Text(JsonElement json) =>
        json.GetString() ?? throw new JsonException("A text was expected, and null came.");

    private static T Name<T>(JsonElement json) where T : struct, Enum
    {
        var name = Text(json).Replace("-", string.Empty, StringComparison.Ordinal);
        return Enum.TryParse<T>(name, ignoreCase: true, out var value)
            ? value
            : throw new JsonException($"{typeof(T).Name} has no '{json}'.");
    }
}
