using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace ActorRuns.Sql;

/// <summary>An SQLite file, which may have other tables too.</summary>
public sealed class SqliteDatabase : SqlDatabase
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Full = 13;
    private const int CannotOpen = 14;

    private readonly string _connection;
    private readonly string _synchronous;

    private SqliteDatabase(string file, bool durable)
        : base(file)
    {
        _connection = new SqliteConnectionStringBuilder { DataSource = file }.ToString();
        _synchronous = durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL";
    }

    internal override string ForUpdate => ""; // A transaction that writes has the file for itself.

    internal override string SweepItems => "DELETE FROM store_item WHERE expires_at <= @Now";

    /// <summary>Opens the file for assistants, crons and items, and makes their tables if they are not there.</summary>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Gives up the opening.</param>
    /// <exception cref="SqliteException">The file cannot be written, or is no database.</exception>
    public static Task<SqliteDatabase> OpenAsync(string file, CancellationToken cancellationToken) =>
        OpenAsync(file, durable: true, SqliteTables.Catalog, cancellationToken);

    /// <inheritdoc />
    public override ValueTask DisposeAsync()
    {
        using var connection = new SqliteConnection(_connection);
        SqliteConnection.ClearPool(connection); // A pooled connection holds the file open.
        return ValueTask.CompletedTask;
    }

    /// <param name="file">The file.</param>
    /// <param name="durable">False when what is in it can be made again.</param>
    /// <param name="tables">Makes the tables that are not there.</param>
    /// <param name="cancellationToken">Gives up the opening.</param>
    internal static async Task<SqliteDatabase> OpenAsync(
        string file, bool durable, string tables, CancellationToken cancellationToken)
    {
        SQLitePCL.Batteries_V2.Init();
        var database = new SqliteDatabase(file, durable);
        await using var connection = await database.ConnectAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition($"PRAGMA journal_mode = WAL; {tables}", cancellationToken: cancellationToken));
        return database;
    }

    internal override async Task<DbConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(_connection);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await connection.ExecuteAsync(_synchronous); // Who had it before may have asked for less.
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    internal override bool IsUnavailable(DbException fault) => fault is SqliteException
    {
        SqliteErrorCode: Busy or Locked or ReadOnly or InputOutput or Full or CannotOpen,
    };

    internal override string RowsOf(string jsonParameter) => $"SELECT value FROM json_each({jsonParameter})";
}
