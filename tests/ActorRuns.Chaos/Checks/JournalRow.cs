using System.Text.Json;
using Npgsql;

namespace ActorRuns.Chaos.Checks;

/// <summary>A fact as it is stored, read from the table without a line of the product's.</summary>
/// <param name="Thread">The conversation.</param>
/// <param name="Number">Its place in the conversation's journal, from 1.</param>
/// <param name="Writer">The process that wrote it: another one after each restart.</param>
/// <param name="Kind">Its kind without its version, such as <c>run-started</c>.</param>
/// <param name="Fact">What it says.</param>
internal sealed record JournalRow(string Thread, long Number, string Writer, string Kind, JsonElement Fact)
{
    private const string IdPrefix = "thread-";

    /// <summary>The run that it is about; null for none.</summary>
    public string? Run =>
        Fact.TryGetProperty("run_id", out var run) && run.ValueKind is JsonValueKind.String ? run.GetString() : null;

    /// <summary>All facts of all conversations, each conversation's in order.</summary>
    public static async Task<IReadOnlyList<JournalRow>> ReadAllAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(
            """
            select persistence_id, sequence_number, writer_uuid, manifest, message
            from journal where not deleted and persistence_id like 'thread-%'
            order by persistence_id, sequence_number
            """);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<JournalRow>();
        while (await reader.ReadAsync())
        {
            var manifest = reader.GetString(3);
            rows.Add(new JournalRow(
                reader.GetString(0)[IdPrefix.Length..],
                reader.GetInt64(1),
                reader.GetString(2),
                manifest[..manifest.IndexOf('/', StringComparison.Ordinal)],
                JsonElement.Parse(reader.GetFieldValue<byte[]>(4))));
        }

        return rows;
    }
}
