using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorRuns.Threads;

/// <summary>Reads off a ledger what the index shall know.</summary>
internal static partial class ThreadIndexEntries
{
    /// <summary>The entry of a thread.</summary>
    public static ThreadIndexEntry Of(ThreadId id, long sequenceNr, ThreadLedger ledger)
    {
        var metadata = ledger.Metadata;
        if (ledger.LastRequest is { } last)
        {
            metadata = metadata
                .SetItem("graph_id", Text(last.GraphId.Value))
                .SetItem("assistant_id", Text(last.AssistantId.ToString()));
        }

        return new ThreadIndexEntry(
            id, sequenceNr, ledger.Status, ledger.CreatedAt, ledger.UpdatedAt, ledger.WakeAt, metadata);
    }

    private static JsonElement Text(string text) => JsonSerializer.SerializeToElement(text, Json.Default.String);

    [JsonSerializable(typeof(string))]
    private sealed partial class Json : JsonSerializerContext;
}
