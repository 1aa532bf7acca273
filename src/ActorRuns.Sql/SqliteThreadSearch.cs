using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Json;
using ActorRuns.Threads;
using Dapper;
using Microsoft.Data.Sqlite;

namespace ActorRuns.Sql;

/// <summary>Finds threads in the index. What SQL can tell it tells; the depths of metadata are looked into row by row.</summary>
internal static class SqliteThreadSearch
{
    /// <summary>Finds a page of threads, and counts all that match.</summary>
    public static async Task<ThreadPage> RunAsync(
        SqliteConnection connection, ThreadQuery query, CancellationToken cancellationToken)
    {
        var found = ImmutableArray.CreateBuilder<ThreadId>();
        var total = 0;
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(
            $"""
            SELECT thread_id, metadata
            FROM thread_index
            WHERE (@Status IS NULL OR status = @Status)
              AND (@Ids IS NULL OR thread_id IN (SELECT value FROM json_each(@Ids)))
            ORDER BY {ColumnOf(query.OrderBy)} {DirectionOf(query)}, thread_id {DirectionOf(query)}
            """,
            new
            {
                Status = query.Status is { } status ? JsonNames.Of(status) : null,
                Ids = query.Ids.IsEmpty ? null : ListOf(query.Ids),
            },
            cancellationToken: cancellationToken));
        while (await reader.ReadAsync(cancellationToken))
        {
            if (query.Metadata.ValueKind is not JsonValueKind.Undefined
                && !JsonContainment.Contains(JsonElement.Parse(reader.GetString(1)), query.Metadata))
            {
                continue;
            }

            if (total >= query.Offset && (query.Limit is not { } limit || found.Count < limit))
                found.Add(SqliteThreadIndex.Parse(reader.GetString(0)));
            total++;
        }

        return new ThreadPage(found.ToImmutable(), total);
    }

    // Named here and not taken from outside, so that no text of a client gets into the statement.
    private static string ColumnOf(ThreadOrder order) => order switch
    {
        ThreadOrder.UpdatedAt => "updated_at",
        ThreadOrder.ThreadId => "thread_id",
        ThreadOrder.Status => "status",
        _ => "created_at",
    };

    private static string DirectionOf(ThreadQuery query) => query.Ascending ? "ASC" : "DESC";

    private static string ListOf(ImmutableArray<ThreadId> ids) => $"[{string.Join(',', ids.Select(id => $"\"{id}\""))}]";
}
