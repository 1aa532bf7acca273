using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Json;
using ActorRuns.Messages;
using ActorRuns.Runs;
using ActorRuns.Threads;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Journal;

/// <summary>The stored form of every kind of fact: one name and version, one writer and one reader each.</summary>
internal static class ThreadEventJson
{
    private const string Inputs = "inputs";

    /// <summary>The stored name and version of a fact's kind.</summary>
    /// <exception cref="UnreachableException">The kind has no stored form.</exception>
    public static string ManifestOf(ThreadEvent fact) => fact switch
    {
        ThreadCreated => "thread-created/1",
        ThreadPatched => "thread-patched/1",
        ThreadDeleted => "thread-deleted/1",
        StateUpdated => "state-updated/1",
        RunCreated => "run-created/1",
        RunEdited => "run-edited/1",
        RunPromoted => "run-promoted/1",
        RunJoined => "run-joined/1",
        JoinedRunEnded => "joined-run-ended/1",
        RunRequeued => "run-requeued/1",
        QueueReordered => "queue-reordered/1",
        RunStarted => "run-started/1",
        RunHandedOver => "run-handed-over/1",
        RunStopAsked => "run-stop-asked/1",
        InterruptsAnswered => "interrupts-answered/1",
        MessageAppended => "message-appended/1",
        MessageRemoved => "message-removed/1",
        ChannelWritten => "channel-written/1",
        ChannelAppended => "channel-appended/1",
        ChannelReduced => "channel-reduced/1",
        ToolCallStarted => "tool-call-started/1",
        ToolCallFinished => "tool-call-finished/1",
        NodeFinished => "node-finished/1",
        ToolOverran => "tool-overran/1",
        PositionCopied => "position-copied/1",
        SubgraphStepped => "subgraph-stepped/1",
        SubgraphWrote => "subgraph-wrote/1",
        StepCommitted => "step-committed/1",
        RunPaused => "run-paused/1",
        RunSucceeded => "run-succeeded/1",
        RunFailed => "run-failed/1",
        RunTimedOut => "run-timed-out/1",
        RunInterrupted => "run-interrupted/1",
        RunDeleted => "run-deleted/1",
        RunRolledBack => "run-rolled-back/1",
        UndoBegun => "undo-begun/1",
        UndoEnded => "undo-ended/1",
        HistoryPruned => "history-pruned/1",
        WebhookDelivered => "webhook-delivered/1",
        WebhookGivenUp => "webhook-given-up/1",
        _ => throw new UnreachableException($"{fact.GetType().Name} has no stored form."),
    };

    /// <summary>Writes a fact.</summary>
    public static void Write(Utf8JsonWriter writer, ThreadEvent fact)
    {
        writer.WriteStartObject();
        writer.WriteString("at", fact.At);
        if (ThreadStreams.RunOf(fact) is { } run)
            writer.WriteString("run_id", run.Value);
        WriteBody(writer, fact);
        writer.WriteEndObject();
    }

