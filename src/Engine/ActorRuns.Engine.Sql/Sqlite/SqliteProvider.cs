using Akka.Persistence.Sql.Store;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Akka.Persistence.Sql.Sqlite;

/// <summary>An SQLite file in WAL mode: one connection writes, the others read beside it.</summary>
internal sealed class SqliteProvider : SqlProvider
{
    private const int Busy = 5;
    private const int ReadOnly = 8;
    private const int Full = 13;
    private const int TooBig = 18;
    private const int Constraint = 19;
    private const int PrimaryKey = 1555;
    private const int UniqueKey = 2067;

    private readonly SqliteConnectionStringBuilder _settings;
    private readonly string _pragmas;

    static SqliteProvider() => Batteries_V2.Init();

    /// <param name="options">Its synchronous mode is one of SQLite's words.</param>
    public SqliteProvider(SqlOptions options)
    {
        _settings = new SqliteConnectionStringBuilder(options.ConnectionString)
        {
            // A pool would keep the file open after the system has ended.
            Pooling = false,
            // The driver's own wait for a lock, in seconds: it is coarser than SQLite's and would come on top of it.
            DefaultTimeout = 1,
        };
        _pragmas =
            $"""
            pragma busy_timeout = {(long)options.CallTimeout.TotalMilliseconds};
            pragma journal_mode = wal;
            pragma synchronous = {options.Synchronous};
            """;
    }

    public override int Writers => 1;

    public override SqlSession Open()
    {
        var connection = new SqliteConnection(_settings.ConnectionString);
        try
        {
            connection.Open();
            using var pragmas = connection.CreateCommand();
#pragma warning disable CA2100 // A number and a word that was checked.
            pragmas.CommandText = _pragmas;
#pragma warning restore CA2100
            pragmas.ExecuteNonQuery();
            return new SqliteSession(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public override bool IsRefusal(Exception failure) =>
        failure is SqliteException { SqliteErrorCode: Constraint or TooBig };

    public override bool IsDuplicate(Exception failure) =>
        failure is SqliteException { SqliteExtendedErrorCode: UniqueKey or PrimaryKey };

    public override string Explain(Exception failure)
    {
        var what = (failure as SqliteException)?.SqliteErrorCode switch
        {
            Busy => "is locked by another process for too long",
            ReadOnly => "is read-only",
            Full => "cannot grow: the disk is full",
            _ => "failed",
        };
        return $"The SQLite database '{_settings.DataSource}' {what}. {failure.Message}";
    }
}
