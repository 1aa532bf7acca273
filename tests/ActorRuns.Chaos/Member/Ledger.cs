using Npgsql;

namespace ActorRuns.Chaos.Member;

/// <summary>What tools did to the world: a table of its own, of which the runtime knows nothing.</summary>
internal sealed class Ledger(string connectionString)
{
    /// <summary>Makes the table.</summary>
    public async Task CreateAsync()
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(
            """
            create table ledger (
                place bigserial primary key,
                tool text not null,
                idempotency_key text not null,
                thread_id text not null,
                attempt int not null
            )
            """);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Writes that a tool has done what it does.</summary>
    /// <exception cref="NpgsqlException">The database is away. Whether it is written is not known then.</exception>
    public async Task WriteAsync(LedgerRow row, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            "insert into ledger (tool, idempotency_key, thread_id, attempt) values ($1, $2, $3, $4)", connection)
        {
            Parameters =
            {
                new() { Value = row.Tool },
                new() { Value = row.IdempotencyKey },
                new() { Value = row.ThreadId },
                new() { Value = row.Attempt },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>All that was done.</summary>
    public async Task<IReadOnlyList<LedgerRow>> ReadAsync()
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(
            "select tool, idempotency_key, thread_id, attempt from ledger order by place");
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<LedgerRow>();
        while (await reader.ReadAsync())
            rows.Add(new LedgerRow(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3)));
        return rows;
    }
}

/// <summary>One thing that a tool did.</summary>
/// <param name="Tool">Which tool.</param>
/// <param name="IdempotencyKey">The key of the call.</param>
/// <param name="ThreadId">For which conversation.</param>
/// <param name="Attempt">In which try at its run.</param>
internal sealed record LedgerRow(string Tool, string IdempotencyKey, string ThreadId, int Attempt);
