using System.Buffers;
using System.Text.Json;
using ActorRuns.Runs;

namespace ActorRuns.Client;

/// <summary>Writes requests as the API takes them.</summary>
internal static class RequestJson
{
    /// <summary>Writes a value.</summary>
    public static JsonElement Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            write(writer);
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    /// <summary>A thread to be made.</summary>
    public static JsonElement Of(NewThread thread) => Write(writer =>
    {
        writer.WriteStartObject();
        if (thread.Id is { } id)
            writer.WriteString("thread_id", id.Value);
        WriteIfAny(writer, "metadata", thread.Metadata);
        if (thread.MayExist)
            writer.WriteString("if_exists", "do_nothing");
        writer.WriteEndObject();
    });

    /// <summary>Which threads are wanted.</summary>
    public static JsonElement Of(ThreadFilter filter) => Write(writer =>
    {
        writer.WriteStartObject();
        WriteIfAny(writer, "metadata", filter.Metadata);
        if (filter.Status is { } status)
            writer.WriteString("status", NameOf(status));
        writer.WriteNumber("limit", filter.Limit);
        writer.WriteNumber("offset", filter.Offset);
        writer.WriteEndObject();
    });

    /// <summary>A run to be made.</summary>
    public static JsonElement Of(NewRun run) => Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("assistant_id", run.Assistant);
        WriteIfAny(writer, "input", run.Input);
        WriteIfAny(writer, "command", run.Command);
        WriteIfAny(writer, "config", run.Config);
        WriteIfAny(writer, "context", run.Context);
        WriteIfAny(writer, "metadata", run.Metadata);
        if (run.Strategy is { } strategy)
            writer.WriteString("multitask_strategy", NameOf(strategy));
        writer.WriteStartArray("stream_mode");
        foreach (var mode in Enum.GetValues<StreamModes>())
        {
            if (mode is not StreamModes.None && run.StreamModes.HasFlag(mode))
                writer.WriteStringValue(NameOf(mode));
        }

        writer.WriteEndArray();
        if (run.Delay != TimeSpan.Zero)
            writer.WriteNumber("after_seconds", run.Delay.TotalSeconds);
        if (run.CreatesThread)
            writer.WriteString("if_not_exists", "create");
        if (run.From is { } from)
            writer.WriteString("checkpoint_id", from.Value);
        writer.WriteEndObject();
    });

    /// <summary>What is to be different of a run.</summary>
    public static JsonElement Of(RunChange change) => Write(writer =>
    {
        writer.WriteStartObject();
        WriteIfAny(writer, "input", change.Input);
        WriteIfAny(writer, "command", change.Command);
        WriteIfAny(writer, "config", change.Config);
        WriteIfAny(writer, "context", change.Context);
        WriteIfAny(writer, "metadata", change.Metadata);
        if (change.Delay is { } delay)
            writer.WriteNumber("after_seconds", delay.TotalSeconds);
        writer.WriteEndObject();
    });

    /// <summary>A change of a state.</summary>
    public static JsonElement Of(StateChange change) => Write(writer =>
    {
        writer.WriteStartObject();
        WriteIfAny(writer, "values", change.Values);
        if (change.AsNode is { } node)
            writer.WriteString("as_node", node);
        if (change.From is { } from)
            writer.WriteString("checkpoint_id", from.Value);
        writer.WriteEndObject();
    });

    /// <summary>An object with one value.</summary>
    public static JsonElement Of(string name, JsonElement value) => Write(writer =>
    {
        writer.WriteStartObject();
        WriteIfAny(writer, name, value);
        writer.WriteEndObject();
    });

    /// <summary>The order of a queue.</summary>
    public static JsonElement Of(IEnumerable<RunId> runs) => Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("run_ids");
        foreach (var run in runs)
            writer.WriteStringValue(run.Value);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    /// <summary>The command that answers a question.</summary>
    public static JsonElement Resume(JsonElement answer) => Write(writer =>
    {
        writer.WriteStartObject();
        writer.WritePropertyName("resume");
        answer.WriteTo(writer);
        writer.WriteEndObject();
    });

    /// <summary>A name as it stands on the wire.</summary>
    public static string NameOf<T>(T value) where T : struct, Enum =>
        JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    private static void WriteIfAny(Utf8JsonWriter writer, string name, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Undefined)
            return;
        writer.WritePropertyName(name);
        value.WriteTo(writer);
    }
}
