using Microsoft.Data.Sqlite;

namespace ActorRuns.Benchmarks.Engine;

/// <summary>SQLite files in a folder of their own, which is gone when this is disposed.</summary>
internal sealed class SqliteFiles : IDatabases, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorruns-bench-");

    public SqliteFiles() => SQLitePCL.Batteries_V2.Init();

    public IDatabase Create(string name) => new Database($"Data Source={Path.Combine(_folder.FullName, name)}.db");

    public void Dispose() => _folder.Delete(recursive: true);

    private sealed class Database(string connectionString) : IDatabase
    {
        public string Kind => "SQLite";

        public string Hocon => JournalHocon.For("SQLite.MS", connectionString);

        public int Writers => 1;

        public IRawConnection Connect() => new Connection($"{connectionString};Pooling=False");
    }

    private sealed class Connection : IRawConnection
    {
        private readonly SqliteConnection _connection;
        private readonly SqliteCommand _insert;
        private readonly SqliteParameter _created;
        private readonly SqliteParameter _id;
        private readonly SqliteParameter _number;

        public Connection(string connectionString)
        {
            _connection = new SqliteConnection(connectionString);
            _connection.Open();
            using var pragmas = _connection.CreateCommand();
            pragmas.CommandText = "pragma journal_mode = wal; pragma synchronous = full;";
            pragmas.ExecuteNonQuery();

            _insert = _connection.CreateCommand();
            _insert.CommandText =
                """
                insert into journal
                    (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
                values (@created, false, @id, @number, @message, '', @serializer, @writer)
                """;
            _created = _insert.Parameters.Add("@created", SqliteType.Integer);
            _id = _insert.Parameters.Add("@id", SqliteType.Text);
            _number = _insert.Parameters.Add("@number", SqliteType.Integer);
            _insert.Parameters.AddWithValue("@message", RawEvent.Payload);
            _insert.Parameters.AddWithValue("@serializer", RawEvent.SerializerId);
            _insert.Parameters.AddWithValue("@writer", RawEvent.Writer);
            _insert.Prepare();
        }

        public void Insert(IReadOnlyList<RawEvent> rows)
        {
            using var transaction = _connection.BeginTransaction();
            _insert.Transaction = transaction;
            _created.Value = RawEvent.Now;
            foreach (var (id, number) in rows)
            {
                _id.Value = id;
                _number.Value = number;
                _insert.ExecuteNonQuery();
            }

            transaction.Commit();
        }

        public void Dispose()
        {
            _insert.Dispose();
            _connection.Dispose();
        }
    }
}
