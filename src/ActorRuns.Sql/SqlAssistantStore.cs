using System.Collections.Immutable;
using System.Data.Common;
using ActorRuns.Assistants;
using ActorRuns.Json;
using Dapper;

namespace ActorRuns.Sql;

/// <summary>Keeps assistants in a database; what a method has answered is on the disk.</summary>
/// <param name="database">The database.</param>
public sealed class SqlAssistantStore(SqlDatabase database) : IAssistantStore
{
    /// <inheritdoc />
    public Task<bool> AddAsync(Assistant assistant, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            async transaction =>
            {
                var added = await transaction.Connection!.ExecuteAsync( // Begun, and not ended yet; so below.
                    """
                    INSERT INTO assistant (assistant_id, version, created_at, updated_at)
                    VALUES (@Id, @Number, @CreatedAt, @UpdatedAt)
                    ON CONFLICT (assistant_id) DO NOTHING
                    """,
                    new
                    {
                        Id = $"{assistant.Id}",
                        assistant.Current.Number,
                        CreatedAt = SqlTime.Text(assistant.CreatedAt),
                        UpdatedAt = SqlTime.Text(assistant.UpdatedAt),
                    },
                    transaction);
                if (added > 0)
                    await AddVersionAsync(transaction, assistant.Id, assistant.Current);
                return added > 0;
            },
            cancellationToken);

    /// <inheritdoc />
    public Task<Assistant?> FindAsync(AssistantId id, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => FindAsync(connection, id, transaction: null), cancellationToken);

    /// <inheritdoc />
    public Task<AssistantPage> SearchAsync(AssistantQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async connection =>
            {
                var found = ImmutableArray.CreateBuilder<Assistant>();
                var total = 0;
                var rows = connection.QueryUnbufferedAsync<AssistantRow>(
                    $"""
                    {AssistantRow.Select}
                    WHERE @GraphId IS NULL OR v.graph_id = @GraphId
                    ORDER BY {ColumnOf(query.OrderBy)} {DirectionOf(query)}, a.assistant_id {DirectionOf(query)}
                    """,
                    new { GraphId = query.GraphId is { } graph ? database.Stored(graph.Value) : null });
                await foreach (var row in rows.WithCancellation(cancellationToken))
                {
                    var assistant = row.ToAssistant(database);
                    if (!query.Matches(assistant))
                        continue; // The depths of metadata, and letters beyond ASCII, are not for SQL.
                    if (total >= query.Offset && found.Count < query.Limit)
                        found.Add(assistant);
                    total++;
                }

                return new AssistantPage(found.ToImmutable(), total);
            },
            cancellationToken);

    /// <inheritdoc />
    public Task<ImmutableArray<AssistantVersion>> ReadVersionsAsync(
        AssistantId id, CancellationToken cancellationToken) =>
        database.ReadAsync<ImmutableArray<AssistantVersion>>(
            async connection =>
            {
                var rows = await connection.QueryAsync<AssistantRow>(new CommandDefinition(
                    """
                    SELECT v.version AS Version, v.graph_id AS GraphId, v.name AS Name, v.description AS Description,
                           v.config AS Config, v.context AS Context, v.metadata AS Metadata, v.created_at AS VersionAt
                    FROM assistant_version v
                    WHERE v.assistant_id = @Id
                    ORDER BY v.version DESC
                    """,
                    new { Id = $"{id}" },
                    cancellationToken: cancellationToken));
                return [.. rows.Select(row => row.ToVersion(database))];
            },
            cancellationToken);

    /// <inheritdoc />
    public Task<Assistant?> PatchAsync(
        AssistantId id, AssistantPatch patch, DateTimeOffset now, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
            async transaction =>
            {
                if (await FindAsync(transaction.Connection!, id, transaction) is not { } assistant)
                    return null;

                var newest = await transaction.Connection!.ExecuteScalarAsync<int>(
                    "SELECT max(version) FROM assistant_version WHERE assistant_id = @Id",
                    new { Id = $"{id}" },
                    transaction);
                var version = patch.Over(assistant.Current, newest + 1, now);
                await AddVersionAsync(transaction, id, version);
                await UseAsync(transaction, id, version.Number, now);
                return assistant with { Current = version, UpdatedAt = now };
            },
            cancellationToken);

