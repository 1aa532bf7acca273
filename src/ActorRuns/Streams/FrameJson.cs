using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Ids;
using ActorRuns.Json;
using ActorRuns.Messages;
using ActorRuns.Runs;
using ActorRuns.Threads;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Streams;

/// <summary>Writes the data of stream frames, in the shapes of LangGraph's streams.</summary>
internal static class FrameJson
{
    public static void WriteMetadata(Utf8JsonWriter writer, RunId run, int attempt)
    {
        writer.WriteStartObject();
        writer.WriteString("run_id", run.Value);
        writer.WriteNumber("attempt", attempt);
        writer.WriteEndObject();
    }

    public static void WriteEnd(Utf8JsonWriter writer, RunId run)
    {
        writer.WriteStartObject();
        writer.WriteString("status", "run_done");
        writer.WriteString("run_id", run.Value);
        writer.WriteEndObject();
    }

    public static void WriteError(Utf8JsonWriter writer, string error, string message)
    {
        writer.WriteStartObject();
        writer.WriteString("error", error);
        writer.WriteString("message", message);
        writer.WriteEndObject();
    }

    public static void WriteInterrupt(Utf8JsonWriter writer, IEnumerable<PendingInterrupt> interrupts)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("__interrupt__");
        StateJson.WriteInterrupts(writer, interrupts);
        writer.WriteEndObject();
    }

    /// <summary>What one node wrote, as an object of channels; null when it wrote nothing.</summary>
    public static void WriteUpdate(Utf8JsonWriter writer, IEnumerable<ThreadEvent> writes)
    {
        var channels = writes.GroupBy(ChannelOf, StringComparer.Ordinal).ToList();
        if (channels.Count is 0)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        foreach (var channel in channels)
        {
            writer.WritePropertyName(channel.Key);
            WriteChannelUpdate(writer, channel.ToList());
        }

        writer.WriteEndObject();
    }

    private static void WriteChannelUpdate(Utf8JsonWriter writer, List<ThreadEvent> writes)
    {
        switch (writes[^1])
        {
            case ChannelWritten written:
                written.Value.WriteTo(writer);
                break;
            case ChannelReduced reduced:
                reduced.Update.WriteTo(writer);
                break;
            case ChannelAppended:
                writer.WriteStartArray();
                foreach (var item in writes.OfType<ChannelAppended>().SelectMany(appended => appended.Items))
                    item.WriteTo(writer);
                writer.WriteEndArray();
                break;
            default:
                StateJson.WriteMessages(writer, writes.Select(MessageOf).OfType<Message>());
                break;
        }
    }

    public static void WriteTaskStart(Utf8JsonWriter writer, Checkpoint checkpoint, string task)
    {
        writer.WriteStartObject();
        WriteTaskName(writer, checkpoint.Id, task);
        writer.WritePropertyName("input");
        var isSent = checkpoint.Inputs.TryGetValue(task, out var input);
        if (isSent)
            input.WriteTo(writer);
        else
            StateJson.WriteValues(writer, checkpoint.Values);
        writer.WriteStartArray("triggers");
        writer.WriteStringValue(isSent ? "__pregel_push" : $"branch:to:{task}");
        writer.WriteEndArray();
        writer.WriteStartArray("interrupts");
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void WriteTaskResult(
        Utf8JsonWriter writer, CheckpointId checkpoint, string task, IEnumerable<ThreadEvent> writes)
    {
        writer.WriteStartObject();
        WriteTaskName(writer, checkpoint, task);
        writer.WritePropertyName("result");
        WriteUpdate(writer, writes);
        writer.WriteStartArray("interrupts");
        writer.WriteEndArray();
        writer.WriteNull("error");
        writer.WriteEndObject();
    }

    public static void WriteCheckpoint(Utf8JsonWriter writer, Checkpoint checkpoint)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("values");
        StateJson.WriteValues(writer, checkpoint.Values);
        writer.WriteStartObject("metadata");
        writer.WriteString("source", JsonNames.Of(checkpoint.Source));
        writer.WriteNumber("step", checkpoint.Step);
        writer.WriteStartObject("parents");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteStartArray("next");
        foreach (var task in checkpoint.Next)
            writer.WriteStringValue(NextTasks.NodeOf(task));
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>A debug frame around the data of another one.</summary>
    public static void WriteDebug(
        Utf8JsonWriter writer, string type, int step, DateTimeOffset at, Action<Utf8JsonWriter> payload)
    {
        writer.WriteStartObject();
        writer.WriteNumber("step", step);
        writer.WriteString("type", type);
        writer.WriteString("timestamp", at);
        writer.WritePropertyName("payload");
        payload(writer);
        writer.WriteEndObject();
    }

    /// <summary>A message, or a piece of one, beside what is known of the node that writes it.</summary>
    public static void WriteTuple(Utf8JsonWriter writer, RunContext context, Action<Utf8JsonWriter> message)
    {
        writer.WriteStartArray();
        message(writer);
        WriteContext(writer, context);
        writer.WriteEndArray();
    }

    public static void WriteMessageMetadata(Utf8JsonWriter writer, string messageId, RunContext context)
    {
        writer.WriteStartObject();
        writer.WriteStartObject(messageId);
        writer.WritePropertyName("metadata");
        WriteContext(writer, context);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>The piece alone, as an AI message chunk.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="chunk">The piece.</param>
    /// <param name="isInBlocks">
    /// True when the message has reasoning: the parts are told apart by their index, so that clients put each together.
    /// </param>
    public static void WriteChunk(Utf8JsonWriter writer, MessageChunk chunk, bool isInBlocks)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("content");
        if (isInBlocks)
            WriteBlocks(writer, chunk.Reasoning, chunk.Text, isIndexed: true);
        else
            writer.WriteStringValue(chunk.Text);
        writer.WriteString("id", chunk.MessageId);
        writer.WriteString("type", MessageType.Ai);
        writer.WriteStartArray("tool_call_chunks");
        if (chunk.ToolCall is { } call)
            WriteToolCallChunk(writer, call);
        writer.WriteEndArray();
        WriteEmptyParts(writer);
        writer.WriteEndObject();
    }

    /// <summary>The message as far as it has come.</summary>
    public static void WritePartial(Utf8JsonWriter writer, string messageId, string reasoning, string text)
    {
        writer.WriteStartArray();
        writer.WriteStartObject();
        writer.WritePropertyName("content");
        if (reasoning.Length > 0)
            WriteBlocks(writer, reasoning, text, isIndexed: false);
        else
            writer.WriteStringValue(text);
        writer.WriteString("id", messageId);
        writer.WriteString("type", MessageType.Ai);
        WriteEmptyParts(writer);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void WriteBlocks(Utf8JsonWriter writer, string reasoning, string text, bool isIndexed)
    {
        writer.WriteStartArray();
        foreach (var (index, type, said) in (ReadOnlySpan<(int, string, string)>)
            [(0, "reasoning", reasoning), (1, "text", text)])
        {
            if (said.Length is 0)
                continue;
            writer.WriteStartObject();
            writer.WriteString("type", type);
            writer.WriteString(type, said); // Both blocks name their content after themselves.
            if (isIndexed)
                writer.WriteNumber("index", index);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteEmptyParts(Utf8JsonWriter writer)
    {
        foreach (var list in (ReadOnlySpan<string>)["tool_calls", "invalid_tool_calls"])
        {
            writer.WriteStartArray(list);
            writer.WriteEndArray();
        }

        foreach (var map in (ReadOnlySpan<string>)["additional_kwargs", "response_metadata"])
        {
            writer.WriteStartObject(map);
            writer.WriteEndObject();
        }
    }

    private static void WriteToolCallChunk(Utf8JsonWriter writer, ToolCallChunk call)
    {
        writer.WriteStartObject();
        writer.WriteString("name", call.Name);
        writer.WriteString("args", call.Args);
        writer.WriteString("id", call.Id);
        writer.WriteNumber("index", call.Index);
        writer.WriteString("type", "tool_call_chunk");
        writer.WriteEndObject();
    }

    /// <summary>What is known of the node at work.</summary>
    public static void WriteContext(Utf8JsonWriter writer, RunContext context)
    {
        writer.WriteStartObject();
        StateJson.WriteProperties(writer, context.Run.Metadata);
        writer.WriteString("thread_id", context.ThreadId.Value);
        writer.WriteString("run_id", context.Run.RunId.Value);
        writer.WriteNumber("run_attempt", context.Attempt);
        writer.WriteNumber("langgraph_step", context.Step);
        writer.WriteString("langgraph_node", context.Node);
        writer.WriteStartArray("langgraph_triggers");
        writer.WriteStringValue($"branch:to:{context.Node}");
        writer.WriteEndArray();
        writer.WriteString("langgraph_checkpoint_ns", context.Namespace.Length is 0
            ? $"{context.Node}:{context.TaskId}"
            : $"{context.Namespace}{SubgraphPosition.Separator}{context.Node}:{context.TaskId}");
        writer.WriteEndObject();
    }

    private static void WriteTaskName(Utf8JsonWriter writer, CheckpointId checkpoint, string task)
    {
        writer.WriteString("id", RuntimeIds.TaskId(checkpoint, task));
        writer.WriteString("name", NextTasks.NodeOf(task));
    }

    private static string ChannelOf(ThreadEvent write) => write switch
    {
        MessageAppended e => e.Channel,
        ToolCallFinished e => e.Channel,
        ChannelWritten e => e.Channel,
        ChannelAppended e => e.Channel,
        ChannelReduced e => e.Channel,
        _ => throw new ArgumentException($"{write.GetType().Name} writes to no channel.", nameof(write)),
    };

    private static Message? MessageOf(ThreadEvent write) => write switch
    {
        MessageAppended e => e.Message,
        ToolCallFinished e => e.Message,
        _ => null,
    };
}

/// <summary>What is known of a node at work, for those who read its messages as they come.</summary>
internal sealed record RunContext(ThreadId ThreadId, RunRequest Run, int Attempt, int Step, string Node, Guid TaskId)
{
    /// <summary>The inner graph that it is part of; empty for the graph itself.</summary>
    public string Namespace { get; init; } = string.Empty;
}
