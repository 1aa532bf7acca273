using System.Text.Json;
using ActorRuns.Json;
using ActorRuns.Threads;

namespace ActorRuns.Journal;

/// <summary>The stored form of a revision that something goes on from: the one place where values are stored whole.</summary>
internal static class CheckpointJson
{
    private const string StartedCalls = "started_calls";

    /// <summary>Writes a revision, with the calls that were under way at it.</summary>
    public static void Write(Utf8JsonWriter writer, string name, Checkpoint checkpoint) =>
        Write(writer, name, checkpoint, withStarted: checkpoint.Values.OpenCalls.Exists(call => call.Started));

    /// <summary>Writes a revision of which somebody else says which calls were under way.</summary>
    public static void WriteBare(Utf8JsonWriter writer, string name, Checkpoint checkpoint) =>
        Write(writer, name, checkpoint, withStarted: false);

    /// <summary>Writes the calls that are under way.</summary>
    public static void WriteStarted(Utf8JsonWriter writer, ChannelValues values)
    {
        writer.WriteStartArray(StartedCalls);
        foreach (var call in values.OpenCalls.Where(call => call.Started))
            writer.WriteStringValue(call.Id);
        writer.WriteEndArray();
    }

    /// <summary>The values with the calls that are under way; a revision of old says of none that it is.</summary>
    public static ChannelValues ReadStarted(FactReader reader, ChannelValues values) =>
        reader.ValueOrUndefined(StartedCalls).ValueKind is JsonValueKind.Array
            ? reader.Texts(StartedCalls).Aggregate(values, (all, callId) => all.WithStarted(callId))
            : values;

    private static void Write(Utf8JsonWriter writer, string name, Checkpoint checkpoint, bool withStarted)
    {
        writer.WriteStartObject(name);
        writer.WriteString("checkpoint_id", checkpoint.Id.Value);
        if (checkpoint.Parent is { } parent)
            writer.WriteString("parent_id", parent.Value);
        writer.WriteNumber("step", checkpoint.Step);
        writer.WriteString("source", JsonNames.Of(checkpoint.Source));
        ThreadEventJson.WriteTexts(writer, "ran", checkpoint.Ran);
        ThreadEventJson.WriteTexts(writer, "next", checkpoint.Next);
        ThreadEventJson.WriteInputs(writer, checkpoint.Inputs);
        if (checkpoint.RunId is { } run)
            writer.WriteString("run_id", run.Value);
        writer.WriteString("at", checkpoint.At);
        WriteChannels(writer, checkpoint.Values);
        if (withStarted)
            WriteStarted(writer, checkpoint.Values);
        writer.WriteEndObject();
    }

    /// <summary>Writes values alone.</summary>
    public static void WriteValues(Utf8JsonWriter writer, string name, ChannelValues values)
    {
        writer.WriteStartObject(name);
        WriteChannels(writer, values);
        writer.WriteEndObject();
    }

    /// <summary>Reads values alone; null when there are none of this name.</summary>
    public static ChannelValues? ReadValuesOrNull(FactReader reader, string name) =>
        reader.ValueOrUndefined(name).ValueKind is JsonValueKind.Object ? ReadValues(reader.Object(name)) : null;

    public static Checkpoint? ReadOrNull(FactReader reader, string name)
    {
        if (reader.ValueOrUndefined(name).ValueKind is not JsonValueKind.Object)
            return null;

        var stored = reader.Object(name);
        return new Checkpoint(
            new CheckpointId(stored.Uuid("checkpoint_id")),
            stored.TextOrNull("parent_id") is null ? null : new CheckpointId(stored.Uuid("parent_id")),
            stored.Number("step"),
            stored.Name<CheckpointSource>("source"),
            stored.Texts("next"),
            stored.TextOrNull("run_id") is null ? null : stored.Run(),
            stored.Time("at"),
            ReadStarted(stored, ReadValues(stored)),
            stored.Texts("ran"))
        {
            Inputs = ThreadEventJson.ReadInputs(stored),
        };
    }

    private static void WriteChannels(Utf8JsonWriter writer, ChannelValues values)
    {
        writer.WriteStartObject("transcripts");
        foreach (var (channel, transcript) in values.Transcripts)
        {
            writer.WriteStartArray(channel);
            foreach (var message in transcript.Messages)
                StateJson.WriteStoredMessage(writer, message);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteStartObject("values");
        StateJson.WriteChannels(writer, values);
        writer.WriteEndObject();
    }

    private static ChannelValues ReadValues(FactReader stored)
    {
        var transcripts = stored.Object("transcripts");
        var values = transcripts.Names().Aggregate(
            ChannelValues.Empty, (all, channel) => all.WithMessages(channel, transcripts.Messages(channel)));
        return stored.Map("values").Aggregate(values, (all, entry) => all.WithValue(entry.Key, entry.Value));
    }
}
