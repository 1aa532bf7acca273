using System.Collections.Immutable;
using System.Data.Common;
using ActorRuns.Assistants;
using ActorRuns.Json;
using Dapper;
using Microsoft.Data.Sqlite;

namespace ActorRuns.Sql;

/// <summary>Keeps assistants in an SQLite file; what a method has answered is on the disk.</summary>
public sealed class SqliteAssistantStore : IAssistantStore
{
    private readonly SqliteFile _file;

    private SqliteAssistantStore(SqliteFile file) => _file = file;

    /// <summary>Opens the store, and makes its tables if they are not there.</summary>
    /// <param name="file">The file; it may hold other tables too.</param>
    /// <param name="cancellationToken">Gives up the opening.</param>
    /// <exception cref="SqliteException">The file cannot be written, or is no database.</exception>
    public static async Task<SqliteAssistantStore> OpenAsync(string file, CancellationToken cancellationToken)
    {
        var database = new SqliteFile(file);
        await database.PrepareAsync(
            """
            CREATE TABLE IF NOT EXISTS assistant (
                assistant_id TEXT NOT NULL PRIMARY KEY,
                version INTEGER NOT NULL,
                created_at TEXT NOT NULL,
                updated_at TEXT NOT NULL
            ) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS assistant_version (
                assistant_id TEXT NOT NULL,
                version INTEGER NOT NULL,
                graph_id TEXT NOT NULL,
                name TEXT NOT NULL,
                description TEXT NULL,
                config TEXT NOT NULL,
                context TEXT NOT NULL,
                metadata TEXT NOT NULL,
                created_at TEXT NOT NULL,
                PRIMARY KEY (assistant_id, version)
            ) WITHOUT ROWID;
            """,
            cancellationToken);
        return new SqliteAssistantStore(database);
    }

    /// <inheritdoc />
    public async Task<bool> AddAsync(Assistant assistant, CancellationToken cancellationToken)
    {
        await using var connection = await _file.OpenAsync(cancellationToken);
        await using var transaction = await BeginAsync(connection);
        var added = await connection.ExecuteAsync(
            """
            INSERT INTO assistant (assistant_id, version, created_at, updated_at)
            VALUES (@Id, @Number, @CreatedAt, @UpdatedAt)
            ON CONFLICT (assistant_id) DO NOTHING
            """,
            new
            {
                Id = $"{assistant.Id}",
                assistant.Current.Number,
                CreatedAt = SqliteTime.Text(assistant.CreatedAt),
                UpdatedAt = SqliteTime.Text(assistant.UpdatedAt),
            },
            transaction);
        if (added is 0)
            return false;

        await AddVersionAsync(transaction, assistant.Id, assistant.Current);
        await transaction.CommitAsync(CancellationToken.None);
        return true;
    }

    /// <inheritdoc />
    public async Task<Assistant?> FindAsync(AssistantId id, CancellationToken cancellationToken)
    {
        await using var connection = await _file.OpenAsync(cancellationToken);
        return await FindAsync(connection, id, transaction: null);
    }

    /// <inheritdoc />
    public async Task<AssistantPage> SearchAsync(AssistantQuery query, CancellationToken cancellationToken)
    {
        var found = ImmutableArray.CreateBuilder<Assistant>();
        var total = 0;
        await using var connection = await _file.OpenAsync(cancellationToken);
        var rows = connection.QueryUnbufferedAsync<AssistantRow>(
            $"""
            {AssistantRow.Select}
            WHERE @GraphId IS NULL OR v.graph_id = @GraphId
            ORDER BY {ColumnOf(query.OrderBy)} {DirectionOf(query)}, a.assistant_id {DirectionOf(query)}
            """,
            new { GraphId = query.GraphId?.Value });
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            var assistant = row.ToAssistant();
            if (!query.Matches(assistant))
                continue; // The depths of metadata, and letters beyond ASCII, are not for SQL.
            if (total >= query.Offset && found.Count < query.Limit)
                found.Add(assistant);
            total++;
        }

