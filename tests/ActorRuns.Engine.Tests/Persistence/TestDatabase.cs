using System.Data.Common;

namespace ActorRuns.Engine.Tests.Persistence;

/// <summary>A database of one test: new when it begins, gone when it ends.</summary>
public abstract class TestDatabase : IDisposable
{
    public abstract string ConnectionString { get; }

    public abstract string ProviderName { get; }

    /// <summary>How a connection keeps all others from writing events until it rolls back.</summary>
    protected abstract string Lock { get; }

    /// <summary>The configuration of journal and snapshot store, with more lines for the journal's section.</summary>
    public string Hocon(string journal = "") => $$"""
        akka.persistence {
            journal.plugin = "akka.persistence.journal.sql"
            journal.sql {
                class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
                connection-string = "{{ConnectionString}}"
                provider-name = "{{ProviderName}}"
                {{journal}}
            }
            snapshot-store.plugin = "akka.persistence.snapshot-store.sql"
            snapshot-store.sql {
                class = "Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql"
                connection-string = "{{ConnectionString}}"
                provider-name = "{{ProviderName}}"
            }
        }

        """;

    /// <summary>The rows of a query, with their values as text and spaces between them.</summary>
    public List<string> Query(string sql)
    {
        using var connection = Open();
        using var command = Command(connection, sql);
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        var values = new object[reader.FieldCount];
        while (reader.Read())
        {
            reader.GetValues(values);
            rows.Add(string.Join(' ', values));
        }

        return rows;
    }

    public void Execute(string sql)
    {
        using var connection = Open();
        using var command = Command(connection, sql);
        command.ExecuteNonQuery();
    }

    /// <summary>Lets no event be written until it is disposed of.</summary>
    public IDisposable HoldWrites()
    {
        var connection = Open();
        using var command = Command(connection, Lock);
        command.ExecuteNonQuery();
        return connection;
    }

    public void Dispose()
    {
        Drop();
        GC.SuppressFinalize(this);
    }

    protected abstract DbConnection NewConnection();

    protected abstract void Drop();

    private static DbCommand Command(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own texts.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    private DbConnection Open()
    {
        var connection = NewConnection();
        connection.Open();
        return connection;
    }
}
