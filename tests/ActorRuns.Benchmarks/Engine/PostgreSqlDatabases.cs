using ActorRuns.Engine.Tests.Persistence;
using Npgsql;

namespace ActorRuns.Benchmarks.Engine;

/// <summary>Databases on a server of our own.</summary>
/// <param name="server">The server; whoever started it ends it.</param>
internal sealed class PostgreSqlDatabases(PostgreSqlServer server) : IDatabases
{
    public IDatabase Create(string name)
    {
        server.Execute($"create database {name}");
        return new Database(server.ConnectionString(name));
    }

    private sealed class Database(string connectionString) : IDatabase
    {
        public string Kind => "PostgreSQL";

        public string Hocon => JournalHocon.For("PostgreSQL.15", connectionString);

        // The default of akka.persistence.journal.sql.parallelism.
        public int Writers => 3;

        public IRawConnection Connect() => new Connection($"{connectionString};Pooling=False");
    }

    private sealed class Connection : IRawConnection
    {
        private readonly NpgsqlConnection _connection;
        private readonly NpgsqlCommand _insert;
        private readonly NpgsqlParameter<long> _created = new() { ParameterName = "created" };
        private readonly NpgsqlParameter<string[]> _ids = new() { ParameterName = "ids" };
        private readonly NpgsqlParameter<long[]> _numbers = new() { ParameterName = "numbers" };
        private readonly NpgsqlParameter<byte[][]> _messages = new() { ParameterName = "messages" };

        public Connection(string connectionString)
        {
            _connection = new NpgsqlConnection(connectionString);
            _connection.Open();
            _insert = _connection.CreateCommand();
            _insert.CommandText =
                """
                insert into journal
                    (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
                select @created, false, id, number, message, '', @serializer, @writer
                from unnest(@ids, @numbers, @messages) as event (id, number, message)
                """;
            _ids.TypedValue = [];
            _numbers.TypedValue = [];
            _messages.TypedValue = [];
            foreach (var parameter in (NpgsqlParameter[])[_created, _ids, _numbers, _messages])
                _insert.Parameters.Add(parameter);
            _insert.Parameters.AddWithValue("serializer", RawEvent.SerializerId);
            _insert.Parameters.AddWithValue("writer", RawEvent.Writer);
            _insert.Prepare();
        }

        public void Insert(IReadOnlyList<RawEvent> rows)
        {
            _created.TypedValue = RawEvent.Now;
            _ids.TypedValue = [.. rows.Select(row => row.PersistenceId)];
            _numbers.TypedValue = [.. rows.Select(row => row.SequenceNr)];
            _messages.TypedValue = [.. rows.Select(_ => RawEvent.Payload)];
            _insert.ExecuteNonQuery();
        }

        public void Dispose()
        {
            _insert.Dispose();
            _connection.Dispose();
        }
    }
}
