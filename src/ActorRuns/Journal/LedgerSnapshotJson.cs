using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Json;
using ActorRuns.Runs;
using ActorRuns.Threads;

namespace ActorRuns.Journal;

/// <summary>
/// The stored form of a thread as it was saved. It may change with any release, under another manifest: what a build
/// cannot read it does without.
/// </summary>
internal static class LedgerSnapshotJson
{
    /// <summary>The stored name and version.</summary>
    public const string Manifest = "thread-ledger/2";

    public static void Write(Utf8JsonWriter writer, LedgerSnapshot snapshot)
    {
        var ledger = snapshot.Ledger;
        writer.WriteStartObject();
        writer.WriteNumber("edited", snapshot.Edited);
        writer.WriteString("created_at", ledger.CreatedAt);
        writer.WriteString("updated_at", ledger.UpdatedAt);
        ThreadEventJson.WriteMap(writer, "metadata", ledger.Metadata);
        WriteRuns(writer, ledger);
        RunLedgerJson.WriteIds(writer, "queue", ledger.Queue);
        RunLedgerJson.WriteIds(writer, "undone", ledger.Undone.OrderBy(run => run.Value));
        WriteKeys(writer, ledger);
        if (ledger.Newest is { } newest)
            writer.WriteString("newest", newest.Value);
        if (ledger.IsStateless)
            writer.WriteBoolean("is_stateless", true);
        if (ledger.DeletedGraph is { } graph)
            writer.WriteString("deleted_graph_id", graph.Value);
        if (ledger.LastEnding is { } ending)
            writer.WriteString("last_ending", JsonNames.Of(ending));
        UndoReportJson.Write(writer, "rolled_back", ledger.RolledBack);
        UndoReportJson.Write(writer, "undos", ledger.Undos);
        OwedWebhookJson.Write(writer, ledger);
        WritePosition(writer, ledger.Position);
        WriteLater(writer, snapshot.Later);
        writer.WriteEndObject();
    }

    public static LedgerSnapshot Read(JsonElement json)
    {
        var reader = new FactReader(Manifest, json);
        var near = reader.Items("runs").Select(RunLedgerJson.Read).ToList();
        var archive = RunArchiveJson.ReadOrNull(reader);
        var runs = RunTable.Empty.SetItems(near.Select(run => KeyValuePair.Create(run.Id, run)));
        ImmutableArray<RunId> all =
            [.. archive?.Packs.SelectMany(pack => pack.Runs) ?? [], .. near.Select(run => run.Id)];
        var position = ReadPosition(reader.Object("position"));
        var ledger = ThreadLedger.Empty with
        {
            Exists = true,
            CreatedAt = reader.Time("created_at"),
            UpdatedAt = reader.Time("updated_at"),
            Metadata = reader.Map("metadata"),
            Runs = archive is null ? runs : runs.With(archive, []),
            Order = RunArchiveJson.ReadOrder(reader, "order", all),
            Begun = RunArchiveJson.ReadOrder(reader, "begun", all),
            Queue = [.. RunLedgerJson.Ids(reader, "queue")],
            Undone = [.. RunLedgerJson.Ids(reader, "undone")],
            Keys = reader.Items("keys").ToImmutableDictionary(
                key => key.Text("key"),
                key => new KeyedRun(key.Run(), key.Text("fingerprint")),
                StringComparer.Ordinal),
            Newest = reader.TextOrNull("newest") is null ? null : new CheckpointId(reader.Uuid("newest")),
            IsStateless = reader.Flag("is_stateless"),
            DeletedGraph = reader.TextOrNull("deleted_graph_id") is { } graph ? new GraphId(graph) : null,
            LastEnding = reader.TextOrNull("last_ending") is null ? null : reader.Name<RunStatus>("last_ending"),
            RolledBack = [.. UndoReportJson.ReadRolledBack(reader, "rolled_back")],
            Undos = [.. UndoReportJson.Read(reader, "undos")],
            OwedWebhooks = OwedWebhookJson.ReadAll(reader, position),
            Position = position,
            Working = position.Values, // Nothing half done outlives its run.
        };
        return new LedgerSnapshot(ledger, reader.Value("edited").GetInt64()) { Later = ReadLater(reader) };
    }

    private static void WriteRuns(Utf8JsonWriter writer, ThreadLedger ledger)
    {
        var archive = ledger.Runs.Archive as RunArchive;
        if (archive is not null)
            RunArchiveJson.Write(writer, archive);
        ImmutableArray<RunLedger> near =
            [.. ledger.Runs.Near.OrderBy(run => run.CreatedAt).ThenBy(run => run.Id.Value)];
        writer.WriteStartArray("runs");
        foreach (var run in near)
            RunLedgerJson.Write(writer, run);
        writer.WriteEndArray();

        // What was laid aside and is at hand again counts where it is at hand.
        var places = new Dictionary<RunId, int>();
        var place = 0;
        foreach (var run in (archive?.Packs.SelectMany(pack => pack.Runs) ?? []).Concat(near.Select(run => run.Id)))
            places[run] = place++;
        RunArchiveJson.WriteOrder(writer, "order", ledger.Order, places);
        RunArchiveJson.WriteOrder(writer, "begun", ledger.Begun, places);
    }

    private static void WriteLater(Utf8JsonWriter writer, ImmutableArray<ThreadEvent> later)
    {
        if (later.IsEmpty)
            return;

        writer.WriteStartArray("later");
        foreach (var fact in later)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", ThreadEventJson.ManifestOf(fact));
            writer.WritePropertyName("fact");
            ThreadEventJson.Write(writer, fact);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static ImmutableArray<ThreadEvent> ReadLater(FactReader reader) =>
        reader.ValueOrUndefined("later").ValueKind is JsonValueKind.Array
            ? [.. reader.Items("later").Select(fact => ThreadEventJson.Read(fact.Text("kind"), fact.Value("fact")))]
            : [];

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
            CheckpointJson.WriteBare(writer, "head", head);
        CheckpointJson.WriteStarted(writer, position.Values);
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
            head is null ? null : head with { Values = CheckpointJson.ReadStarted(reader, head.Values) },
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
}
