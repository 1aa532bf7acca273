using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Json;
using ActorRuns.Runs;
using ActorRuns.Threads;
using ActorRuns.Webhooks;

namespace ActorRuns.Journal;

/// <summary>
/// The stored form of a thread at rest. It may change with any release, under another manifest: what a build cannot
/// read it does without.
/// </summary>
internal static class LedgerSnapshotJson
{
    /// <summary>The stored name and version.</summary>
    public const string Manifest = "thread-ledger/1";

    public static void Write(Utf8JsonWriter writer, LedgerSnapshot snapshot)
    {
        var ledger = snapshot.Ledger;
        writer.WriteStartObject();
        writer.WriteNumber("edited", snapshot.Edited);
        writer.WriteString("created_at", ledger.CreatedAt);
        writer.WriteString("updated_at", ledger.UpdatedAt);
        ThreadEventJson.WriteMap(writer, "metadata", ledger.Metadata);
        WriteRuns(writer, ledger);
        WriteIds(writer, "queue", ledger.Queue);
        WriteIds(writer, "undone", ledger.Undone.OrderBy(run => run.Value));
        WriteKeys(writer, ledger);
        if (ledger.Newest is { } newest)
            writer.WriteString("newest", newest.Value);
        if (ledger.IsStateless)
            writer.WriteBoolean("is_stateless", true);
        if (ledger.DeletedGraph is { } graph)
            writer.WriteString("deleted_graph_id", graph.Value);
        if (ledger.LastEnding is { } ending)
            writer.WriteString("last_ending", JsonNames.Of(ending));
        UndoReportJson.Write(writer, "undos", ledger.Undos);
        WritePosition(writer, ledger.Position);
        writer.WriteEndObject();
    }

    public static LedgerSnapshot Read(JsonElement json)
    {
        var reader = new FactReader(Manifest, json);
        var runs = reader.Items("runs").Select(ReadRun).ToList();
        var position = ReadPosition(reader.Object("position"));
        var ledger = ThreadLedger.Empty with
        {
            Exists = true,
            CreatedAt = reader.Time("created_at"),
            UpdatedAt = reader.Time("updated_at"),
            Metadata = reader.Map("metadata"),
            Runs = runs.ToImmutableDictionary(run => run.Id),
            Order = [.. runs.Select(run => run.Id)],
            Queue = [.. Ids(reader, "queue")],
            Undone = [.. Ids(reader, "undone")],
            Keys = reader.Items("keys").ToImmutableDictionary(
                key => key.Text("key"),
                key => new KeyedRun(key.Run(), key.Text("fingerprint")),
                StringComparer.Ordinal),
            Newest = reader.TextOrNull("newest") is null ? null : new CheckpointId(reader.Uuid("newest")),
            IsStateless = reader.Flag("is_stateless"),
            DeletedGraph = reader.TextOrNull("deleted_graph_id") is { } graph ? new GraphId(graph) : null,
            LastEnding = reader.TextOrNull("last_ending") is null ? null : reader.Name<RunStatus>("last_ending"),
            Undos = [.. UndoReportJson.Read(reader, "undos")],
            Position = position,
            Working = position.Values, // Nothing half done outlives its run.
        };
        return new LedgerSnapshot(ledger, reader.Value("edited").GetInt64());
    }

    private static void WriteRuns(Utf8JsonWriter writer, ThreadLedger ledger)
    {
        writer.WriteStartArray("runs");
        foreach (var run in ledger.Order.Select(id => ledger.Runs[id]))
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

        writer.WriteEndArray();
    }

    private static RunLedger ReadRun(FactReader reader) => new(
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

    private static void WriteKeys(Utf8JsonWriter writer, ThreadLedger ledger)
    {
        writer.WriteStartArray("keys");
        foreach (var (key, run) in ledger.Keys.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            writer.WriteStartObject();
            writer.WriteString("key", key);
            writer.WriteString("run_id", run.RunId.Value);
            writer.WriteString("fingerprint", run.Fingerprint);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WritePosition(Utf8JsonWriter writer, ThreadPosition position)
    {
        writer.WriteStartObject("position");
        if (position.Head is { } head)
            CheckpointJson.Write(writer, "head", head);
        writer.WriteStartArray("started_calls");
        foreach (var call in position.Values.OpenCalls.Where(call => call.Started))
            writer.WriteStringValue(call.Id);
        writer.WriteEndArray();
        writer.WriteBoolean("paused", position.Paused);
        ThreadEventJson.WriteInterrupts(writer, position.Interrupts);
        ThreadEventJson.WriteMap(writer, "answers", position.Answers);
        if (position.Failure is var (node, error, message))
        {
            writer.WriteStartObject("failure");
            writer.WriteString("node", node);
            writer.WriteString("error", error);
            writer.WriteString("message", message);
            writer.WriteEndObject();
        }

        writer.WriteString("step_from", position.StepFrom.Value);
        PositionCopiedJson.WriteStep(writer, position.Finished, position.Lost);
        SubgraphJson.Write(writer, position.Subgraphs);
        writer.WriteNumber("losses", position.Losses);
        writer.WriteEndObject();
    }

    private static ThreadPosition ReadPosition(FactReader reader)
    {
        var head = CheckpointJson.ReadOrNull(reader, "head");
        var failure = reader.ValueOrUndefined("failure").ValueKind is JsonValueKind.Object
            ? reader.Object("failure")
            : (FactReader?)null;
        return new ThreadPosition(
            head is null ? null : head with { Values = reader.Texts("started_calls").Aggregate(head.Values, Started) },
            reader.Flag("paused"),
            [.. ThreadEventJson.ReadInterrupts(reader)],
            reader.Map("answers"),
            failure is { } failed
                ? new NodeFailure(failed.TextOrNull("node"), failed.Text("error"), failed.Text("message"))
                : null)
        {
            StepFrom = new CheckpointId(reader.Uuid("step_from")),
            Finished = [.. PositionCopiedJson.ReadFinished(reader)],
            Lost = PositionCopiedJson.ReadLost(reader),
            Losses = reader.Number("losses"),
            Subgraphs = SubgraphJson.ReadAll(reader),
        };
    }

    private static ChannelValues Started(ChannelValues values, string callId) => values.WithStarted(callId);

    private static void WriteIds(Utf8JsonWriter writer, string name, IEnumerable<RunId> runs)
    {
        writer.WriteStartArray(name);
        foreach (var run in runs)
            writer.WriteStringValue(run.Value);
        writer.WriteEndArray();
    }

    private static IEnumerable<RunId> Ids(FactReader reader, string name) =>
        reader.Texts(name).Select(id => new RunId(Guid.ParseExact(id, "D")));
}