        return new AssistantPage(found.ToImmutable(), total);
    }

    /// <inheritdoc />
    public async Task<ImmutableArray<AssistantVersion>> ReadVersionsAsync(
        AssistantId id, CancellationToken cancellationToken)
    {
        await using var connection = await _file.OpenAsync(cancellationToken);
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
        return [.. rows.Select(row => row.ToVersion())];
    }

    /// <inheritdoc />
    public async Task<Assistant?> PatchAsync(
        AssistantId id, AssistantPatch patch, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await _file.OpenAsync(cancellationToken);
        await using var transaction = await BeginAsync(connection);
        if (await FindAsync(connection, id, transaction) is not { } assistant)
            return null;

        var newest = await connection.ExecuteScalarAsync<int>(
            "SELECT max(version) FROM assistant_version WHERE assistant_id = @Id", new { Id = $"{id}" }, transaction);
        var version = patch.Over(assistant.Current, newest + 1, now);
        await AddVersionAsync(transaction, id, version);
        await UseAsync(transaction, id, version.Number, now);
        await transaction.CommitAsync(CancellationToken.None);
        return assistant with { Current = version, UpdatedAt = now };
    }

    /// <inheritdoc />
    public async Task<Assistant?> UseVersionAsync(
        AssistantId id, int number, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await _file.OpenAsync(cancellationToken);
        await using var transaction = await BeginAsync(connection);
        if (!await UseAsync(transaction, id, number, now))
            return null;

        var changed = await FindAsync(connection, id, transaction);
        await transaction.CommitAsync(CancellationToken.None);
        return changed;
    }

    /// <inheritdoc />
    public async Task<bool> DeleteAsync(AssistantId id, CancellationToken cancellationToken)
    {
        await using var connection = await _file.OpenAsync(cancellationToken);
        await using var transaction = await BeginAsync(connection);
        var named = new { Id = $"{id}" };
        await connection.ExecuteAsync("DELETE FROM assistant_version WHERE assistant_id = @Id", named, transaction);
        var deleted = await connection.ExecuteAsync(
            "DELETE FROM assistant WHERE assistant_id = @Id", named, transaction);
        await transaction.CommitAsync(CancellationToken.None);
        return deleted > 0;
    }

    /// <summary>Begins a write; it has the file for itself, so that what it reads is what it changes.</summary>
    private static ValueTask<DbTransaction> BeginAsync(SqliteConnection connection) =>
        connection.BeginTransactionAsync(CancellationToken.None); // Short, and never half done: not cancelled.

    private static async Task<Assistant?> FindAsync(
        SqliteConnection connection, AssistantId id, DbTransaction? transaction)
    {
        var row = await connection.QuerySingleOrDefaultAsync<AssistantRow>(
            $"{AssistantRow.Select} WHERE a.assistant_id = @Id", new { Id = $"{id}" }, transaction);
        return row?.ToAssistant();
    }

    private static Task AddVersionAsync(DbTransaction transaction, AssistantId id, AssistantVersion version) =>
        transaction.Connection!.ExecuteAsync( // Begun, and not ended yet.
            """
            INSERT INTO assistant_version
                (assistant_id, version, graph_id, name, description, config, context, metadata, created_at)
            VALUES (@Id, @Number, @GraphId, @Name, @Description, @Config, @Context, @Metadata, @CreatedAt)
            """,
            new
            {
                Id = $"{id}",
                version.Number,
                GraphId = version.GraphId.Value,
                version.Name,
                version.Description,
                Config = version.Config.GetRawText(),
                Context = version.Context.GetRawText(),
                Metadata = JsonMaps.Text(version.Metadata),
                CreatedAt = SqliteTime.Text(version.CreatedAt),
            },
            transaction);

    /// <summary>Makes a version the current one; false when there is no such version.</summary>
    private static async Task<bool> UseAsync(
        DbTransaction transaction, AssistantId id, int number, DateTimeOffset now) =>
        await transaction.Connection!.ExecuteAsync( // As above.
            """
            UPDATE assistant SET version = @number, updated_at = @now
            WHERE assistant_id = @id
              AND EXISTS (SELECT 1 FROM assistant_version WHERE assistant_id = @id AND version = @number)
            """,
            new { id = $"{id}", number, now = SqliteTime.Text(now) },
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
