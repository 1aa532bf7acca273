using System.Text.Json;
using ActorRuns.Crons;
using ActorRuns.Json;

namespace ActorRuns.AspNetCore.Wire;

/// <summary>Writes a cron as clients see it.</summary>
internal static class CronJson
{
    /// <summary>Writes a cron.</summary>
    public static void Write(Utf8JsonWriter writer, Cron cron)
    {
        writer.WriteStartObject();
        writer.WriteString("cron_id", cron.Id.Value);
        writer.WriteString("assistant_id", cron.AssistantId.Value);
        if (cron.ThreadId is { } thread)
        {
            writer.WriteString("thread_id", thread.Value);
        }
        else
        {
            writer.WriteNull("thread_id");
            writer.WriteString("on_run_completed", cron.Request.IsStateless ? "delete" : "keep");
        }

        writer.WriteString("schedule", cron.Schedule.Text);
        writer.WriteString("timezone", cron.Zone?.Id);
        WriteTime(writer, "end_time", cron.EndAt);
        writer.WriteBoolean("enabled", cron.IsEnabled);
        WriteTime(writer, "next_run_date", cron.NextRunAt);
        WriteMetadata(writer, cron);
        WritePayload(writer, cron);
        writer.WriteNull("user_id");
        WireTime.Write(writer, "created_at", cron.CreatedAt);
        WireTime.Write(writer, "updated_at", cron.UpdatedAt);
        writer.WriteEndObject();
    }

    /// <summary>Writes the body that the cron's runs are created with.</summary>
    private static void WritePayload(Utf8JsonWriter writer, Cron cron)
    {
        writer.WriteStartObject("payload");
        writer.WriteString("assistant_id", cron.AssistantId.Value);
        RunJson.WriteParts(writer, cron.Request);
        WriteMetadata(writer, cron);
        writer.WriteString("multitask_strategy", JsonNames.Of(cron.Request.Strategy));
        writer.WriteBoolean("stream_subgraphs", cron.Request.StreamSubgraphs);
        writer.WriteBoolean("stream_resumable", cron.Request.StreamResumable);
        writer.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter writer, Cron cron)
    {
        writer.WriteStartObject("metadata");
        StateJson.WriteProperties(writer, cron.Metadata);
        writer.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, DateTimeOffset? time)
    {
        if (time is { } known)
            WireTime.Write(writer, name, known);
        else
            writer.WriteNull(name);
    }
}