    /// <inheritdoc />
    public Task<Assistant?> UseVersionAsync(
        AssistantId id, int number, DateTimeOffset now, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
            async transaction => await UseAsync(transaction, id, number, now)
                ? await FindAsync(transaction.Connection!, id, transaction)
                : null,
            cancellationToken);

    /// <inheritdoc />
    public Task<bool> DeleteAsync(AssistantId id, CancellationToken cancellationToken) =>
        ChangeAsync(
            id,
            async transaction =>
            {
                var named = new { Id = $"{id}" };
                await transaction.Connection!.ExecuteAsync(
                    "DELETE FROM assistant_version WHERE assistant_id = @Id", named, transaction);
                return await transaction.Connection!.ExecuteAsync(
                    "DELETE FROM assistant WHERE assistant_id = @Id", named, transaction) > 0;
            },
            cancellationToken);

    /// <summary>Changes an assistant that nobody else changes meanwhile: what is read is what is changed.</summary>
    private Task<T> ChangeAsync<T>(
        AssistantId id, Func<DbTransaction, Task<T>> change, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            async transaction =>
            {
                // By a statement of its own: what comes after sees all that those before in the queue wrote.
                await transaction.Connection!.ExecuteAsync(
                    $"SELECT 1 FROM assistant WHERE assistant_id = @Id {database.ForUpdate}",
                    new { Id = $"{id}" },
                    transaction);
                return await change(transaction);
            },
            cancellationToken);

    private async Task<Assistant?> FindAsync(DbConnection connection, AssistantId id, DbTransaction? transaction)
    {
        var row = await connection.QuerySingleOrDefaultAsync<AssistantRow>(
            $"{AssistantRow.Select} WHERE a.assistant_id = @Id", new { Id = $"{id}" }, transaction);
        return row?.ToAssistant(database);
    }

    private Task AddVersionAsync(DbTransaction transaction, AssistantId id, AssistantVersion version) =>
        transaction.Connection!.ExecuteAsync(
            """
            INSERT INTO assistant_version
                (assistant_id, version, graph_id, name, description, config, context, metadata, created_at)
            VALUES (@Id, @Number, @GraphId, @Name, @Description, @Config, @Context, @Metadata, @CreatedAt)
            """,
            new
            {
                Id = $"{id}",
                version.Number,
                GraphId = database.Stored(version.GraphId.Value),
                Name = database.Stored(version.Name),
                Description = version.Description is { } description ? database.Stored(description) : null,
                Config = version.Config.GetRawText(),
                Context = version.Context.GetRawText(),
                Metadata = JsonMaps.Text(version.Metadata),
                CreatedAt = SqlTime.Text(version.CreatedAt),
            },
            transaction);

    /// <summary>Makes a version the current one; false when there is no such version.</summary>
    private static async Task<bool> UseAsync(
        DbTransaction transaction, AssistantId id, int number, DateTimeOffset now) =>
        await transaction.Connection!.ExecuteAsync(
            """
            UPDATE assistant SET version = @number, updated_at = @now
            WHERE assistant_id = @id
              AND EXISTS (SELECT 1 FROM assistant_version WHERE assistant_id = @id AND version = @number)
            """,
            new { id = $"{id}", number, now = SqlTime.Text(now) },
            transaction) > 0;

    // Named here and not taken from outside, so that no text of a client gets into the statement.
    private static string ColumnOf(AssistantOrder order) => order switch
    {
        AssistantOrder.UpdatedAt => "a.updated_at",
        AssistantOrder.AssistantId => "a.assistant_id",
        AssistantOrder.GraphId => "v.graph_id",
        AssistantOrder.Name => "v.name",
        _ => "a.created_at",
    };

    private static string DirectionOf(AssistantQuery query) => query.Ascending ? "ASC" : "DESC";
}
