using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Ids;
using ActorRuns.Json;
using ActorRuns.Threads;

namespace ActorRuns.AspNetCore.Wire;

/// <summary>Writes how far inner graphs have come, into the tasks that they are.</summary>
internal static class SubgraphStateJson
{
    /// <summary>Writes <c>checkpoint</c> and <c>state</c> of a task.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="position">Where the thread stands; null for a revision of its past.</param>
    /// <param name="name">The namespace that an inner graph has there, if the task is one.</param>
    /// <param name="isWhole">True to write the inner state as well.</param>
    public static void WriteParts(
        Utf8JsonWriter writer, ThreadId thread, ThreadPosition? position, string name, bool isWhole)
    {
        if (position?.RevisionOf(name, position.Head?.RunId) is not { } inner)
        {
            writer.WriteNull("checkpoint");
            writer.WriteNull("state");
            return;
        }

        writer.WriteStartObject("checkpoint");
        writer.WriteString("thread_id", thread.Value);
        writer.WriteString("checkpoint_ns", name);
        writer.WriteEndObject();
        writer.WritePropertyName("state");
        if (isWhole)
            WriteState(writer, thread, position, name, inner);
        else
            writer.WriteNullValue();
    }

    private static void WriteState(
        Utf8JsonWriter writer, ThreadId thread, ThreadPosition position, string name, Checkpoint inner)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("values");
        StateJson.WriteValues(writer, inner.Values);
        writer.WriteStartArray("next");
        foreach (var task in inner.Next)
            writer.WriteStringValue(NextTasks.NodeOf(task));
        writer.WriteEndArray();
        writer.WriteStartArray("tasks");
        foreach (var task in inner.Next)
        {
            var id = RuntimeIds.TaskId(inner.Id, task);
            writer.WriteStartObject();
            CheckpointJson.WriteTaskName(writer, id, task);
            writer.WriteStartArray("interrupts");
            writer.WriteEndArray();
            writer.WriteNull("error");
            var further = $"{name}{SubgraphPosition.Separator}{NextTasks.NodeOf(task)}:{id}";
            WriteParts(writer, thread, position, further, isWhole: true);
            writer.WriteNull("result");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartObject("metadata");
        writer.WriteString("source", JsonNames.Of(inner.Source));
        writer.WriteNumber("step", inner.Step);
        writer.WriteEndObject();
        WireTime.Write(writer, "created_at", inner.At);
        WritePointer(writer, "checkpoint", thread, name, inner.Id);
        if (inner.Parent is { } parent)
            WritePointer(writer, "parent_checkpoint", thread, name, parent);
        else
            writer.WriteNull("parent_checkpoint");
        writer.WriteEndObject();
    }

    private static void WritePointer(
        Utf8JsonWriter writer, string field, ThreadId thread, string name, CheckpointId checkpoint)
    {
        writer.WriteStartObject(field);
        writer.WriteString("thread_id", thread.Value);
        writer.WriteString("checkpoint_id", checkpoint.Value);
        writer.WriteString("checkpoint_ns", name);
        writer.WriteNull("checkpoint_map");
        writer.WriteEndObject();
    }
}
