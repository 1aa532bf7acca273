using ActorRuns.Crons;
using Dapper;

namespace ActorRuns.Sql;

/// <summary>Keeps crons in a database; what a method has answered is on the disk.</summary>
/// <param name="database">The database.</param>
public sealed class SqlCronStore(SqlDatabase database) : ICronStore
{
    private const string Select = """
        SELECT cron_id AS Id, assistant_id AS AssistantId, thread_id AS ThreadId, schedule AS Schedule, zone AS Zone,
               end_at AS EndAt, is_enabled AS IsEnabled, request AS Request, created_at AS CreatedAt,
               updated_at AS UpdatedAt, next_run_at AS NextRunAt
        FROM cron
        """;

    private const string Upsert = """
        INSERT INTO cron
            (cron_id, assistant_id, thread_id, schedule, zone, end_at, is_enabled, request, created_at, updated_at,
             next_run_at)
        VALUES
            (@Id, @AssistantId, @ThreadId, @Schedule, @Zone, @EndAt, @IsEnabled, @Request, @CreatedAt, @UpdatedAt,
             @NextRunAt)
        ON CONFLICT (cron_id) DO UPDATE SET
            assistant_id = excluded.assistant_id,
            thread_id = excluded.thread_id,
            schedule = excluded.schedule,
            zone = excluded.zone,
            end_at = excluded.end_at,
            is_enabled = excluded.is_enabled,
            request = excluded.request,
            created_at = excluded.created_at,
            updated_at = excluded.updated_at,
            next_run_at = excluded.next_run_at
        """;

    /// <inheritdoc />
    public Task AddAsync(Cron cron, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.ExecuteAsync(Upsert, CronRow.Of(cron)), // Short, and never half done: not cancelled.
        cancellationToken);

    /// <inheritdoc />
    public Task<Cron?> ChangeAsync(CronId id, Func<Cron, Cron> change, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            async transaction =>
            {
                // Nobody else changes it meanwhile: what is read is what is changed.
                var row = await transaction.Connection!.QuerySingleOrDefaultAsync<CronRow>( // Begun, and not ended yet.
                    $"{Select} WHERE cron_id = @Id {database.ForUpdate}", new { Id = $"{id}" }, transaction);
                if (row is null)
                    return null;

                var changed = change(row.ToCron());
                await transaction.Connection!.ExecuteAsync(Upsert, CronRow.Of(changed), transaction);
                return changed;
            },
            cancellationToken);

    /// <inheritdoc />
    public Task<bool> DeleteAsync(CronId id, CancellationToken cancellationToken) => database.ReadAsync(
        async connection =>
            await connection.ExecuteAsync("DELETE FROM cron WHERE cron_id = @Id", new { Id = $"{id}" }) > 0,
        cancellationToken);

    /// <inheritdoc />
    public async Task<CronPage> SearchAsync(CronQuery query, CancellationToken cancellationToken) =>
        query.Of(await ReadAsync("", parameters: null, cancellationToken)); // They are few; metadata is not for SQL.

    /// <inheritdoc />
    public Task<IReadOnlyList<Cron>> FindDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        ReadAsync("WHERE next_run_at <= @Now", new { Now = SqlTime.Text(now) }, cancellationToken);

    /// <inheritdoc />
    public Task<DateTimeOffset?> FindNextAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<DateTimeOffset?>(
            async connection =>
            {
                var next = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
                    "SELECT min(next_run_at) FROM cron WHERE next_run_at IS NOT NULL",
                    cancellationToken: cancellationToken));
                return next is null ? null : SqlTime.Read(next);
            },
            cancellationToken);

    private Task<IReadOnlyList<Cron>> ReadAsync(
        string where, object? parameters, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Cron>>(
            async connection =>
            {
                var rows = await connection.QueryAsync<CronRow>(
                    new CommandDefinition($"{Select} {where}", parameters, cancellationToken: cancellationToken));
                return [.. rows.Select(row => row.ToCron())];
            },
            cancellationToken);
}
