using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json;
using ActorRuns.Json;
using ActorRuns.Threads;
using Dapper;

namespace ActorRuns.Sql;

/// <summary>
/// Finds threads in the index. What SQL can tell it tells; the depths of metadata are looked into row by row.
/// </summary>
internal static class SqlThreadSearch
{
    /// <summary>Finds a page of threads, and counts all that match.</summary>
    public static Task<ThreadPage> RunAsync(
        DbConnection connection, SqlDatabase database, ThreadQuery query, CancellationToken cancellationToken)
    {
        var where = $"""
            WHERE (@Status IS NULL OR status = @Status)
              AND (@Ids IS NULL OR thread_id IN ({database.RowsOf("@Ids")}))
            """;
        var parameters = new DynamicParameters();
        parameters.Add("Status", query.Status is { } status ? JsonNames.Of(status) : null, System.Data.DbType.String);
        parameters.Add("Ids", query.Ids.IsEmpty ? null : ListOf(query.Ids), System.Data.DbType.String);
        return query.Metadata.ValueKind is JsonValueKind.Undefined
            ? PageAsync(connection, where, parameters, query, cancellationToken)
            : SiftAsync(connection, database, where, parameters, query, cancellationToken);
    }

    /// <summary>All that is asked SQL can tell: it counts, and hands over no more than the page.</summary>
    private static async Task<ThreadPage> PageAsync(
        DbConnection connection,
        string where,
        DynamicParameters parameters,
        ThreadQuery query,
        CancellationToken cancellationToken)
    {
        parameters.Add("Limit", query.Limit ?? int.MaxValue);
        parameters.Add("Offset", query.Offset);
        var total = await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            $"SELECT count(*) FROM thread_index {where}", parameters, cancellationToken: cancellationToken));
        var ids = await connection.QueryAsync<string>(new CommandDefinition(
            $"SELECT thread_id FROM thread_index {where} {OrderOf(query)} LIMIT @Limit OFFSET @Offset",
            parameters,
            cancellationToken: cancellationToken));
        return new ThreadPage([.. ids.Select(SqlThreadIndex.Parse)], total);
    }

    private static async Task<ThreadPage> SiftAsync(
        DbConnection connection,
        SqlDatabase database,
        string where,
        DynamicParameters parameters,
        ThreadQuery query,
        CancellationToken cancellationToken)
    {
        var found = ImmutableArray.CreateBuilder<ThreadId>();
        var total = 0;
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(
            $"""
            SELECT thread_id, metadata
            FROM thread_index
            {where} {database.Sift(query.Metadata, parameters)}
            {OrderOf(query)}
            """,
            parameters,
            cancellationToken: cancellationToken));
        while (await reader.ReadAsync(cancellationToken))
        {
            if (!JsonContainment.Contains(JsonElement.Parse(reader.GetString(1)), query.Metadata))
                continue;
            if (total >= query.Offset && (query.Limit is not { } limit || found.Count < limit))
                found.Add(SqlThreadIndex.Parse(reader.GetString(0)));
            total++;
        }

        return new ThreadPage(found.ToImmutable(), total);
    }

    private static string OrderOf(ThreadQuery query) =>
        $"ORDER BY {ColumnOf(query.OrderBy)} {DirectionOf(query)}, thread_id {DirectionOf(query)}";

    // Named here and not taken from outside, so that no text of a client gets into the statement.
    private static string ColumnOf(ThreadOrder order) => order switch
    {
        ThreadOrder.UpdatedAt => "updated_at",
        ThreadOrder.ThreadId => "thread_id",
        ThreadOrder.Status => "status",
        _ => "created_at",
    };

    private static string DirectionOf(ThreadQuery query) => query.Ascending ? "ASC" : "DESC";

    private static string ListOf(ImmutableArray<ThreadId> ids) =>
        $"[{string.Join(',', ids.Select(id => $"\"{id}\""))}]";
}
