using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorRuns.Messages;
using ActorRuns.Threads;

namespace ActorRuns.Json;

/// <summary>Writes messages and values in LangChain's shape, as they stand on the wire and in the journal.</summary>
public static class StateJson
{
    // Escapes only what JSON must: the output is never put into HTML by the server.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static Scratch? _idle;

    /// <summary>Writes one JSON document.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var scratch = _idle ?? new Scratch();
        _idle = null; // What writes may well call this method itself.
        var json = scratch.Write(write);
        _idle = scratch.IsSmall ? scratch : null;
        return json;
    }

    /// <summary>Writes all channels as one object.</summary>
    public static void WriteValues(Utf8JsonWriter writer, ChannelValues values)
    {
        writer.WriteStartObject();
        foreach (var (channel, transcript) in values.Transcripts)
        {
            writer.WritePropertyName(channel);
            WriteMessages(writer, transcript.Messages);
        }

        WriteChannels(writer, values);
        writer.WriteEndObject();
    }

    /// <summary>Writes the channels that are no messages into an object that is open.</summary>
    internal static void WriteChannels(Utf8JsonWriter writer, ChannelValues values)
    {
        WriteProperties(writer, values.Values);
        foreach (var (channel, list) in values.Lists)
        {
            writer.WriteStartArray(channel);
            foreach (var item in list)
                item.WriteTo(writer);
            writer.WriteEndArray();
        }
    }

    /// <summary>Writes messages as a list.</summary>
    public static void WriteMessages(Utf8JsonWriter writer, IEnumerable<Message> messages)
    {
        writer.WriteStartArray();
        foreach (var message in messages)
            WriteMessage(writer, message);
        writer.WriteEndArray();
    }

    /// <summary>Writes one message as a flat object, with the fields that clients expect of its kind.</summary>
    public static void WriteMessage(Utf8JsonWriter writer, Message message)
    {
        writer.WriteStartObject();
        WriteFields(writer, message);
        if (message.Type is MessageType.Ai && message.ToolCalls.IsEmpty)
            WriteEmptyList(writer, "tool_calls");
        if (message.Type is MessageType.Ai && !message.Extra.ContainsKey("invalid_tool_calls"))
            WriteEmptyList(writer, "invalid_tool_calls");
        WriteDefault(writer, message, "additional_kwargs");
        WriteDefault(writer, message, "response_metadata");
        writer.WriteEndObject();
    }

    /// <summary>Writes one message as a flat object, with what it says and nothing else.</summary>
    public static void WriteStoredMessage(Utf8JsonWriter writer, Message message)
    {
        writer.WriteStartObject();
        WriteFields(writer, message);
        writer.WriteEndObject();
    }

    /// <summary>Writes questions to a human as a list.</summary>
    public static void WriteInterrupts(Utf8JsonWriter writer, IEnumerable<PendingInterrupt> interrupts)
    {
        writer.WriteStartArray();
        foreach (var interrupt in interrupts)
        {
            writer.WriteStartObject();
            writer.WriteString("id", interrupt.Id);
            writer.WritePropertyName("value");
            interrupt.Value.WriteTo(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes keys and values into an object that is open.</summary>
    public static void WriteProperties(
        Utf8JsonWriter writer, ImmutableSortedDictionary<string, JsonElement> properties)
    {
        foreach (var (key, value) in properties)
        {
            writer.WritePropertyName(key);
            value.WriteTo(writer);
        }
    }

    private static void WriteFields(Utf8JsonWriter writer, Message message)
    {
        writer.WriteString("type", message.Type);
        writer.WriteString("id", message.Id);
        WriteContent(writer, message.Content);
        if (message.Name is { } name)
            writer.WriteString("name", name);
        if (message.ToolCallId is { } callId)
            writer.WriteString("tool_call_id", callId);
        if (message.Status is { } status)
            writer.WriteString("status", status is ToolStatus.Success ? "success" : "error");
        if (!message.ToolCalls.IsEmpty)
            WriteToolCalls(writer, message);
        WriteProperties(writer, message.Extra);
    }

    private static void WriteContent(Utf8JsonWriter writer, MessageContent content)
    {
        writer.WritePropertyName("content");
        if (content.HasBlocks)
            content.Blocks.WriteTo(writer);
        else
            writer.WriteStringValue(content.Text);
    }

    private static void WriteToolCalls(Utf8JsonWriter writer, Message message)
    {
        writer.WriteStartArray("tool_calls");
        foreach (var call in message.ToolCalls)
        {
            writer.WriteStartObject();
            writer.WriteString("name", call.Name);
            writer.WritePropertyName("args");
            if (call.Args.ValueKind is JsonValueKind.Undefined)
                writer.WriteRawValue("{}"u8);
            else
                call.Args.WriteTo(writer);
            writer.WriteString("id", call.Id);
            writer.WriteString("type", "tool_call");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteEmptyList(Utf8JsonWriter writer, string property)
    {
        writer.WriteStartArray(property);
        writer.WriteEndArray();
    }

    private static void WriteDefault(Utf8JsonWriter writer, Message message, string property)
    {
        if (message.Extra.ContainsKey(property))
            return;

        writer.WriteStartObject(property);
        writer.WriteEndObject();
    }

    /// <summary>A writer and its buffer, which are used again and again.</summary>
    [SuppressMessage("Design", "CA1001", Justification = "A writer over a buffer in memory holds nothing else.")]
    private sealed class Scratch
    {
        private const int SmallBytes = 64 * 1024;

        private readonly ArrayBufferWriter<byte> _buffer = new(1024);
        private readonly Utf8JsonWriter _writer;

        public Scratch() => _writer = new Utf8JsonWriter(_buffer, Options);

        public bool IsSmall => _buffer.Capacity <= SmallBytes;

        public byte[] Write(Action<Utf8JsonWriter> write)
        {
            _buffer.ResetWrittenCount();
            _writer.Reset();
            write(_writer);
            _writer.Flush();
            return _buffer.WrittenSpan.ToArray();
        }
    }
}
