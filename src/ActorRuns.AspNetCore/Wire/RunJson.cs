using System.Text.Json;
using ActorRuns.Json;
using ActorRuns.Runs;
using ActorRuns.Threads;

namespace ActorRuns.AspNetCore.Wire;

/// <summary>Writes a run as clients see it.</summary>
internal static class RunJson
{
    /// <summary>Writes a run with its place in the queue, if it has one.</summary>
    public static void Write(Utf8JsonWriter writer, ThreadId thread, ThreadLedger ledger, RunId id) =>
        Write(writer, thread, ledger.Runs[id], ledger.Queue.IndexOf(id) + 1);

    /// <summary>Writes a run.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="thread">Its thread.</param>
    /// <param name="run">The run.</param>
    /// <param name="place">Its place in the queue, counted from 1; 0 when it has none, or it is not known.</param>
    public static void Write(Utf8JsonWriter writer, ThreadId thread, RunLedger run, int place = 0)
    {
        writer.WriteStartObject();
        WriteFields(writer, thread, run, place);
        writer.WriteEndObject();
    }

    /// <summary>Writes a run into an object that is open.</summary>
    public static void WriteFields(Utf8JsonWriter writer, ThreadId thread, RunLedger run, int place = 0)
    {
        writer.WriteString("run_id", run.Id.Value);
        writer.WriteString("thread_id", thread.Value);
        writer.WriteString("assistant_id", run.Request.AssistantId.Value);
        WriteMetadata(writer, run, place);
        writer.WriteString("status", JsonNames.Of(run.Status));
        WriteKwargs(writer, run.Request);
        writer.WriteString("multitask_strategy", JsonNames.Of(run.Request.Strategy));
        WireTime.Write(writer, "created_at", run.CreatedAt);
        WireTime.Write(writer, "updated_at", run.UpdatedAt);
    }

    private static void WriteMetadata(Utf8JsonWriter writer, RunLedger run, int place)
    {
        writer.WriteStartObject("metadata");
        StateJson.WriteProperties(writer, run.Request.Metadata);
        if (!run.Supersedes.IsEmpty)
        {
            writer.WriteStartArray("supersedes");
            foreach (var superseded in run.Supersedes)
                writer.WriteStringValue(superseded.Value);
            writer.WriteEndArray();
        }

        if (run.Cause is RunCause.Superseded(var by))
            writer.WriteString("superseded_by", by.Value);
        if (run.Cause is { } cause)
            writer.WriteString("actorruns_cause", NameOf(cause));
        UndoJson.Write(writer, run.Undid);
        if (run.Overran > TimeSpan.Zero)
        {
            writer.WriteNumber("actorruns_overran_ms", (long)run.Overran.TotalMilliseconds);
            WriteTexts(writer, "actorruns_overran_tools", run.OverranTools);
        }

        if (run.Attempt > 0)
            writer.WriteNumber("actorruns_attempt", run.Attempt);
        if (run.Webhook is { } webhook)
            writer.WriteString("actorruns_webhook", JsonNames.Of(webhook));
        WriteMeetings(writer, run);
        if (place > 0)
            writer.WriteNumber("actorruns_queue_position", place);
        writer.WriteEndObject();
    }

    /// <summary>What it had to do with messages beside it.</summary>
    private static void WriteMeetings(Utf8JsonWriter writer, RunLedger run)
    {
        writer.WriteString("actorruns_strategy_from", JsonNames.Of(run.Request.StrategyFrom));
        if (run.Request.SkipsTools)
            writer.WriteString(RunSettings.RefinementKey, RunSettings.SteerNow);
        else if (run.Request.Steers)
            writer.WriteString(RunSettings.RefinementKey, RunSettings.Steer);
        else if (run.Request.AfterTools)
            writer.WriteString(RunSettings.RefinementKey, RunSettings.AfterTools);
        if (run.Request.Debounce is var (quiet, atMost))
        {
            writer.WriteNumber("actorruns_debounce_ms", (long)quiet.TotalMilliseconds);
            writer.WriteNumber("actorruns_debounce_max_ms", (long)atMost.TotalMilliseconds);
        }

        if (run.JoinedTo is { } carrier)
            writer.WriteString("actorruns_joined_to", carrier.Value);
        if (!run.Joined.IsEmpty)
            WriteTexts(writer, "actorruns_joined", run.Joined.Select(joined => $"{joined}"));
    }

    private static string NameOf(RunCause cause) => cause switch
    {
        RunCause.Finished => "finished",
        RunCause.AskedHuman => "asked-human",
        RunCause.Failed => "failed",
        RunCause.Cancelled => "cancelled",
        RunCause.Superseded => "superseded",
        RunCause.Joined => "joined",
        RunCause.TimedOut => "timed-out",
        RunCause.WorkerLost => "worker-lost",
        _ => throw new ArgumentException($"{cause.GetType().Name} has no name on the wire.", nameof(cause)),
    };

    private static void WriteKwargs(Utf8JsonWriter writer, RunRequest request)
    {
        writer.WriteStartObject("kwargs");
        WriteParts(writer, request);
        writer.WriteBoolean("temporary", false);
        writer.WriteBoolean("subgraphs", request.StreamSubgraphs);
        writer.WriteBoolean("resumable", request.StreamResumable);
        writer.WriteEndObject();
    }

    /// <summary>Writes what is asked of a run into an object that is open.</summary>
    public static void WriteParts(Utf8JsonWriter writer, RunRequest request)
    {
        writer.WritePropertyName("input");
        if (request.Input.ValueKind is JsonValueKind.Undefined)
            writer.WriteNullValue();
        else
            request.Input.WriteTo(writer);
        if (request.Command is { } command)
            WriteCommand(writer, command);
        WriteObject(writer, "config", request.Config);
        WriteObject(writer, "context", request.Context);
        WriteTexts(writer, "stream_mode", Enum.GetValues<StreamModes>()
            .Where(mode => mode is not StreamModes.None && request.StreamModes.HasFlag(mode))
            .Select(JsonNames.Of));
        if (!request.InterruptBefore.IsEmpty)
            WriteTexts(writer, "interrupt_before", request.InterruptBefore);
        if (!request.InterruptAfter.IsEmpty)
            WriteTexts(writer, "interrupt_after", request.InterruptAfter);
        if (request.Webhook is { } webhook)
            writer.WriteString("webhook", webhook.OriginalString);
        if (!request.FeedbackKeys.IsEmpty)
            WriteTexts(writer, "feedback_keys", request.FeedbackKeys);
    }

    private static void WriteCommand(Utf8JsonWriter writer, GraphCommand command)
    {
        writer.WriteStartObject("command");
        foreach (var (name, value) in (ReadOnlySpan<(string, JsonElement)>)
            [("resume", command.Resume), ("update", command.Update)])
        {
            if (value.ValueKind is JsonValueKind.Undefined)
                continue;
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }

        if (!command.GoesOn)
            WriteGoto(writer, command);
        writer.WriteEndObject();
    }

    private static void WriteGoto(Utf8JsonWriter writer, GraphCommand command)
    {
        writer.WriteStartArray("goto");
        foreach (var node in command.Goto)
            writer.WriteStringValue(node);
        foreach (var (node, input) in command.Sends)
        {
            writer.WriteStartObject();
            writer.WriteString("node", node);
            writer.WritePropertyName("input");
            input.WriteTo(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteObject(Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WritePropertyName(name);
        if (value.ValueKind is JsonValueKind.Undefined)
            writer.WriteRawValue("{}"u8);
        else
            value.WriteTo(writer);
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
