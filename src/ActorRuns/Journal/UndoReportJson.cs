using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Undos;

namespace ActorRuns.Journal;

/// <summary>The stored form of what came of the undoing of tool calls; absent when there was nothing to undo.</summary>
internal static class UndoReportJson
{
    public static void Write(Utf8JsonWriter writer, string name, IReadOnlyCollection<UndoReport> reports)
    {
        if (reports.Count is 0)
            return;

        writer.WriteStartArray(name);
        foreach (var report in reports)
        {
            writer.WriteStartObject();
            writer.WriteString("run_id", report.RunId.Value);
            writer.WriteString("tool", report.Tool);
            writer.WriteString("call_id", report.CallId);
            if (report.Failure is { } failure)
                writer.WriteString("failure", failure);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static ImmutableArray<UndoReport> Read(FactReader reader, string name) =>
        reader.ValueOrUndefined(name).ValueKind is JsonValueKind.Array
            ? [.. reader.Items(name).Select(Read)]
            : [];

    private static UndoReport Read(FactReader report) =>
        new(report.Run(), report.Text("tool"), report.Text("call_id"), report.TextOrNull("failure"));
}
