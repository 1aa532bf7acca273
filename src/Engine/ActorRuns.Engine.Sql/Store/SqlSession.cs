using System.Data.Common;

namespace Akka.Persistence.Sql.Store;

/// <summary>
/// One connection with its prepared statements, used by one thread. Here is the SQL that every provider understands;
/// what is a provider's own is in its class. <c>true</c> and <c>false</c> are 1 and 0 on SQLite.
/// </summary>
internal abstract class SqlSession(DbConnection connection) : IDisposable
{
    private readonly Dictionary<string, DbCommand> _statements = [];

    /// <summary>What is under way; null for none.</summary>
    protected DbTransaction? Transaction { get; private set; }

    /// <summary>Creates the tables and indexes that are not there; outside of a transaction.</summary>
    public abstract void CreateTables();

    /// <summary>Adds events and their tags.</summary>
    public abstract void Append(IReadOnlyList<EventRow> events);

    /// <summary>Adds events and their tags in a transaction of their own.</summary>
    public virtual void AppendAndCommit(IReadOnlyList<EventRow> events)
    {
        Begin();
        Append(events);
        Commit();
    }

    /// <summary>
    /// Begins a transaction. On SQLite it takes the write lock at once: one that read first might never get it.
    /// </summary>
    public void Begin() => Transaction = connection.BeginTransaction();

    public void Commit()
    {
        using var transaction = Transaction;
        Transaction = null;
        transaction?.Commit();
    }

    public void Rollback()
    {
        using var transaction = Transaction;
        Transaction = null;
        transaction?.Rollback();
    }

    /// <summary>Runs the action so that its failure undoes what it did, and no more of the transaction.</summary>
    public void Within(Action action)
    {
        Execute("savepoint work");
        try
        {
            action();
        }
        catch
        {
            Execute("rollback to savepoint work");
            Execute("release savepoint work");
            throw;
        }

        Execute("release savepoint work");
    }

    /// <summary>The highest number an event of the id ever had; 0 without events.</summary>
    public long ReadHighestSequenceNr(string persistenceId)
    {
        using var reader = Query(
            "select coalesce(max(sequence_number), 0) from journal where persistence_id = @id",
            ("id", persistenceId));
        reader.Read();
        return reader.GetInt64(0);
    }

    /// <summary>Hands the events of the range over one by one, in order, as they come from the database.</summary>
    public void ReadEvents(in EventRange range, Action<EventRow> handle)
    {
        using var reader = Query(
            """
            select sequence_number, created, message, manifest, identifier, writer_uuid
            from journal
            where persistence_id = @id and sequence_number between @from and @to and deleted = false
            order by sequence_number
            limit @max
            """,
            ("id", range.PersistenceId), ("from", range.From), ("to", range.To), ("max", range.Max));
        while (reader.Read())
            handle(new EventRow(
                range.PersistenceId,
                SequenceNr: reader.GetInt64(0),
                CreatedTicks: reader.GetInt64(1),
                Message: reader.GetFieldValue<byte[]>(2),
                Manifest: TextOrEmpty(reader, 3),
                SerializerId: reader.IsDBNull(4) ? 0 : reader.GetInt32(4),
                WriterUuid: TextOrEmpty(reader, 5),
                Tags: []));
    }

    /// <summary>
    /// Removes the events up to the number. The highest one of the id is only marked, since it holds the number to go
    /// on from.
    /// </summary>
    public void DeleteEvents(string persistenceId, long toSequenceNr)
    {
        Execute(
            "delete from tags where persistence_id = @id and sequence_nr <= @to",
            ("id", persistenceId), ("to", toSequenceNr));
        Execute(
            """
            delete from journal
            where persistence_id = @id and sequence_number <= @to
                and sequence_number < (select max(sequence_number) from journal where persistence_id = @id)
            """,
            ("id", persistenceId), ("to", toSequenceNr));
        // What is left up to the number can only be the highest.
        Execute(
            "update journal set deleted = true where persistence_id = @id and sequence_number <= @to",
            ("id", persistenceId), ("to", toSequenceNr));
    }

    /// <summary>Saves a snapshot, in the place of one with the same number if there is one.</summary>
    public void SaveSnapshot(in SnapshotRow row) => Execute(
        """
        insert into snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id)
        values (@id, @nr, @created, @snapshot, @manifest, @serializer)
        on conflict (persistence_id, sequence_number) do update set
            created = excluded.created, snapshot = excluded.snapshot,
            manifest = excluded.manifest, serializer_id = excluded.serializer_id
        """,
        ("id", row.PersistenceId), ("nr", row.SequenceNr), ("created", row.CreatedTicks), ("snapshot", row.Snapshot),
        ("manifest", row.Manifest), ("serializer", row.SerializerId));

    /// <summary>The snapshot with the highest number in the range, or null.</summary>
    public SnapshotRow? ReadLatestSnapshot(in SnapshotRange range)
    {
        using var reader = Query(
            """
            select sequence_number, created, snapshot, manifest, serializer_id
            from snapshot
            where persistence_id = @id and sequence_number between @minNr and @maxNr
                and created between @minCreated and @maxCreated
            order by sequence_number desc
            limit 1
            """,
            Parameters(range));
        return reader.Read()
            ? new SnapshotRow(
                range.PersistenceId,
                SequenceNr: reader.GetInt64(0),
                CreatedTicks: reader.GetInt64(1),
                Snapshot: reader.IsDBNull(2) ? [] : reader.GetFieldValue<byte[]>(2),
                Manifest: TextOrEmpty(reader, 3),
                SerializerId: reader.IsDBNull(4) ? 0 : reader.GetInt32(4))
            : null;
    }

    /// <summary>Removes the snapshots in the range.</summary>
    public void DeleteSnapshots(in SnapshotRange range) => Execute(
        """
        delete from snapshot
        where persistence_id = @id and sequence_number between @minNr and @maxNr
            and created between @minCreated and @maxCreated
        """,
        Parameters(range));

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        Transaction?.Dispose();
        connection.Dispose();
    }

    protected void Execute(string sql, params ReadOnlySpan<(string Name, object Value)> parameters) =>
        Statement(sql, parameters).ExecuteNonQuery();

    /// <summary>Runs one or more statements that are not needed again.</summary>
    protected void ExecuteOnce(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    private DbDataReader Query(string sql, params ReadOnlySpan<(string Name, object Value)> parameters) =>
        Statement(sql, parameters).ExecuteReader();

    /// <summary>The statement, prepared when it is first used, with these values.</summary>
    private DbCommand Statement(string sql, ReadOnlySpan<(string Name, object Value)> parameters)
    {
        if (_statements.TryGetValue(sql, out var statement))
        {
            statement.Transaction = Transaction;
            for (var i = 0; i < parameters.Length; i++)
                statement.Parameters[i].Value = parameters[i].Value;
            return statement;
        }

        statement = Command(sql);
        statement.Transaction = Transaction;
        foreach (var (name, value) in parameters)
        {
            var parameter = statement.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            statement.Parameters.Add(parameter);
        }

        statement.Prepare();
        _statements.Add(sql, statement);
        return statement;
    }

    private DbCommand Command(string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Every text is a literal in this assembly; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    private static (string, object)[] Parameters(in SnapshotRange range) =>
    [
        ("id", range.PersistenceId),
        ("minNr", range.MinSequenceNr),
        ("maxNr", range.MaxSequenceNr),
        ("minCreated", range.MinCreatedTicks),
        ("maxCreated", range.MaxCreatedTicks),
    ];

    private static string TextOrEmpty(DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? "" : reader.GetString(column);
}
