using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Assistants;
using ActorRuns.Graphs;
using ActorRuns.Json;
using ActorRuns.Runs;

namespace ActorRuns.Journal;

/// <summary>The stored form of what was asked of a run.</summary>
internal static class RunRequestJson
{
    public static void Write(Utf8JsonWriter writer, RunRequest request)
    {
        writer.WriteString("assistant_id", request.AssistantId.Value);
        writer.WriteString("graph_id", request.GraphId.Value);
        writer.WriteString("strategy", JsonNames.Of(request.Strategy));
        if (request.StrategyFrom is not StrategySource.Run)
            writer.WriteString("strategy_from", JsonNames.Of(request.StrategyFrom));
        if (request.Steers)
            writer.WriteBoolean("steers", true);
        if (request.SkipsTools)
            writer.WriteBoolean("skips_tools", true);
        if (request.AfterTools)
            writer.WriteBoolean("after_tools", true);
        if (request.Debounce is var (quiet, atMost))
        {
            writer.WriteNumber("debounce_ms", (long)quiet.TotalMilliseconds);
            writer.WriteNumber("debounce_max_ms", (long)atMost.TotalMilliseconds);
        }

        WriteValue(writer, "input", request.Input);
        if (request.Command is { } command)
            WriteCommand(writer, command);
        WriteValue(writer, "config", request.Config);
        WriteValue(writer, "context", request.Context);
        ThreadEventJson.WriteMap(writer, "metadata", request.Metadata);
        ThreadEventJson.WriteTexts(writer, "stream_modes", ModesOf(request.StreamModes));
        writer.WriteBoolean("stream_subgraphs", request.StreamSubgraphs);
        writer.WriteBoolean("stream_resumable", request.StreamResumable);
        ThreadEventJson.WriteTexts(writer, "interrupt_before", request.InterruptBefore);
        ThreadEventJson.WriteTexts(writer, "interrupt_after", request.InterruptAfter);
        if (request.Idempotency is var (key, fingerprint))
        {
            writer.WriteString("idempotency_key", key);
            writer.WriteString("idempotency_fingerprint", fingerprint);
        }

        if (request.Webhook is { } webhook)
            writer.WriteString("webhook", webhook.OriginalString);
        if (!request.FeedbackKeys.IsEmpty)
            ThreadEventJson.WriteTexts(writer, "feedback_keys", request.FeedbackKeys);
        if (request.IsStateless)
            writer.WriteBoolean("is_stateless", true);
        if (request.Fork is { } fork)
            CheckpointJson.Write(writer, "fork", fork);
        writer.WriteNumber("delay_ms", (long)request.Delay.TotalMilliseconds);
    }

    public static RunRequest Read(FactReader reader) => new()
    {
        RunId = reader.Run(),
        AssistantId = new AssistantId(reader.Uuid("assistant_id")),
        GraphId = new GraphId(reader.Text("graph_id")),
        Strategy = reader.Name<MultitaskStrategy>("strategy"),
        StrategyFrom = reader.TextOrNull("strategy_from") is null
            ? StrategySource.Run
            : reader.Name<StrategySource>("strategy_from"),
        Steers = reader.Flag("steers"),
        SkipsTools = reader.Flag("skips_tools"),
        AfterTools = reader.Flag("after_tools"),
        Debounce = reader.ValueOrUndefined("debounce_ms").ValueKind is JsonValueKind.Number
            ? new Debounce(reader.Milliseconds("debounce_ms"), reader.Milliseconds("debounce_max_ms"))
            : null,
        Input = reader.ValueOrUndefined("input"),
        Command = reader.ValueOrUndefined("command").ValueKind is JsonValueKind.Object
            ? ReadCommand(reader.Object("command"))
            : null,
        Config = reader.ValueOrUndefined("config"),
        Context = reader.ValueOrUndefined("context"),
        Metadata = reader.Map("metadata"),
        StreamModes = ReadModes(reader),
        StreamSubgraphs = reader.Flag("stream_subgraphs"),
        StreamResumable = reader.Flag("stream_resumable"),
        InterruptBefore = reader.Texts("interrupt_before"),
        InterruptAfter = reader.Texts("interrupt_after"),
        Idempotency = reader.TextOrNull("idempotency_key") is { } key
            ? new Idempotency(key, reader.Text("idempotency_fingerprint"))
            : null,
        Webhook = reader.TextOrNull("webhook") is { } webhook ? new Uri(webhook) : null,
        FeedbackKeys = reader.Texts("feedback_keys"),
        IsStateless = reader.Flag("is_stateless"),
        Fork = CheckpointJson.ReadOrNull(reader, "fork"),
        Delay = TimeSpan.FromMilliseconds(reader.Value("delay_ms").GetInt64()),
    };

    private static void WriteCommand(Utf8JsonWriter writer, GraphCommand command)
    {
        writer.WriteStartObject("command");
        WriteValue(writer, "resume", command.Resume);
        WriteValue(writer, "update", command.Update);
        ThreadEventJson.WriteTexts(writer, "goto", command.Goto);
        if (!command.Sends.IsEmpty)
            WriteSends(writer, command.Sends);
        writer.WriteEndObject();
    }

    private static GraphCommand ReadCommand(FactReader reader) =>
        new(reader.ValueOrUndefined("resume"), reader.ValueOrUndefined("update"), reader.Texts("goto"))
        {
            Sends = reader.ValueOrUndefined("sends").ValueKind is JsonValueKind.Array
                ? [.. reader.Items("sends").Select(send => new Send(send.Text("node"), send.Value("input")))]
                : [],
        };

    private static void WriteSends(Utf8JsonWriter writer, ImmutableArray<Send> sends)
    {
        writer.WriteStartArray("sends");
        foreach (var (node, input) in sends)
        {
            writer.WriteStartObject();
            writer.WriteString("node", node);
            writer.WritePropertyName("input");
            input.WriteTo(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteValue(Utf8JsonWriter writer, string name, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Undefined)
            return;

        writer.WritePropertyName(name);
        value.WriteTo(writer);
    }

    private static IEnumerable<string> ModesOf(StreamModes modes) => Enum.GetValues<StreamModes>()
        .Where(mode => mode is not StreamModes.None && modes.HasFlag(mode))
        .Select(JsonNames.Of);

    private static StreamModes ReadModes(FactReader reader)
    {
        var modes = StreamModes.None;
        foreach (var name in reader.Texts("stream_modes"))
        {
            modes |= JsonNames.TryRead<StreamModes>(name, out var mode)
                ? mode
                : throw reader.Wrong("stream_modes", "known stream modes");
        }

        return modes;
    }
}