    /// <summary>Reads a fact.</summary>
    /// <exception cref="JsonException">The JSON is no fact of this kind, or the kind is not known to this build.</exception>
    public static ThreadEvent Read(string manifest, JsonElement json)
    {
        var reader = new FactReader(manifest, json);
        ThreadEvent fact = manifest switch
        {
            "thread-created/1" => new ThreadCreated(reader.Map("metadata")),
            "thread-patched/1" => new ThreadPatched(reader.Map("metadata")),
            "thread-deleted/1" => new ThreadDeleted(),
            "state-updated/1" => StateUpdatedJson.Read(reader),
            "run-created/1" => new RunCreated(RunRequestJson.Read(reader), reader.Time("due_at")),
            "run-edited/1" => new RunEdited(RunRequestJson.Read(reader), reader.Time("due_at")),
            "run-promoted/1" => new RunPromoted(reader.Run()),
            "run-joined/1" => new RunJoined(reader.Run(), new RunId(reader.Uuid("into")))
            {
                DueAt = reader.TimeOrNull("due_at"),
            },
            "joined-run-ended/1" => new JoinedRunEnded(
                reader.Run(), new RunId(reader.Uuid("into")), reader.Name<RunStatus>("status")),
            "run-requeued/1" => new RunRequeued(reader.Run()),
            "queue-reordered/1" => new QueueReordered(reader.Runs("runs")),
            "run-started/1" => new RunStarted(reader.Run(), reader.Number("attempt"))
            {
                Deadline = reader.TimeOrNull("deadline"),
            },
            "run-handed-over/1" => new RunHandedOver(reader.Run()),
            "run-stop-asked/1" => new RunStopAsked(reader.Run(), RunCauseJson.Read(reader.Object("cause"))),
            "interrupts-answered/1" => new InterruptsAnswered(reader.Run(), reader.Map("answers")),
            "message-appended/1" => new MessageAppended(
                reader.Run(), reader.Text("node"), reader.Text("channel"), reader.Message("message")),
            "message-removed/1" => new MessageRemoved(
                reader.Run(), reader.Text("node"), reader.Text("channel"), reader.Text("message_id")),
            "channel-written/1" => new ChannelWritten(
                reader.Run(), reader.Text("node"), reader.Text("channel"), reader.Value("value")),
            "channel-appended/1" => new ChannelAppended(
                reader.Run(), reader.Text("node"), reader.Text("channel"), reader.Elements("items")),
            "channel-reduced/1" => new ChannelReduced(
                reader.Run(),
                reader.Text("node"),
                reader.Text("channel"),
                reader.Value("update"),
                reader.Value("value")),
            "tool-call-started/1" => new ToolCallStarted(reader.Run(), reader.Text("call_id")),
            "tool-call-finished/1" => new ToolCallFinished(
                reader.Run(), reader.Text("node"), reader.Text("channel"), reader.Message("message"))
            {
                IsSkipped = reader.Flag("is_skipped"),
            },
            "tool-overran/1" => new ToolOverran(
                reader.Run(), reader.Text("call_id"), reader.Text("tool"), reader.Milliseconds("overran_ms")),
            "position-copied/1" => PositionCopiedJson.Read(reader),
            "node-finished/1" => new NodeFinished(
                reader.Run(), reader.Text("node"), ChannelWriteJson.Read(reader, "writes")),
            "subgraph-stepped/1" => SubgraphJson.ReadStepped(reader),
            "subgraph-wrote/1" => SubgraphJson.ReadWrote(reader),
            "step-committed/1" => new StepCommitted(
                reader.Run(),
                new CheckpointId(reader.Uuid("checkpoint_id")),
                reader.Number("step"),
                reader.Name<CheckpointSource>("source"),
                reader.Texts("ran"),
                reader.Texts("next"))
            {
                Inputs = ReadInputs(reader),
            },
            "run-paused/1" => new RunPaused(reader.Run(), ReadInterrupts(reader)),
            "run-succeeded/1" => new RunSucceeded(reader.Run()),
            "run-failed/1" => new RunFailed(
                reader.Run(),
                Failure(reader),
                RunCauseJson.Read(reader.Object("cause"))),
            "run-timed-out/1" => new RunTimedOut(reader.Run(), reader.Milliseconds("limit_ms"), Failure(reader)),
            "run-interrupted/1" => new RunInterrupted(reader.Run(), RunCauseJson.Read(reader.Object("cause"))),
            "run-deleted/1" => new RunDeleted(reader.Run()),
            "run-rolled-back/1" => RunRolledBackJson.Read(reader),
            "undo-begun/1" => new UndoBegun(reader.Run(), reader.Text("call_id")),
            "undo-ended/1" => new UndoEnded(reader.Run(), reader.Text("call_id"), reader.TextOrNull("failure")),
            "history-pruned/1" => new HistoryPruned(),
            "webhook-delivered/1" => new WebhookDelivered(reader.Run(), reader.Number("attempts")),
            "webhook-given-up/1" => new WebhookGivenUp(
                reader.Run(), reader.Number("attempts"), reader.Text("reason")),
            _ => throw new JsonException($"The journal holds a fact of kind '{manifest}', which this build does not know."),
        };
        return fact with { At = reader.Time("at") };
    }

