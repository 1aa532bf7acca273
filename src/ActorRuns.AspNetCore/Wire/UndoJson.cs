using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Undos;

namespace ActorRuns.AspNetCore.Wire;

/// <summary>Writes what came of the undoing of tool calls.</summary>
internal static class UndoJson
{
    // What was rolled back before is told of who asks for it.
    private const int MaxRuns = 50;

    /// <summary>Writes the last runs that are gone, and by whom, as a field of the metadata.</summary>
    public static void Write(Utf8JsonWriter writer, ImmutableList<RolledBackRun> runs)
    {
        if (runs.IsEmpty)
            return;

        writer.WriteStartArray("actorruns_rolled_back");
        foreach (var run in runs.Skip(runs.Count - MaxRuns))
        {
            writer.WriteStartObject();
            writer.WriteString("run_id", run.RunId.Value);
            if (run.By is { } by)
                writer.WriteString("by", by.Value);
            WireTime.Write(writer, "at", run.At);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes the reports as a field of the metadata; nothing when there are none.</summary>
    public static void Write(Utf8JsonWriter writer, IReadOnlyCollection<UndoReport> reports)
    {
        if (reports.Count is 0)
            return;

        writer.WriteStartArray("actorruns_undone");
        foreach (var report in reports)
        {
            writer.WriteStartObject();
            writer.WriteString("run_id", report.RunId.Value);
            writer.WriteString("tool", report.Tool);
            writer.WriteString("tool_call_id", report.CallId);
            writer.WriteString("status", report.Failure is null ? "undone" : "failed");
            if (report.Failure is { } failure)
                writer.WriteString("error", failure);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
