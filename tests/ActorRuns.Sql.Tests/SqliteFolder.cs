using Microsoft.Data.Sqlite;

namespace ActorRuns.Sql.Tests;

/// <summary>A folder for one test's database; deleted with all that is in it.</summary>
internal sealed class SqliteFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorruns-sql-");

    /// <summary>The database's file.</summary>
    public string File => Path.Combine(_folder.FullName, "index.db");

    public void Dispose()
    {
        using (var connection = new SqliteConnection($"Data Source={File}"))
            SqliteConnection.ClearPool(connection); // A pooled connection holds the file open.
        _folder.Delete(recursive: true);
    }
}
