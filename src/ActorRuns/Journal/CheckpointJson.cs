using System.Text.Json;
using ActorRuns.Json;
using ActorRuns.Threads;

namespace ActorRuns.Journal;

/// <summary>The stored form of a revision that something goes on from: the one place where values are stored whole.</summary>
internal static class CheckpointJson
{
    public static void Write(Utf8JsonWriter writer, string name, Checkpoint checkpoint)
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
        writer.WriteStartObject("transcripts");
        foreach (var (channel, transcript) in checkpoint.Values.Transcripts)
        {
            writer.WriteStartArray(channel);
            foreach (var message in transcript.Messages)
                StateJson.WriteStoredMessage(writer, message);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        ThreadEventJson.WriteMap(writer, "values", checkpoint.Values.Values);
        writer.WriteEndObject();
    }

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
            ReadValues(stored),
            stored.Texts("ran"))
        {
            Inputs = ThreadEventJson.ReadInputs(stored),
        };
    }

    private static ChannelValues ReadValues(FactReader stored)
    {
        var values = ChannelValues.Empty;
        foreach (var channel in stored.Object("transcripts").Names())
        {
            foreach (var message in stored.Object("transcripts").Messages(channel))
                values = values.WithMessage(channel, message);
        }

        return stored.Map("values").Aggregate(values, (all, entry) => all.WithValue(entry.Key, entry.Value));
    }
}
