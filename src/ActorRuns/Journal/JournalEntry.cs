using System.Text.Json;
using ActorRuns.Threads;

namespace ActorRuns.Journal;

/// <summary>A fact with its number in its thread's journal.</summary>
/// <param name="SequenceNr">The number, from 1.</param>
/// <param name="Fact">The fact.</param>
public sealed record JournalEntry(long SequenceNr, ThreadEvent Fact)
{
    /// <summary>
    /// Writes it for others than the journal: <c>{"sequence_nr", "manifest", "at", "fact"}</c>, the fact as it is
    /// stored, save for the addresses of webhooks, which are secrets of those who gave them.
    /// </summary>
    public void Write(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var fact = WithoutSecrets(Fact);
        writer.WriteStartObject();
        writer.WriteNumber("sequence_nr", SequenceNr);
        writer.WriteString("manifest", ThreadEventJson.ManifestOf(fact));
        writer.WriteString("at", fact.At);
        writer.WritePropertyName("fact");
        ThreadEventJson.Write(writer, fact);
        writer.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> has written.</summary>
    /// <exception cref="JsonException">It is none, or its kind is not known to this build.</exception>
    public static JournalEntry Read(JsonElement json)
    {
        try
        {
            var manifest = json.GetProperty("manifest").GetString() ?? string.Empty;
            return new JournalEntry(
                json.GetProperty("sequence_nr").GetInt64(), ThreadEventJson.Read(manifest, json.GetProperty("fact")));
        }
        catch (Exception fault) when (
            fault is InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new JsonException($"It is no entry of a journal: {fault.Message}", fault);
        }
    }

    private static ThreadEvent WithoutSecrets(ThreadEvent fact) => fact switch
    {
        ThreadEvent.RunCreated created => created with { Request = created.Request with { Webhook = null } },
        ThreadEvent.RunEdited edited => edited with { Request = edited.Request with { Webhook = null } },
        _ => fact,
    };
}
