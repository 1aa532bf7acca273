using System.Text.Json;
using ActorRuns.Json;
using ActorRuns.Messages;
using ActorRuns.Runs;
using ActorRuns.Threads;
using ActorRuns.Undos;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Journal;

/// <summary>The stored form of the end of a run that was undone.</summary>
internal static class RunRolledBackJson
{
    public static void Write(Utf8JsonWriter writer, RunRolledBack fact)
    {
        if (fact.By is { } by)
            writer.WriteString("by", by.Value);
        if (fact.Undo.IsEmpty)
            return;

        writer.WriteStartArray("undo");
        foreach (var ran in fact.Undo)
            Write(writer, ran);
        writer.WriteEndArray();
    }

    public static RunRolledBack Read(FactReader reader) => new(reader.Run())
    {
        By = reader.TextOrNull("by") is null ? null : new RunId(reader.Uuid("by")),
        Undo = reader.ValueOrUndefined("undo").ValueKind is JsonValueKind.Array
            ? [.. reader.Items("undo").Select(ReadCall)]
            : [],
    };

    private static void Write(Utf8JsonWriter writer, RanCall ran)
    {
        writer.WriteStartObject();
        writer.WriteString("step_from", ran.StepFrom.Value);
        writer.WriteString("node", ran.Node);
        writer.WriteString("call_id", ran.Call.Id);
        writer.WriteString("tool", ran.Call.Name);
        if (ran.Call.Args.ValueKind is not JsonValueKind.Undefined)
        {
            writer.WritePropertyName("args");
            ran.Call.Args.WriteTo(writer);
        }

        if (ran.Result is { } result)
        {
            writer.WritePropertyName("result");
            StateJson.WriteStoredMessage(writer, result);
        }

        writer.WriteEndObject();
    }

    private static RanCall ReadCall(FactReader reader) => new(
        new CheckpointId(reader.Uuid("step_from")),
        reader.Text("node"),
        new ToolCall(reader.Text("call_id"), reader.Text("tool"), reader.ValueOrUndefined("args")),
        reader.ValueOrUndefined("result").ValueKind is JsonValueKind.Object ? reader.Message("result") : null);
}
