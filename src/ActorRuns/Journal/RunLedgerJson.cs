using System.Text.Json;
using ActorRuns.Json;
using ActorRuns.Runs;
using ActorRuns.Webhooks;

namespace ActorRuns.Journal;

/// <summary>The stored form of what the journal adds up to for one run; a part of snapshots.</summary>
internal static class RunLedgerJson
{
    public static void Write(Utf8JsonWriter writer, RunLedger run)
    {
        writer.WriteStartObject();
        writer.WriteString("run_id", run.Id.Value);
        writer.WriteString("status", JsonNames.Of(run.Status));
        writer.WriteNumber("attempt", run.Attempt);
        writer.WriteString("created_at", run.CreatedAt);
        writer.WriteString("due_at", run.DueAt);
        writer.WriteString("updated_at", run.UpdatedAt);
        if (run.Deadline is { } deadline)
            writer.WriteString("deadline", deadline);
        if (run.StartedAt is { } started)
            writer.WriteString("started_at", started);
        if (!run.OverranTools.IsEmpty)
        {
            writer.WriteNumber("overran_ticks", run.Overran.Ticks);
            ThreadEventJson.WriteTexts(writer, "overran_tools", run.OverranTools);
        }

        UndoReportJson.Write(writer, "undid", run.Undid);
        if (run.Webhook is { } webhook)
            writer.WriteString("webhook_status", JsonNames.Of(webhook));
        if (run.Cause is { } cause)
            RunCauseJson.Write(writer, "cause", cause);
        if (!run.Supersedes.IsEmpty)
            WriteIds(writer, "supersedes", run.Supersedes);
        if (run.JoinedTo is { } carrier)
            writer.WriteString("joined_to", carrier.Value);
        if (!run.Joined.IsEmpty)
            WriteIds(writer, "joined", run.Joined);
        RunRequestJson.Write(writer, run.Request);
        writer.WriteEndObject();
    }

    public static RunLedger Read(FactReader reader) => new(
        RunRequestJson.Read(reader),
        reader.Name<RunStatus>("status"),
        reader.Number("attempt"),
        reader.Time("created_at"),
        reader.Time("due_at"),
        reader.Time("updated_at"),
        reader.ValueOrUndefined("cause").ValueKind is JsonValueKind.Object
            ? RunCauseJson.Read(reader.Object("cause"))
            : null,
        [.. Ids(reader, "supersedes")])
    {
        Deadline = reader.TimeOrNull("deadline"),
        StartedAt = reader.TimeOrNull("started_at"),
        Overran = new TimeSpan(reader.ValueOrUndefined("overran_ticks") is { ValueKind: JsonValueKind.Number } ticks
            ? ticks.GetInt64()
            : 0),
        OverranTools = reader.Texts("overran_tools"),
        JoinedTo = reader.TextOrNull("joined_to") is null ? null : new RunId(reader.Uuid("joined_to")),
        Joined = [.. Ids(reader, "joined")],
        Undid = UndoReportJson.Read(reader, "undid"),
        Webhook = reader.TextOrNull("webhook_status") is null ? null : reader.Name<WebhookStatus>("webhook_status"),
    };

    public static void WriteIds(Utf8JsonWriter writer, string name, IEnumerable<RunId> runs)
    {
        writer.WriteStartArray(name);
        foreach (var run in runs)
            writer.WriteStringValue(run.Value);
        writer.WriteEndArray();
    }

    public static IEnumerable<RunId> Ids(FactReader reader, string name) =>
        reader.Texts(name).Select(id => new RunId(Guid.ParseExact(id, "D")));
}