    private static void WriteBody(Utf8JsonWriter writer, ThreadEvent fact)
    {
        switch (fact)
        {
            case ThreadCreated e:
                WriteMap(writer, "metadata", e.Metadata);
                break;
            case ThreadPatched e:
                WriteMap(writer, "metadata", e.Metadata);
                break;
            case StateUpdated e:
                StateUpdatedJson.Write(writer, e);
                break;
            case RunCreated e:
                writer.WriteString("due_at", e.DueAt);
                RunRequestJson.Write(writer, e.Request);
                break;
            case RunEdited e:
                writer.WriteString("due_at", e.DueAt);
                RunRequestJson.Write(writer, e.Request);
                break;
            case RunJoined e:
                writer.WriteString("into", e.Into.Value);
                if (e.DueAt is { } dueAt)
                    writer.WriteString("due_at", dueAt);
                break;
            case JoinedRunEnded e:
                writer.WriteString("into", e.Into.Value);
                writer.WriteString("status", JsonNames.Of(e.Status));
                break;
            case QueueReordered e:
                WriteTexts(writer, "runs", e.Runs.Select(run => $"{run}"));
                break;
            case RunStarted e:
                writer.WriteNumber("attempt", e.Attempt);
                if (e.Deadline is { } deadline)
                    writer.WriteString("deadline", deadline);
                break;
            case InterruptsAnswered e:
                WriteMap(writer, "answers", e.Answers);
                break;
            case MessageAppended e:
                WriteMessage(writer, e.Node, e.Channel, e.Message);
                break;
            case MessageRemoved e:
                WritePlace(writer, e.Node, e.Channel);
                writer.WriteString("message_id", e.MessageId);
                break;
            case ChannelWritten e:
                WritePlace(writer, e.Node, e.Channel);
                writer.WritePropertyName("value");
                e.Value.WriteTo(writer);
                break;
            case ChannelAppended e:
                WritePlace(writer, e.Node, e.Channel);
                WriteElements(writer, "items", e.Items);
                break;
            case ChannelReduced e:
                WritePlace(writer, e.Node, e.Channel);
                writer.WritePropertyName("update");
                e.Update.WriteTo(writer);
                writer.WritePropertyName("value");
                e.Value.WriteTo(writer);
                break;
            case ToolCallStarted e:
                writer.WriteString("call_id", e.CallId);
                break;
            case ToolCallFinished e:
                WriteMessage(writer, e.Node, e.Channel, e.Message);
                if (e.IsSkipped)
                    writer.WriteBoolean("is_skipped", true);
                break;
            case ToolOverran e:
                writer.WriteString("call_id", e.CallId);
                writer.WriteString("tool", e.Tool);
                writer.WriteNumber("overran_ms", (long)e.Overran.TotalMilliseconds);
                break;
            case PositionCopied e:
                PositionCopiedJson.Write(writer, e);
                break;
            case RunRolledBack e:
                RunRolledBackJson.Write(writer, e);
                break;
            case UndoBegun e:
                writer.WriteString("call_id", e.CallId);
                break;
            case UndoEnded e:
                writer.WriteString("call_id", e.CallId);
                if (e.Failure is { } reason)
                    writer.WriteString("failure", reason);
                break;
            case NodeFinished e:
                writer.WriteString("node", e.Node);
                ChannelWriteJson.Write(writer, "writes", e.Writes);
                break;
            case SubgraphStepped e:
                SubgraphJson.Write(writer, e);
                break;
            case SubgraphWrote e:
                SubgraphJson.Write(writer, e);
                break;
            case StepCommitted e:
                WriteStep(writer, e);
                break;
            case RunPaused e:
                WriteInterrupts(writer, e.Interrupts);
                break;
            case RunFailed e:
                WriteFailure(writer, e.Failure);
                RunCauseJson.Write(writer, "cause", e.Cause);
                break;
            case RunTimedOut e:
                writer.WriteNumber("limit_ms", (long)e.Limit.TotalMilliseconds);
                WriteFailure(writer, e.Failure);
                break;
            case RunInterrupted e:
                RunCauseJson.Write(writer, "cause", e.Cause);
                break;
            case RunStopAsked e:
                RunCauseJson.Write(writer, "cause", e.Cause);
                break;
            case WebhookDelivered e:
                writer.WriteNumber("attempts", e.Attempts);
                break;
            case WebhookGivenUp e:
                writer.WriteNumber("attempts", e.Attempts);
                writer.WriteString("reason", e.Reason);
                break;
        }
    }

