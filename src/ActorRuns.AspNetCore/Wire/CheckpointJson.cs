using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Ids;
using ActorRuns.Json;
using ActorRuns.Runs;
using ActorRuns.Threads;

namespace ActorRuns.AspNetCore.Wire;

/// <summary>Writes revisions of a thread's state as clients see them.</summary>
internal static class CheckpointJson
{
    /// <summary>Writes a revision; of the thread's last one, what keeps it from going on as well.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="ledger">Its ledger.</param>
    /// <param name="checkpoint">The revision.</param>
    /// <param name="subgraphs">True to write the states of inner graphs into the tasks that they are.</param>
    public static void Write(
        Utf8JsonWriter writer, ThreadId thread, ThreadLedger ledger, Checkpoint checkpoint, bool subgraphs = false)
    {
        var position = ledger.Position.Head?.Id == checkpoint.Id ? ledger.Position : null;
        writer.WriteStartObject();
        writer.WritePropertyName("values");
        StateJson.WriteValues(writer, checkpoint.Values);
        writer.WriteStartArray("next");
        foreach (var task in checkpoint.Next)
            writer.WriteStringValue(NextTasks.NodeOf(task));
        writer.WriteEndArray();
        writer.WriteStartArray("tasks");
        foreach (var task in checkpoint.Next)
        {
            var inner = $"{NextTasks.NodeOf(task)}:{RuntimeIds.TaskId(position?.StepFrom ?? default, task)}";
            WriteTask(writer, checkpoint.Id, task, position, innerWriter =>
                SubgraphStateJson.WriteParts(innerWriter, thread, position, inner, subgraphs));
        }

        writer.WriteEndArray();
        WriteMetadata(writer, thread, ledger, checkpoint);
        WireTime.Write(writer, "created_at", checkpoint.At);
        WritePointer(writer, "checkpoint", thread, checkpoint.Id);
        if (checkpoint.Parent is { } parent)
            WritePointer(writer, "parent_checkpoint", thread, parent);
        else
            writer.WriteNull("parent_checkpoint");
        writer.WriteEndObject();
    }

    /// <summary>Writes the state of a thread that has no revision yet.</summary>
    public static void WriteEmpty(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("values");
        writer.WriteEndObject();
        writer.WriteStartArray("next");
        writer.WriteEndArray();
        writer.WriteStartArray("tasks");
        writer.WriteEndArray();
        writer.WriteNull("created_at");
        writer.WriteNull("checkpoint");
        writer.WriteNull("parent_checkpoint");
        writer.WriteEndObject();
    }

    /// <summary>Writes what humans are asked, by the task that asks.</summary>
    public static void WriteInterruptsByTask(Utf8JsonWriter writer, ThreadPosition position)
    {
        writer.WriteStartObject();
        if (position is { Head: { } head, Paused: true })
        {
            foreach (var task in head.Next)
            {
                writer.WritePropertyName(RuntimeIds.TaskId(head.Id, task).ToString("D"));
                StateJson.WriteInterrupts(writer, position.Interrupts.Where(interrupt => interrupt.Node == task));
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>The metadata of a revision, as a filter sees it.</summary>
    public static void WriteMetadataObject(
        Utf8JsonWriter writer, ThreadId thread, ThreadLedger ledger, Checkpoint checkpoint)
    {
        writer.WriteStartObject();
        if (checkpoint.RunId is { } run)
        {
            if (ledger.Runs.TryGetValue(run, out var known))
                WriteRunMetadata(writer, known);
            writer.WriteString("run_id", run.Value);
        }

        writer.WriteString("thread_id", thread.Value);
        writer.WriteString("source", JsonNames.Of(checkpoint.Source));
        writer.WriteNumber("step", checkpoint.Step);
        writer.WriteStartObject("parents");
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter writer, ThreadId thread, ThreadLedger ledger, Checkpoint checkpoint)
    {
        writer.WritePropertyName("metadata");
        WriteMetadataObject(writer, thread, ledger, checkpoint);
    }

    private static void WriteRunMetadata(Utf8JsonWriter writer, RunLedger run)
    {
        foreach (var (key, value) in run.Request.Metadata.Where(entry => !IsOwn(entry.Key)))
        {
            writer.WritePropertyName(key);
            value.WriteTo(writer);
        }

        writer.WriteNumber("run_attempt", run.Attempt);
    }

    private static bool IsOwn(string key) =>
        key is "run_id" or "thread_id" or "source" or "step" or "parents" or "run_attempt";

    private static void WriteTask(
        Utf8JsonWriter writer,
        CheckpointId checkpoint,
        string task,
        ThreadPosition? position,
        Action<Utf8JsonWriter> writeInner)
    {
        writer.WriteStartObject();
        WriteTaskName(writer, RuntimeIds.TaskId(checkpoint, task), task);
        writer.WritePropertyName("interrupts");
        StateJson.WriteInterrupts(writer, position?.Interrupts.Where(interrupt => interrupt.Node == task) ?? []);
        if (position?.Failure is { } failure && (failure.Node is null || failure.Node == task))
            writer.WriteString("error", ErrorText(failure));
        else
            writer.WriteNull("error");
        writeInner(writer);
        writer.WriteNull("result");
        writer.WriteEndObject();
    }

    /// <summary>Writes <c>id</c>, <c>name</c> and <c>path</c> of a task.</summary>
    public static void WriteTaskName(Utf8JsonWriter writer, Guid id, string task)
    {
        var node = NextTasks.NodeOf(task);
        writer.WriteString("id", id);
        writer.WriteString("name", node);
        writer.WriteStartArray("path");
        if (node == task)
        {
            writer.WriteStringValue("__pregel_pull");
            writer.WriteStringValue(node);
        }
        else
        {
            writer.WriteStringValue("__pregel_push"); // It was sent, as the one of this number.
            writer.WriteRawValue(task.AsSpan(node.Length + 1));
        }

        writer.WriteEndArray();
    }

    /// <summary>A task's error is a text with JSON in it, as LangGraph's servers have it.</summary>
    private static ReadOnlySpan<byte> ErrorText(NodeFailure failure) => StateJson.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("message", failure.Message);
        writer.WriteString("name", failure.Error);
        writer.WriteEndObject();
    });

    /// <summary>Writes where a revision is.</summary>
    public static void WritePointer(Utf8JsonWriter writer, string name, ThreadId thread, CheckpointId checkpoint)
    {
        writer.WriteStartObject(name);
        writer.WriteString("thread_id", thread.Value);
        writer.WriteString("checkpoint_id", checkpoint.Value);
        writer.WriteString("checkpoint_ns", "");
        writer.WriteNull("checkpoint_map");
        writer.WriteEndObject();
    }
}
