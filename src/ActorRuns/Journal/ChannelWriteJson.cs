using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using ActorRuns.Json;
using ActorRuns.Threads;

namespace ActorRuns.Journal;

/// <summary>The stored form of what was written to channels and is no fact of its own.</summary>
internal static class ChannelWriteJson
{
    public static void Write(Utf8JsonWriter writer, string name, IEnumerable<ChannelWrite> writes)
    {
        writer.WriteStartArray(name);
        foreach (var write in writes)
            WriteWrite(writer, write);
        writer.WriteEndArray();
    }

    public static ImmutableArray<ChannelWrite> Read(FactReader reader, string name) =>
        [.. reader.Items(name).Select(ReadWrite)];

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
            case ChannelWrite.AppendItems append:
                ThreadEventJson.WriteElements(writer, "items", append.Items);
                break;
            case ChannelWrite.ReduceValue reduce:
                writer.WritePropertyName("update");
                reduce.Update.WriteTo(writer);
                writer.WritePropertyName("value");
                reduce.Value.WriteTo(writer);
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
        if (reader.ValueOrUndefined("items").ValueKind is JsonValueKind.Array)
            return new ChannelWrite.AppendItems(channel, reader.Elements("items"));
        if (reader.ValueOrUndefined("update") is { ValueKind: not JsonValueKind.Undefined } update)
            return new ChannelWrite.ReduceValue(channel, update, reader.Value("value"));
        return reader.TextOrNull("remove") is { } messageId
            ? new ChannelWrite.RemoveMessage(channel, messageId)
            : new ChannelWrite.SetValue(channel, reader.Value("value"));
    }
}
