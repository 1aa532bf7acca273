using Akka.Persistence.Sql.Store;
using Microsoft.Data.Sqlite;

namespace Akka.Persistence.Sql.Sqlite;

/// <summary>A connection to an SQLite file in WAL mode: one writes, the others read beside it.</summary>
internal sealed class SqliteSession : SqlSession
{
    private readonly SqliteCommand _insert;

    public SqliteSession(SqliteConnection connection) : base(connection)
    {
        // Row by row: statements with many rows were measured to be slower, since SQLite binds one value at a time
        // anyway.
        _insert = connection.CreateCommand();
        _insert.CommandText =
            """
            insert into journal
                (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
            values (@created, false, @id, @nr, @message, @manifest, @serializer, @writer)
            """;
        foreach (var (name, type) in new[]
        {
            ("@created", SqliteType.Integer), ("@id", SqliteType.Text), ("@nr", SqliteType.Integer),
            ("@message", SqliteType.Blob), ("@manifest", SqliteType.Text), ("@serializer", SqliteType.Integer),
            ("@writer", SqliteType.Text),
        })
            _insert.Parameters.Add(name, type);
    }

    public override void Append(IReadOnlyList<EventRow> events)
    {
        _insert.Transaction = (SqliteTransaction?)Transaction;
        for (var i = 0; i < events.Count; i++)
            Append(events[i]);
    }

    private void Append(in EventRow row)
    {
        var values = _insert.Parameters;
        values[0].Value = row.CreatedTicks;
        values[1].Value = row.PersistenceId;
        values[2].Value = row.SequenceNr;
        values[3].Value = row.Message;
        values[4].Value = row.Manifest;
        values[5].Value = row.SerializerId;
        values[6].Value = row.WriterUuid;
        _insert.ExecuteNonQuery();

        foreach (var tag in row.Tags)
            Execute(
                """
                insert into tags (ordering_id, tag, sequence_nr, persistence_id)
                select ordering, @tag, sequence_number, persistence_id
                from journal
                where persistence_id = @id and sequence_number = @nr
                """,
                ("tag", tag), ("id", row.PersistenceId), ("nr", row.SequenceNr));
    }

    /// <summary>The column types are those that linq2db gives its tables on SQLite.</summary>
    public override void CreateTables() => ExecuteOnce(
        """
        create table if not exists [journal]
        (
            [ordering]        INTEGER        NOT NULL PRIMARY KEY AUTOINCREMENT,
            [created]         BigInt         NOT NULL,
            [deleted]         Bit            NOT NULL,
            [persistence_id]  NVarChar(255)  NOT NULL,
            [sequence_number] BigInt         NOT NULL,
            [message]         VarBinary      NOT NULL,
            [manifest]        NVarChar(500)      NULL,
            [identifier]      INTEGER            NULL,
            [writer_uuid]     NVarChar(128)      NULL
        );
        create unique index if not exists journal_uq on journal (persistence_id, sequence_number);
        create index if not exists journal_created_idx on journal (created);
        create index if not exists journal_sequence_number_idx on journal (sequence_number);

        create table if not exists [tags]
        (
            [ordering_id]    INTEGER       NOT NULL,
            [tag]            NVarChar(64)  NOT NULL,
            [sequence_nr]    INTEGER       NOT NULL,
            [persistence_id] NVarChar(255) NOT NULL,

            CONSTRAINT [PK_tags] PRIMARY KEY ([ordering_id], [tag])
        );
        create index if not exists tags_persistence_id_sequence_nr_idx on tags (persistence_id, sequence_nr);
        create index if not exists tags_tag_idx on tags (tag);

        create table if not exists [snapshot]
        (
            [persistence_id]  NVarChar(255) NOT NULL,
            [sequence_number] BigInt        NOT NULL,
            [created]         BigInt        NOT NULL,
            [snapshot]        VarBinary         NULL,
            [manifest]        NVarChar(500)     NULL,
            [serializer_id]   INTEGER           NULL,

            CONSTRAINT [PK_snapshot] PRIMARY KEY ([persistence_id], [sequence_number])
        );
        create index if not exists snapshot_sequence_number_idx on snapshot (sequence_number);
        create index if not exists snapshot_created_idx on snapshot (created);
        """);
}
