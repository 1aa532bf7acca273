using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Store;
using Dapper;
using Microsoft.Data.Sqlite;

namespace ActorRuns.Sql;

/// <summary>
/// Keeps items in an SQLite file; what a method has answered is on the disk. What has lasted its time is found no more,
/// and is removed with the next put.
/// </summary>
public sealed class SqliteItemStore : IItemStore
{
    private readonly SqliteFile _file;
    private readonly TimeProvider _time;

    private SqliteItemStore(SqliteFile file, TimeProvider time) => (_file, _time) = (file, time);

    /// <summary>Opens the store, and makes its table if it is not there.</summary>
    /// <param name="file">The file; it may hold other tables too.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up the opening.</param>
    /// <exception cref="SqliteException">The file cannot be written, or is no database.</exception>
    public static async Task<SqliteItemStore> OpenAsync(
        string file, TimeProvider time, CancellationToken cancellationToken)
    {
        var database = new SqliteFile(file);
        await database.PrepareAsync(
            """
            CREATE TABLE IF NOT EXISTS store_item (
                namespace TEXT NOT NULL,
                key TEXT NOT NULL,
                value TEXT NOT NULL,
                created_at TEXT NOT NULL,
                updated_at TEXT NOT NULL,
                ttl_ticks INTEGER NULL,
                expires_at TEXT NULL,
                PRIMARY KEY (namespace, key)
            );
            CREATE INDEX IF NOT EXISTS store_item_expires_at_idx ON store_item (expires_at)
            WHERE expires_at IS NOT NULL;
            """,
            cancellationToken);
        return new SqliteItemStore(database, time);
    }

    /// <inheritdoc />
    public async Task PutAsync(
        ItemNamespace space, string key, JsonElement value, TimeSpan? ttl, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        await using var connection = await _file.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None); // Short.
        await connection.ExecuteAsync(
            "DELETE FROM store_item WHERE expires_at <= @Now", new { Now = SqliteTime.Text(now) }, transaction);
        await connection.ExecuteAsync(
            """
            INSERT INTO store_item (namespace, key, value, created_at, updated_at, ttl_ticks, expires_at)
            VALUES (@Space, @Key, @Value, @Now, @Now, @Ticks, @ExpiresAt)
            ON CONFLICT (namespace, key) DO UPDATE SET
                value = excluded.value,
                updated_at = excluded.updated_at,
                ttl_ticks = excluded.ttl_ticks,
                expires_at = excluded.expires_at
            """,
            new
            {
                Space = space.Path,
                Key = key,
                Value = value.GetRawText(),
                Now = SqliteTime.Text(now),
                ttl?.Ticks,
                ExpiresAt = ttl is { } lasts ? SqliteTime.Text(now + lasts) : null,
            },
            transaction);
        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <inheritdoc />
    public async Task<StoreItem?> GetAsync(
        ItemNamespace space, string key, bool refreshesTtl, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        await using var connection = await _file.OpenAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<ItemRow>(new CommandDefinition(
            $"{ItemRow.Select} AND namespace = @Space AND key = @Key",
            new { Now = SqliteTime.Text(now), Space = space.Path, Key = key },
            cancellationToken: cancellationToken));
        if (row is not null && refreshesTtl)
            await RefreshAsync(connection, [row], now);
        return row?.ToItem();
    }

    /// <inheritdoc />
    public async Task DeleteAsync(ItemNamespace space, string key, CancellationToken cancellationToken)
    {
        await using var connection = await _file.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(
            "DELETE FROM store_item WHERE namespace = @Space AND key = @Key", new { Space = space.Path, Key = key });
    }

    /// <inheritdoc />
    public async Task<ImmutableArray<StoreItem>> SearchAsync(ItemQuery query, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        await using var connection = await _file.OpenAsync(cancellationToken);

        // Those below a namespace lie in one piece of the primary key: '/' is the sign after '.'.
        const string Within =
            "AND (namespace = @Space OR (namespace > @Space || '.' AND namespace < @Space || '/'))";
        var rows = connection.QueryUnbufferedAsync<ItemRow>(
            $"""
            {ItemRow.Select} {(query.Within.IsRoot ? "" : Within)}
            ORDER BY updated_at DESC, namespace, key
            """,
            new { Now = SqliteTime.Text(now), Space = query.Within.Path });
        var page = await rows
            .Where(row => query.Matches(row.ReadValue()))
            .Skip(query.Offset)
            .Take(query.Limit)
            .ToListAsync(cancellationToken);
        if (query.RefreshesTtl)
            await RefreshAsync(connection, page, now);
        return [.. page.Select(row => row.ToItem())];
    }

    /// <inheritdoc />
    public async Task<ImmutableArray<ItemNamespace>> ListNamespacesAsync(
        NamespaceQuery query, CancellationToken cancellationToken)
    {
        await using var connection = await _file.OpenAsync(cancellationToken);
        var paths = await connection.QueryAsync<string>(new CommandDefinition(
            "SELECT DISTINCT namespace FROM store_item WHERE expires_at IS NULL OR expires_at > @Now",
            new { Now = SqliteTime.Text(_time.GetUtcNow()) },
            cancellationToken: cancellationToken));
        return query.Choose(paths.Select(ItemRow.ReadNamespace));
    }

    private static async Task RefreshAsync(SqliteConnection connection, IEnumerable<ItemRow> rows, DateTimeOffset now)
    {
        var lasting = rows.Where(row => row.TtlTicks is not null).ToList();
        if (lasting.Count is 0)
            return;

        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None); // Short.
        await connection.ExecuteAsync(
            """
            UPDATE store_item SET expires_at = @ExpiresAt
            WHERE namespace = @Namespace AND key = @Key AND updated_at = @UpdatedAt
            """,
            lasting.Select(row => new
            {
                row.Namespace,
                row.Key,
                row.UpdatedAt, // One that was put meanwhile has a time of its own.
                ExpiresAt = SqliteTime.Text(now.AddTicks(row.TtlTicks!.Value)), // Chosen above for having one.
            }),
            transaction);
        await transaction.CommitAsync(CancellationToken.None);
    }
}
