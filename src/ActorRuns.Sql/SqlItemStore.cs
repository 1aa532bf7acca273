using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json;
using ActorRuns.Store;
using Dapper;

namespace ActorRuns.Sql;

/// <summary>
/// Keeps items in a database; what a method has answered is on the disk. What has lasted its time is found no more,
/// and is removed with the next put.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="time">The clock by which items last; those of several members must go alike.</param>
public sealed class SqlItemStore(SqlDatabase database, TimeProvider time) : IItemStore
{
    /// <inheritdoc />
    public async Task PutAsync(
        ItemNamespace space, string key, JsonElement value, TimeSpan? ttl, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await database.ReadAsync(
            async connection =>
            {
                // Two statements on their own, short: not cancelled.
                await connection.ExecuteAsync(database.SweepItems, new { Now = SqlTime.Text(now) });
                return await connection.ExecuteAsync(
                    """
                    INSERT INTO store_item (namespace, key, value, created_at, updated_at, ttl_ticks, expires_at)
                    VALUES (@Space, @Key, @Value, @Now, @Now, @Ticks, @ExpiresAt)
                    ON CONFLICT (namespace, key) DO UPDATE SET
                        value = excluded.value,
                        created_at = CASE WHEN store_item.expires_at <= @Now
                            THEN excluded.created_at ELSE store_item.created_at END,
                        updated_at = excluded.updated_at,
                        ttl_ticks = excluded.ttl_ticks,
                        expires_at = excluded.expires_at
                    """,
                    new
                    {
                        Space = database.Stored(space.Path),
                        Key = database.Stored(key),
                        Value = value.GetRawText(),
                        Now = SqlTime.Text(now),
                        ttl?.Ticks,
                        ExpiresAt = ttl is { } lasts ? SqlTime.Text(now + lasts) : null,
                    });
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<StoreItem?> GetAsync(
        ItemNamespace space, string key, bool refreshesTtl, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                var now = time.GetUtcNow();
                var row = await connection.QuerySingleOrDefaultAsync<ItemRow>(new CommandDefinition(
                    $"{ItemRow.Select} AND namespace = @Space AND key = @Key",
                    new
                    {
                        Now = SqlTime.Text(now),
                        Space = database.Stored(space.Path),
                        Key = database.Stored(key),
                    },
                    cancellationToken: cancellationToken));
                if (row is not null && refreshesTtl)
                    await RefreshAsync(connection, [row], now);
                return row?.ToItem(database);
            },
            cancellationToken);

    /// <inheritdoc />
    public Task DeleteAsync(ItemNamespace space, string key, CancellationToken cancellationToken) =>
        database.ReadAsync(
            connection => connection.ExecuteAsync(
                "DELETE FROM store_item WHERE namespace = @Space AND key = @Key",
                new { Space = database.Stored(space.Path), Key = database.Stored(key) }),
            cancellationToken);

    /// <inheritdoc />
    public Task<ImmutableArray<StoreItem>> SearchAsync(ItemQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync<ImmutableArray<StoreItem>>(
            async connection =>
            {
                var now = time.GetUtcNow();

                // Those below a namespace lie in one piece of the primary key: '/' is the sign after '.'.
                const string Within =
                    "AND (namespace = @Space OR (namespace > @Space || '.' AND namespace < @Space || '/'))";
                var rows = connection.QueryUnbufferedAsync<ItemRow>(
                    $"""
                    {ItemRow.Select} {(query.Within.IsRoot ? "" : Within)}
                    ORDER BY updated_at DESC, namespace, key
                    """,
                    new { Now = SqlTime.Text(now), Space = database.Stored(query.Within.Path) });
                var page = await rows
                    .Where(row => query.Matches(row.ReadValue()))
                    .Skip(query.Offset)
                    .Take(query.Limit)
                    .ToListAsync(cancellationToken);
                if (query.RefreshesTtl)
                    await RefreshAsync(connection, page, now);
                return [.. page.Select(row => row.ToItem(database))];
            },
            cancellationToken);

    /// <inheritdoc />
    public Task<ImmutableArray<ItemNamespace>> ListNamespacesAsync(
        NamespaceQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                var paths = await connection.QueryAsync<string>(new CommandDefinition(
                    "SELECT DISTINCT namespace FROM store_item WHERE expires_at IS NULL OR expires_at > @Now",
                    new { Now = SqlTime.Text(time.GetUtcNow()) },
                    cancellationToken: cancellationToken));
                return query.Choose(paths.Select(path => ItemRow.ReadNamespace(database.Original(path))));
            },
            cancellationToken);

    private static async Task RefreshAsync(DbConnection connection, IEnumerable<ItemRow> rows, DateTimeOffset now)
    {
        // In one order, so that of two who refresh the same items none waits for the other's.
        var lasting = rows
            .Where(row => row.TtlTicks is not null)
            .OrderBy(row => row.Namespace, StringComparer.Ordinal)
            .ThenBy(row => row.Key, StringComparer.Ordinal)
            .ToList();
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
                ExpiresAt = SqlTime.Text(now.AddTicks(row.TtlTicks!.Value)), // Chosen above for having one.
            }),
            transaction);
        await transaction.CommitAsync(CancellationToken.None);
    }
}
