using System.Text.Json;
using ActorRuns.Json;
using ActorRuns.Threads;

namespace ActorRuns.AspNetCore.Wire;

/// <summary>Writes a thread as clients see it.</summary>
internal static class ThreadJson
{
    /// <summary>Writes a thread.</summary>
    public static void Write(Utf8JsonWriter writer, ThreadId id, ThreadLedger ledger)
    {
        writer.WriteStartObject();
        writer.WriteString("thread_id", id.Value);
        WireTime.Write(writer, "created_at", ledger.CreatedAt);
        WireTime.Write(writer, "updated_at", ledger.UpdatedAt);
        WriteMetadata(writer, ledger);
        writer.WriteString("status", JsonNames.Of(ledger.Status));
        writer.WritePropertyName("config");
        if (ledger.LastRequest is { Config.ValueKind: JsonValueKind.Object } last)
            last.Config.WriteTo(writer);
        else
            writer.WriteRawValue("{}"u8);
        if (ledger.Position.Head is { } head)
        {
            writer.WritePropertyName("values");
            StateJson.WriteValues(writer, head.Values);
            writer.WritePropertyName("interrupts");
            CheckpointJson.WriteInterruptsByTask(writer, ledger.Position);
        }

        writer.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter writer, ThreadLedger ledger)
    {
        writer.WriteStartObject("metadata");
        if (ledger.LastRequest is { } last)
        {
            writer.WriteString("graph_id", last.GraphId.Value);
            writer.WriteString("assistant_id", last.AssistantId.Value);
            StateJson.WriteProperties(writer, ledger.Metadata.Remove("graph_id").Remove("assistant_id"));
        }
        else
        {
            StateJson.WriteProperties(writer, ledger.Metadata);
        }

        UndoJson.Write(writer, ledger.RolledBack);
        UndoJson.Write(writer, ledger.Undos);
        writer.WriteEndObject();
    }
}
