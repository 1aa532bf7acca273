using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.AspNetCore.Problems;
using ActorRuns.Assistants;
using ActorRuns.Hosting;
using ActorRuns.Json;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Microsoft.AspNetCore.Http;

namespace ActorRuns.AspNetCore.Requests;

/// <summary>What becomes of a run when its reader hangs up.</summary>
internal enum OnDisconnect
{
    /// <summary>It goes on.</summary>
    Continue,

    /// <summary>It is cancelled.</summary>
    Cancel,
}

/// <summary>What becomes of the thread of a stateless run when the run has ended.</summary>
internal enum OnCompletion
{
    /// <summary>It is deleted.</summary>
    Delete,

    /// <summary>It stays, and can be talked to.</summary>
    Keep,
}

/// <summary>What becomes of a run on a thread that is not there.</summary>
internal enum IfNotExists
{
    /// <summary>It is refused.</summary>
    Reject,

    /// <summary>The thread is made.</summary>
    Create,
}

/// <summary>A request to create a run, read and checked.</summary>
/// <param name="Submit">What the thread is told.</param>
/// <param name="OnDisconnect">What becomes of it when its reader hangs up.</param>
internal sealed record RunCreate(SubmitRun Submit, OnDisconnect OnDisconnect)
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(366);

    // What the headers of a request say about their sender stays out of the run.
    private static readonly ImmutableHashSet<string> PrivateHeaders = ImmutableHashSet.Create(
        StringComparer.OrdinalIgnoreCase, "x-api-key", "x-tenant-id", "x-service-key");

    // Options of the API that would change what a run does: better refused than silently left out.
    private static readonly string[] NotServed = ["webhook"];

    /// <summary>Reads a request for a run on a thread.</summary>
    /// <exception cref="ProblemException">The body is wrong, or names an assistant that is not there.</exception>
    public static RunCreate Read(BodyReader body, IHeaderDictionary headers, ActorRunsRuntime runtime, ThreadId thread) =>
        Read(body, headers, runtime, thread, request => request);

    /// <summary>Reads a request for a run on a thread of its own, which is deleted with its end unless it is kept.</summary>
    /// <exception cref="ProblemException">The body is wrong, or names an assistant that is not there.</exception>
    public static RunCreate ReadStateless(BodyReader body, IHeaderDictionary headers, ActorRunsRuntime runtime)
    {
        var kept = body.Name("on_completion", OnCompletion.Delete) is OnCompletion.Keep;
        var create = Read(
            body, headers, runtime, runtime.Ids.NewThreadId(), request => request with { IsStateless = !kept });
        return create with { Submit = create.Submit with { CreatesThread = true } };
    }

    private static RunCreate Read(
        BodyReader body,
        IHeaderDictionary headers,
        ActorRunsRuntime runtime,
        ThreadId thread,
        Func<RunRequest, RunRequest> refine)
    {
        var assistantName = body.RequiredText("assistant_id");
        var ifNotExists = body.Name("if_not_exists", IfNotExists.Reject);
        var onDisconnect = body.Name("on_disconnect", OnDisconnect.Continue);
        foreach (var field in NotServed.Where(body.Has))
            body.Fault(field, "nothing: this version does not serve it");
        var request = ReadRequest(body, runtime.Ids.NewRunId());
        var config = ReadConfig(body);
        var from = CheckpointReader.FromRun(body);
        body.ThrowIfFaulty();

        var assistant = runtime.Assistants.Find(assistantName) ?? throw new ProblemException(Problem.NotFound(
            $"No assistant found for \"{assistantName}\". Make sure the assistant ID is for a valid assistant or a valid graph ID."));
        request = refine(request) with
        {
            AssistantId = assistant.Id,
            GraphId = assistant.GraphId,
            Config = Configured(config, headers, thread, request.RunId, assistant),
            Metadata = request.Metadata
                .SetItem("graph_id", JsonSerializer.SerializeToElement(assistant.GraphId.Value, TextJson.Default.String))
                .SetItem("assistant_id", JsonSerializer.SerializeToElement($"{assistant.Id}", TextJson.Default.String)),
        };
        var submit = new SubmitRun(thread, request, assistant.Metadata, ifNotExists is IfNotExists.Create) { From = from };
        return new RunCreate(submit, onDisconnect);
    }

    private static RunRequest ReadRequest(BodyReader body, RunId run)
    {
        var modes = StreamModeReader.Read(body.Texts("stream_mode"));
        if (modes is null)
            body.Fault("stream_mode", StreamModeReader.Expected);
        return new RunRequest
        {
            RunId = run,
            AssistantId = default,
            GraphId = default,
            Strategy = body.Name("multitask_strategy", MultitaskStrategy.Enqueue),
            Input = body.Value("input"),
            Command = ReadCommand(body),
            Context = body.Value("context"),
            Metadata = body.Map("metadata"),
            StreamModes = modes is null or StreamModes.None ? StreamModeReader.Default : modes.Value,
            StreamSubgraphs = body.Flag("stream_subgraphs"),
            StreamResumable = body.Flag("stream_resumable"),
            InterruptBefore = body.Texts("interrupt_before"),
            InterruptAfter = body.Texts("interrupt_after"),
            Delay = body.Seconds("after_seconds", LongestDelay),
        };
    }

    /// <summary>The config as it came, if the parts of it that the runtime reads are what they should be.</summary>
    private static JsonElement ReadConfig(BodyReader body)
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

    private static GraphCommand? ReadCommand(BodyReader body)
    {
        var command = body.Object("command");
        if (command.ValueKind is not JsonValueKind.Object)
            return null;

        command.TryGetProperty("resume", out var resume);
        ImmutableArray<string> nodes = [];
        if (command.TryGetProperty("goto", out var target) && target.ValueKind is not JsonValueKind.Null)
        {
            var targets = target.ValueKind is JsonValueKind.Array ? target.EnumerateArray().ToList() : [target];
            if (targets.TrueForAll(node => node.ValueKind is JsonValueKind.String))
                nodes = [.. targets.Select(node => node.GetString()!)]; // A JSON string is never null.
            else
                body.Fault("command.goto", "the name of a node, or a list of names");
        }

        return new GraphCommand(resume, ReadUpdate(command, body), nodes);
    }

    /// <summary>An update is an object, or a list of pairs of a key and a value.</summary>
    private static JsonElement ReadUpdate(JsonElement command, BodyReader body)
    {
        if (!command.TryGetProperty("update", out var update) || update.ValueKind is JsonValueKind.Null)
            return default;
        if (update.ValueKind is JsonValueKind.Object)
            return update;

        if (update.ValueKind is not JsonValueKind.Array || !update.EnumerateArray().All(IsPair))
        {
            body.Fault("command.update", "an object, or a list of [key, value]");
            return default;
        }

        return JsonElement.Parse(StateJson.Write(writer =>
        {
            writer.WriteStartObject();
            foreach (var pair in update.EnumerateArray())
            {
                writer.WritePropertyName(pair[0].GetString()!); // Checked as a pair above.
                pair[1].WriteTo(writer);
            }

            writer.WriteEndObject();
        }).Span);
    }

    private static bool IsPair(JsonElement pair) =>
        pair.ValueKind is JsonValueKind.Array && pair.GetArrayLength() is 2 && pair[0].ValueKind is JsonValueKind.String;

    /// <summary>The config with what nodes want to know of the run, and what its sender said in headers.</summary>
    private static JsonElement Configured(
        JsonElement config, IHeaderDictionary headers, ThreadId thread, RunId run, Assistant assistant) =>
        JsonElement.Parse(StateJson.Write(writer =>
        {
            writer.WriteStartObject();
            foreach (var property in PropertiesOf(config).Where(property => property.Name is not "configurable"))
                property.WriteTo(writer);

            writer.WriteStartObject("configurable");
            var given = config.ValueKind is JsonValueKind.Object && config.TryGetProperty("configurable", out var inner)
                ? inner
                : default;
            foreach (var property in PropertiesOf(given).Where(property => !IsOwn(property.Name)))
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

    private static IEnumerable<JsonProperty> PropertiesOf(JsonElement element) =>
        element.ValueKind is JsonValueKind.Object ? element.EnumerateObject() : [];

    private static bool IsOwn(string name) => name is "run_id" or "thread_id" or "graph_id" or "assistant_id";

    private static bool IsForRuns(string header) =>
        header.Equals("user-agent", StringComparison.OrdinalIgnoreCase)
        || (header.StartsWith("x-", StringComparison.OrdinalIgnoreCase) && !PrivateHeaders.Contains(header));
}
