using System.Globalization;
using System.Text.Json;
using ActorRuns.Json;
using ActorRuns.Runs;
using ActorRuns.Threads;
using ActorRuns.Webhooks;

namespace ActorRuns.AspNetCore.Wire;

/// <summary>Writes what webhooks are told.</summary>
internal static class WebhookJson
{
    /// <summary>Writes a run that has ended, with the state that it left.</summary>
    public static void Write(Utf8JsonWriter writer, ThreadId thread, OwedWebhook owed, DateTimeOffset now)
    {
        writer.WriteStartObject();
        RunJson.WriteFields(writer, thread, owed.Run);
        if (owed.Run.StartedAt is { } started)
            WireTime.Write(writer, "run_started_at", started);
        WireTime.Write(writer, "run_ended_at", owed.Run.UpdatedAt);
        WireTime.Write(writer, "webhook_sent_at", now);
        if (owed.Values is { } values)
        {
            writer.WritePropertyName("values");
            StateJson.WriteValues(writer, values);
        }

        if (!owed.Interrupts.IsEmpty)
        {
            writer.WritePropertyName("interrupts");
            StateJson.WriteInterrupts(writer, owed.Interrupts);
        }

        if (ErrorOf(owed.Run.Cause) is { } error)
            writer.WriteString("error", error);
        writer.WriteEndObject();
    }

    private static string? ErrorOf(RunCause? cause) => cause switch
    {
        RunCause.Failed(_, var message) => message,
        RunCause.TimedOut(var limit) => string.Create(
            CultureInfo.InvariantCulture, $"The run did not end within {limit}."),
        RunCause.WorkerLost(var attempts) => $"The process was lost in each of {attempts} attempts.",
        _ => null,
    };
}
