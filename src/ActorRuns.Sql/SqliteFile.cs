using Dapper;
using Microsoft.Data.Sqlite;

namespace ActorRuns.Sql;

/// <summary>A database file whose tables are the only place of what they hold; it may have other tables too.</summary>
/// <param name="file">The file.</param>
internal sealed class SqliteFile(string file)
{
    private readonly string _connection = new SqliteConnectionStringBuilder { DataSource = file }.ToString();

    /// <summary>Makes what the statements make, if it is not there.</summary>
    /// <exception cref="SqliteException">The file cannot be written, or is no database.</exception>
    public async Task PrepareAsync(string statements, CancellationToken cancellationToken)
    {
        SQLitePCL.Batteries_V2.Init();
        await using var connection = await OpenAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition($"PRAGMA journal_mode = WAL; {statements}", cancellationToken: cancellationToken));
    }

    /// <summary>Opens a connection whose commits are on the disk when they return.</summary>
    public async Task<SqliteConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(_connection);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await connection.ExecuteAsync("PRAGMA synchronous = FULL"); // Who had it before may have asked for less.
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
