using System.Diagnostics;
using System.Text.Json;
using ActorRuns.Json;
using ActorRuns.Runs;
using ActorRuns.Threads;

namespace ActorRuns.Journal;

/// <summary>The stored form of a change of the state from outside of any run.</summary>
internal static class StateUpdatedJson
{
    public static void Write(Utf8JsonWriter writer, ThreadEvent.StateUpdated fact)
    {
        writer.WriteString("checkpoint_id", fact.Checkpoint.Value);
        writer.WriteNumber("step", fact.Step);
        writer.WriteString("source", JsonNames.Of(fact.Source));
        writer.WriteString("as_node", fact.AsNode);
        writer.WriteStartArray("writes");
        foreach (var write in fact.Writes)
            WriteWrite(writer, write);
        writer.WriteEndArray();
        ThreadEventJson.WriteTexts(writer, "next", fact.Next);
        if (fact.From is { } from)
            CheckpointJson.Write(writer, "from", from);
        if (fact.Origin is { } origin)
            writer.WriteString("origin_run_id", origin.Value);
    }

    public static ThreadEvent.StateUpdated Read(FactReader reader) => new(
        new CheckpointId(reader.Uuid("checkpoint_id")),
        reader.Number("step"),
        reader.Name<CheckpointSource>("source"),
        reader.Text("as_node"),
        [.. reader.Items("writes").Select(ReadWrite)],
        reader.Texts("next"),
        CheckpointJson.ReadOrNull(reader, "from"),
        reader.TextOrNull("origin_run_id") is null ? null : new RunId(reader.Uuid("origin_run_id")));

    private static void WriteWrite(Utf8JsonWriter writer, ChannelWrite write)
    {
        writer.WriteStartObject();
        writer.WriteString("channel", write.Channel);
        switch (write)
        {
            case ChannelWrite.AppendMessage append:
                writer.WritePropertyName("message");
                StateJson.WriteStoredMessage(writer, append.Message);
                break;
            case ChannelWrite.RemoveMessage remove:
                writer.WriteString("remove", remove.MessageId);
                break;
            case ChannelWrite.SetValue set:
                writer.WritePropertyName("value");
                set.Value.WriteTo(writer);
                break;
            default:
                throw new UnreachableException($"{write.GetType().Name} has no stored form.");
        }

        writer.WriteEndObject();
    }

    private static ChannelWrite ReadWrite(FactReader reader)
    {
        var channel = reader.Text("channel");
        if (reader.ValueOrUndefined("message").ValueKind is JsonValueKind.Object)
            return new ChannelWrite.AppendMessage(channel, reader.Message("message"));
        return reader.TextOrNull("remove") is { } messageId
            ? new ChannelWrite.RemoveMessage(channel, messageId)
            : new ChannelWrite.SetValue(channel, reader.Value("value"));
    }
}
