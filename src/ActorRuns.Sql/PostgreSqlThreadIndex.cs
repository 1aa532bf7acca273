using System.Data.Common;
using ActorRuns.Json;
using ActorRuns.Threads;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace ActorRuns.Sql;

/// <summary>
/// The index beside the journal in a PostgreSQL database, which several members write to, each of its own threads. A
/// late word of a member that has lost a thread changes nothing: an older entry never replaces a newer one, and none
/// is written of what the journal holds no more.
/// </summary>
public sealed class PostgreSqlThreadIndex : SqlThreadIndex
{
    // Longer than any write of the journal takes: what is older is there for all to see, or never will be.
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(5);

    private readonly TimeProvider _time;

    /// <summary>An index in a database.</summary>
    /// <param name="database">The database. Who opened it disposes it, after the index.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where faults are told.</param>
    public PostgreSqlThreadIndex(PostgreSqlDatabase database, TimeProvider time, ILogger<PostgreSqlThreadIndex> log)
        : base(database, time, log) => _time = time;

    private protected override async Task WriteAsync(DbTransaction transaction, IReadOnlyList<ThreadNote> notes)
    {
        await DeleteAsync(transaction, [.. notes.Where(note => note.Entry is null)]);
        await UpsertAsync(transaction, [.. notes.Select(note => note.Entry).OfType<ThreadIndexEntry>()]);
    }

    private protected override async Task<IReadOnlyList<string>> FindBehindAsync(
        DbConnection connection, CancellationToken cancellationToken)
    {
        var hasJournal = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT to_regclass('journal') IS NOT NULL", cancellationToken: cancellationToken));
        if (!hasJournal)
            return [];

        // Read first: what is written meanwhile is compared again the next time.
        var settled = await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            "SELECT ordering FROM journal WHERE created < @Before ORDER BY ordering DESC LIMIT 1",
            new { Before = (_time.GetUtcNow() - Settled).UtcTicks },
            cancellationToken: cancellationToken)) ?? 0;
        var behind = (await connection.QueryAsync<(string Thread, long First)>(new CommandDefinition(
            """
            SELECT substr(j.persistence_id, 8), j.first
            FROM (SELECT persistence_id, max(sequence_number) AS highest, min(ordering) AS first
                  FROM journal
                  WHERE NOT deleted AND persistence_id LIKE 'thread-%'
                    AND ordering > (SELECT value FROM actorruns_progress WHERE name = 'thread_index')
                  GROUP BY persistence_id) j
            LEFT JOIN thread_index i ON i.thread_id = substr(j.persistence_id, 8)
            WHERE i.sequence_nr IS NULL OR i.sequence_nr < j.highest
            """,
            cancellationToken: cancellationToken))).ToList();

        // All before is in the index, and need not be compared again.
        var upTo = behind.Select(thread => thread.First - 1).Append(settled).Min();
        await connection.ExecuteAsync(
            "UPDATE actorruns_progress SET value = @upTo WHERE name = 'thread_index' AND value < @upTo", new { upTo });
        return [.. behind.Select(thread => thread.Thread)];
    }

    private static async Task DeleteAsync(DbTransaction transaction, IReadOnlyList<ThreadNote> deleted)
    {
        if (deleted.Count is 0)
            return;

        await using var command = Command(
            """
            DELETE FROM thread_index i
            USING unnest(@threads, @numbers) AS gone (thread_id, sequence_nr)
            WHERE i.thread_id = gone.thread_id AND i.sequence_nr <= gone.sequence_nr
            """,
            transaction);
        Add(command, "threads", NpgsqlDbType.Text, deleted.Select(note => $"{note.Thread}"));
        Add(command, "numbers", NpgsqlDbType.Bigint, deleted.Select(note => note.SequenceNr));
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private static async Task UpsertAsync(DbTransaction transaction, IReadOnlyList<ThreadIndexEntry> entries)
    {
        if (entries.Count is 0)
            return;

        var metadata = entries.Select(entry => JsonMaps.Text(entry.Metadata)).ToList();
        await using var command = Command(
            """
            INSERT INTO thread_index
                (thread_id, sequence_nr, status, created_at, updated_at, wake_at, metadata, searchable)
            SELECT n.thread_id, n.sequence_nr, n.status, n.created_at, n.updated_at, n.wake_at, n.metadata,
                   n.searchable::jsonb
            FROM unnest(@threads, @numbers, @statuses, @created, @updated, @wake, @metadata, @searchable)
                AS n (thread_id, sequence_nr, status, created_at, updated_at, wake_at, metadata, searchable)
            WHERE EXISTS (
                    SELECT FROM journal j
                    WHERE j.persistence_id = 'thread-' || n.thread_id AND j.sequence_number = n.sequence_nr
                      AND NOT j.deleted)
              AND NOT EXISTS (
                    SELECT FROM journal j
                    WHERE j.persistence_id = 'thread-' || n.thread_id AND j.sequence_number > n.sequence_nr
                      AND j.manifest LIKE 'thread-deleted/%')
            ON CONFLICT (thread_id) DO UPDATE SET
                sequence_nr = excluded.sequence_nr,
                status = excluded.status,
                created_at = excluded.created_at,
                updated_at = excluded.updated_at,
                wake_at = excluded.wake_at,
                metadata = excluded.metadata,
                searchable = excluded.searchable
            WHERE excluded.sequence_nr >= thread_index.sequence_nr
            """,
            transaction);
        Add(command, "threads", NpgsqlDbType.Text, entries.Select(entry => $"{entry.ThreadId}"));
        Add(command, "numbers", NpgsqlDbType.Bigint, entries.Select(entry => entry.SequenceNr));
        Add(command, "statuses", NpgsqlDbType.Text, entries.Select(entry => JsonNames.Of(entry.Status)));
        Add(command, "created", NpgsqlDbType.Text, entries.Select(entry => SqlTime.Text(entry.CreatedAt)));
        Add(command, "updated", NpgsqlDbType.Text, entries.Select(entry => SqlTime.Text(entry.UpdatedAt)));
        Add(command, "wake", NpgsqlDbType.Text, entries.Select(entry =>
            entry.WakeAt is { } wakeAt ? SqlTime.Text(wakeAt) : null));
        Add(command, "metadata", NpgsqlDbType.Text, metadata);
        Add(command, "searchable", NpgsqlDbType.Text, metadata.Select(SearchableJson.Of));
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private static NpgsqlCommand Command(string sql, DbTransaction transaction)
    {
        var connection = (NpgsqlConnection)transaction.Connection!; // Begun, and not ended yet.
        return new NpgsqlCommand(sql, connection, (NpgsqlTransaction)transaction);
    }

    private static void Add<T>(NpgsqlCommand command, string name, NpgsqlDbType type, IEnumerable<T> column) =>
        command.Parameters.Add(new NpgsqlParameter(name, NpgsqlDbType.Array | type) { Value = column.ToArray() });
}
