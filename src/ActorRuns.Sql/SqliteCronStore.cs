using ActorRuns.Crons;
using Dapper;
using Microsoft.Data.Sqlite;

namespace ActorRuns.Sql;

/// <summary>Keeps crons in an SQLite file; what a method has answered is on the disk.</summary>
public sealed class SqliteCronStore : ICronStore
{
    private const string Select = """
        SELECT cron_id AS Id, assistant_id AS AssistantId, thread_id AS ThreadId, schedule AS Schedule, zone AS Zone,
               end_at AS EndAt, is_enabled AS IsEnabled, request AS Request, created_at AS CreatedAt,
               updated_at AS UpdatedAt, next_run_at AS NextRunAt
        FROM cron
        """;

    private const string Upsert = """
        INSERT OR REPLACE INTO cron
            (cron_id, assistant_id, thread_id, schedule, zone, end_at, is_enabled, request, created_at, updated_at,
             next_run_at)
        VALUES
            (@Id, @AssistantId, @ThreadId, @Schedule, @Zone, @EndAt, @IsEnabled, @Request, @CreatedAt, @UpdatedAt,
             @NextRunAt)
        """;

    private readonly SqliteFile _file;

    private SqliteCronStore(SqliteFile file) => _file = file;

    /// <summary>Opens the store, and makes its table if it is not there.</summary>
    /// <param name="file">The file; it may hold other tables too.</param>
    /// <param name="cancellationToken">Gives up the opening.</param>
    /// <exception cref="SqliteException">The file cannot be written, or is no database.</exception>
    public static async Task<SqliteCronStore> OpenAsync(string file, CancellationToken cancellationToken)
    {
        var database = new SqliteFile(file);
        await database.PrepareAsync(
            """
            CREATE TABLE IF NOT EXISTS cron (
                cron_id TEXT NOT NULL PRIMARY KEY,
                assistant_id TEXT NOT NULL,
                thread_id TEXT NULL,
                schedule TEXT NOT NULL,
                zone TEXT NULL,
                end_at TEXT NULL,
                is_enabled INTEGER NOT NULL,
                request TEXT NOT NULL,
                created_at TEXT NOT NULL,
                updated_at TEXT NOT NULL,
                next_run_at TEXT NULL
            ) WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS cron_next_run_at_idx ON cron (next_run_at) WHERE next_run_at IS NOT NULL;
            """,
            cancellationToken);
        return new SqliteCronStore(database);
    }

    /// <inheritdoc />
    public async Task AddAsync(Cron cron, CancellationToken cancellationToken)
    {
        await using var connection = await _file.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(Upsert, CronRow.Of(cron)); // Short, and never half done: not cancelled.
    }

    /// <inheritdoc />
    public async Task<Cron?> ChangeAsync(CronId id, Func<Cron, Cron> change, CancellationToken cancellationToken)
    {
        await using var connection = await _file.OpenAsync(cancellationToken);

        // The transaction has the file for itself, so that what it reads is what it changes; not cancelled, as above.
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        var row = await connection.QuerySingleOrDefaultAsync<CronRow>(
            $"{Select} WHERE cron_id = @Id", new { Id = $"{id}" }, transaction);
        if (row is null)
            return null;

        var changed = change(row.ToCron());
        await connection.ExecuteAsync(Upsert, CronRow.Of(changed), transaction);
        await transaction.CommitAsync(CancellationToken.None);
        return changed;
    }

    /// <inheritdoc />
    public async Task<bool> DeleteAsync(CronId id, CancellationToken cancellationToken)
    {
        await using var connection = await _file.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync("DELETE FROM cron WHERE cron_id = @Id", new { Id = $"{id}" }) > 0;
    }

    /// <inheritdoc />
    public async Task<CronPage> SearchAsync(CronQuery query, CancellationToken cancellationToken) =>
        query.Of(await ReadAsync("", parameters: null, cancellationToken)); // They are few; metadata is not for SQL.

    /// <inheritdoc />
    public Task<IReadOnlyList<Cron>> FindDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        ReadAsync("WHERE next_run_at <= @Now", new { Now = SqliteTime.Text(now) }, cancellationToken);

    /// <inheritdoc />
    public async Task<DateTimeOffset?> FindNextAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _file.OpenAsync(cancellationToken);
        var next = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "SELECT min(next_run_at) FROM cron WHERE next_run_at IS NOT NULL", cancellationToken: cancellationToken));
        return next is null ? null : SqliteTime.Read(next);
    }

    private async Task<IReadOnlyList<Cron>> ReadAsync(
        string where, object? parameters, CancellationToken cancellationToken)
    {
        await using var connection = await _file.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<CronRow>(
            new CommandDefinition($"{Select} {where}", parameters, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToCron())];
    }
}
