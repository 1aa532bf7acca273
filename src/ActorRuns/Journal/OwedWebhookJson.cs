using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Runs;
using ActorRuns.Threads;
using ActorRuns.Webhooks;

namespace ActorRuns.Journal;

/// <summary>The stored form of what webhooks are still to be told; absent when nothing is owed.</summary>
internal static class OwedWebhookJson
{
    public static void Write(Utf8JsonWriter writer, ThreadLedger ledger)
    {
        if (ledger.OwedWebhooks.IsEmpty)
            return;

        writer.WriteStartArray("owed_webhooks");
        foreach (var (run, owed) in ledger.OwedWebhooks.OrderBy(owed => owed.Key.Value))
        {
            writer.WriteStartObject();
            writer.WriteString("run_id", run.Value);
            writer.WriteString("target", owed.Target.OriginalString);
            writer.WritePropertyName("run");
            RunLedgerJson.Write(writer, owed.Run);
            writer.WriteBoolean("has_head", ReferenceEquals(owed.Values, ledger.Position.Values));
            if (owed.Values is { } values && !ReferenceEquals(values, ledger.Position.Values))
                CheckpointJson.WriteValues(writer, "state", values);
            ThreadEventJson.WriteInterrupts(writer, [.. owed.Interrupts]);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static ImmutableDictionary<RunId, OwedWebhook> ReadAll(FactReader reader, ThreadPosition position) =>
        reader.ValueOrUndefined("owed_webhooks").ValueKind is JsonValueKind.Array
            ? reader.Items("owed_webhooks").ToImmutableDictionary(
                owed => owed.Run(),
                owed => new OwedWebhook(
                    new Uri(owed.Text("target")),
                    RunLedgerJson.Read(owed.Object("run")),
                    owed.Flag("has_head") ? position.Values : CheckpointJson.ReadValuesOrNull(owed, "state"),
                    ThreadEventJson.ReadInterrupts(owed)))
            : ImmutableDictionary<RunId, OwedWebhook>.Empty;
}
