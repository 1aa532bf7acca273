using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Runs;
using ActorRuns.Undos;

namespace ActorRuns.Journal;

/// <summary>The stored form of runs that were rolled back, and of what came of the undoing of their calls.</summary>
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

    public static void Write(Utf8JsonWriter writer, string name, IReadOnlyCollection<RolledBackRun> runs)
    {
        if (runs.Count is 0)
            return;

        writer.WriteStartArray(name);
        foreach (var run in runs)
        {
            writer.WriteStartObject();
            writer.WriteString("run_id", run.RunId.Value);
            if (run.By is { } by)
                writer.WriteString("by", by.Value);
            writer.WriteString("at", run.At);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static ImmutableArray<RolledBackRun> ReadRolledBack(FactReader reader, string name) =>
        reader.ValueOrUndefined(name).ValueKind is JsonValueKind.Array
            ? [.. reader.Items(name).Select(run => new RolledBackRun(
                run.Run(), run.TextOrNull("by") is null ? null : new RunId(run.Uuid("by")), run.Time("at")))]
            : [];

    public static ImmutableArray<UndoReport> Read(FactReader reader, string name) =>
        reader.ValueOrUndefined(name).ValueKind is JsonValueKind.Array
            ? [.. reader.Items(name).Select(Read)]
            : [];

    private static UndoReport Read(FactReader report) =>
        new(report.Run(), report.Text("tool"), report.Text("call_id"), report.TextOrNull("failure"));
}
