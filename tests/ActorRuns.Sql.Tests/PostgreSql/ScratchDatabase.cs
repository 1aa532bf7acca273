using ActorRuns.Engine.Tests.Persistence;
using Dapper;
using Npgsql;

namespace ActorRuns.Sql.Tests.PostgreSql;

/// <summary>A schema of one test's own on a server: made faster than a database, and gone when it ends.</summary>
internal sealed class ScratchDatabase
{
    private readonly PostgreSqlServer _server;
    private readonly string _name = $"sql_{Guid.NewGuid():N}";
    private readonly List<PostgreSqlDatabase> _opened = [];

    public ScratchDatabase(PostgreSqlServer server)
    {
        _server = server;
        server.Execute($"create schema {_name}");
    }

    public string ConnectionString => $"{_server.ConnectionString("postgres")};Search Path={_name}";

    /// <summary>Opens it, as each member does; closed with it.</summary>
    public async Task<PostgreSqlDatabase> OpenAsync()
    {
        var database = await PostgreSqlDatabase.OpenAsync(ConnectionString, CancellationToken.None);
        _opened.Add(database);
        return database;
    }

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = new NpgsqlConnection($"{ConnectionString};Pooling=False");
        return [.. await connection.QueryAsync<T>(sql, parameters)];
    }

    public async Task RemoveAsync()
    {
        foreach (var database in _opened)
            await database.DisposeAsync();
        _server.Execute($"drop schema {_name} cascade");
    }
}
