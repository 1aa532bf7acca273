namespace ActorRuns.Sql.Tests;

/// <summary>A folder for one test's database; deleted with all that is in it.</summary>
internal sealed class SqliteFolder
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorruns-sql-");
    private readonly List<SqliteDatabase> _opened = [];

    /// <summary>The database's file.</summary>
    public string File => Path.Combine(_folder.FullName, "catalog.db");

    /// <summary>Another file of the folder.</summary>
    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Opens the database; closed with the folder.</summary>
    public async Task<SqliteDatabase> OpenAsync()
    {
        var database = await SqliteDatabase.OpenAsync(File, CancellationToken.None);
        _opened.Add(database);
        return database;
    }

    public async Task RemoveAsync()
    {
        foreach (var database in _opened)
            await database.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