    private static NodeFailure Failure(FactReader reader) =>
        new(reader.TextOrNull("node"), reader.Text("error"), reader.Text("message"));

    private static void WriteFailure(Utf8JsonWriter writer, NodeFailure failure)
    {
        writer.WriteString("node", failure.Node);
        writer.WriteString("error", failure.Error);
        writer.WriteString("message", failure.Message);
    }

    private static void WriteStep(Utf8JsonWriter writer, StepCommitted fact)
    {
        writer.WriteString("checkpoint_id", fact.Checkpoint.Value);
        writer.WriteNumber("step", fact.Step);
        writer.WriteString("source", JsonNames.Of(fact.Source));
        WriteTexts(writer, "ran", fact.Ran);
        WriteTexts(writer, "next", fact.Next);
        WriteInputs(writer, fact.Inputs);
    }

    /// <summary>Writes what was sent to the tasks that are next; nothing when nothing was.</summary>
    internal static void WriteInputs(Utf8JsonWriter writer, ImmutableSortedDictionary<string, JsonElement> inputs)
    {
        if (!inputs.IsEmpty)
            WriteMap(writer, Inputs, inputs);
    }

    internal static ImmutableSortedDictionary<string, JsonElement> ReadInputs(FactReader reader) =>
        reader.ValueOrUndefined(Inputs).ValueKind is JsonValueKind.Object ? reader.Map(Inputs) : NextTasks.NoInputs;

    internal static ImmutableArray<PendingInterrupt> ReadInterrupts(FactReader reader) =>
    [
        .. reader.Items("interrupts").Select(item =>
            new PendingInterrupt(item.Text("id"), item.Text("node"), item.Value("value"))),
    ];

    internal static void WriteInterrupts(Utf8JsonWriter writer, IEnumerable<PendingInterrupt> interrupts)
    {
        writer.WriteStartArray("interrupts");
        foreach (var interrupt in interrupts)
        {
            writer.WriteStartObject();
            writer.WriteString("id", interrupt.Id);
            writer.WriteString("node", interrupt.Node);
            writer.WritePropertyName("value");
            interrupt.Value.WriteTo(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteMessage(Utf8JsonWriter writer, string node, string channel, Message message)
    {
        WritePlace(writer, node, channel);
        writer.WritePropertyName("message");
        StateJson.WriteStoredMessage(writer, message);
    }

    private static void WritePlace(Utf8JsonWriter writer, string node, string channel)
    {
        writer.WriteString("node", node);
        writer.WriteString("channel", channel);
    }

    internal static void WriteMap(
        Utf8JsonWriter writer,
        string name,
        ImmutableSortedDictionary<string, JsonElement> map)
    {
        writer.WriteStartObject(name);
        StateJson.WriteProperties(writer, map);
        writer.WriteEndObject();
    }

    internal static void WriteElements(Utf8JsonWriter writer, string name, IEnumerable<JsonElement> elements)
    {
        writer.WriteStartArray(name);
        foreach (var element in elements)
            element.WriteTo(writer);
        writer.WriteEndArray();
    }

    internal static void WriteTexts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
