using System.Data.Common;
using ActorRuns.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ActorRuns.Sql;

/// <summary>
/// The index in an SQLite file of its own, so that it never waits for the journal nor the journal for it.
/// </summary>
public sealed class SqliteThreadIndex : SqlThreadIndex
{
    private readonly string _journalFile;

    private SqliteThreadIndex(SqliteDatabase database, string journalFile, TimeProvider time, ILogger log)
        : base(database, time, log) => _journalFile = journalFile;

    /// <summary>Opens the index, and makes its table if it is not there.</summary>
    /// <param name="indexFile">The file of the index.</param>
    /// <param name="journalFile">The file of the journal; it need not be there yet.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where faults are told.</param>
    /// <param name="cancellationToken">Gives up the opening.</param>
    /// <exception cref="SqliteException">
    /// The file cannot be written, or is no database, or the journal's file is none.
    /// </exception>
    public static async Task<SqliteThreadIndex> OpenAsync(
        string indexFile,
        string journalFile,
        TimeProvider time,
        ILogger<SqliteThreadIndex> log,
        CancellationToken cancellationToken)
    {
        // Not durable: the journal can tell all of it again.
        var database = await SqliteDatabase.OpenAsync(
            indexFile, durable: false, SqliteTables.Threads, cancellationToken);
        if (File.Exists(journalFile))
            await ReadJournalAsync(journalFile, cancellationToken);
        return new SqliteThreadIndex(database, journalFile, time, log);
    }

    private protected override async Task WriteAsync(DbTransaction transaction, IReadOnlyList<ThreadNote> notes)
    {
        var connection = transaction.Connection!; // Begun, and not ended yet.
        await connection.ExecuteAsync(
            "DELETE FROM thread_index WHERE thread_id = @ThreadId AND sequence_nr <= @SequenceNr",
            notes.Where(note => note.Entry is null)
                .Select(note => new { ThreadId = $"{note.Thread}", note.SequenceNr }),
            transaction);
        await connection.ExecuteAsync(
            """
            INSERT INTO thread_index (thread_id, sequence_nr, status, created_at, updated_at, wake_at, metadata)
            VALUES (@ThreadId, @SequenceNr, @Status, @CreatedAt, @UpdatedAt, @WakeAt, @Metadata)
            ON CONFLICT (thread_id) DO UPDATE SET
                sequence_nr = excluded.sequence_nr,
                status = excluded.status,
                created_at = excluded.created_at,
                updated_at = excluded.updated_at,
                wake_at = excluded.wake_at,
                metadata = excluded.metadata
            WHERE excluded.sequence_nr >= sequence_nr
            """,
            notes.Select(note => note.Entry).OfType<Threads.ThreadIndexEntry>().Select(entry => new
            {
                ThreadId = $"{entry.ThreadId}",
                entry.SequenceNr,
                Status = JsonNames.Of(entry.Status),
                CreatedAt = SqlTime.Text(entry.CreatedAt),
                UpdatedAt = SqlTime.Text(entry.UpdatedAt),
                WakeAt = entry.WakeAt is { } wakeAt ? SqlTime.Text(wakeAt) : null,
                Metadata = JsonMaps.Text(entry.Metadata),
            }),
            transaction);
    }

    private protected override async Task<IReadOnlyList<string>> FindBehindAsync(
        DbConnection connection, CancellationToken cancellationToken)
    {
        if (!File.Exists(_journalFile))
            return [];

        await connection.ExecuteAsync(new CommandDefinition(
            "ATTACH DATABASE @journal AS recorded",
            new { journal = _journalFile },
            cancellationToken: cancellationToken));
        try
        {
            return await BehindAttachedAsync(connection, cancellationToken);
        }
        finally
        {
            // A pooled connection would hold the journal's file for as long as the process lives.
            await connection.ExecuteAsync("DETACH DATABASE recorded");
        }
    }

    private static async Task<IReadOnlyList<string>> BehindAttachedAsync(
        DbConnection connection, CancellationToken cancellationToken)
    {
        var hasJournal = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT count(*) FROM recorded.sqlite_master WHERE type = 'table' AND name = 'journal'",
            cancellationToken: cancellationToken));
        return !hasJournal
            ? []
            : [.. await connection.QueryAsync<string>(new CommandDefinition(
                """
                SELECT substr(j.persistence_id, 8)
                FROM (SELECT persistence_id, max(sequence_number) AS highest FROM recorded.journal
                      WHERE deleted = 0 GROUP BY persistence_id) j
                LEFT JOIN thread_index i ON i.thread_id = substr(j.persistence_id, 8)
                WHERE j.persistence_id LIKE 'thread-%' AND (i.sequence_nr IS NULL OR i.sequence_nr < j.highest)
                """,
                cancellationToken: cancellationToken))];
    }

    /// <summary>Reads the journal's file once: one that cannot be read ends the start, and not a search.</summary>
    private static async Task ReadJournalAsync(string journalFile, CancellationToken cancellationToken)
    {
        var file = new SqliteConnectionStringBuilder { DataSource = journalFile, Pooling = false };
        await using var connection = new SqliteConnection(file.ToString());
        await connection.OpenAsync(cancellationToken);
        await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT count(*) FROM sqlite_master", cancellationToken: cancellationToken));
    }
}
