using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace ActorRuns.Engine.Tests.Persistence;

/// <summary>An SQLite file; in memory where the system has files there, since the disk is not what is tested.</summary>
public sealed class SqliteDatabase : TestDatabase
{
    private readonly string _file = Path.Combine(
        Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"engine-{Guid.NewGuid():N}.db");

    public override string ConnectionString => $"Data Source={_file}";

    /// <summary>The same file for connections that may not change it.</summary>
    public string ReadOnlyConnectionString => $"{ConnectionString};Mode=ReadOnly";

    /// <summary>What SQLite keeps beside the file while it is open.</summary>
    public IEnumerable<string> FilesBeside() => new[] { _file + "-wal", _file + "-shm" }.Where(File.Exists);

    public override string ProviderName => "SQLite.MS";

    protected override string Lock => "begin immediate";

    protected override DbConnection NewConnection() => new SqliteConnection($"{ConnectionString};Pooling=False");

    protected override void Drop()
    {
        foreach (var suffix in new[] { "", "-wal", "-shm" })
            File.Delete(_file + suffix);
    }
}
