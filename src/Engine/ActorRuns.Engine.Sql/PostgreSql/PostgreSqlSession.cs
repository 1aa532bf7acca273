using System.Data.Common;
using Akka.Persistence.Sql.Store;

namespace Akka.Persistence.Sql.PostgreSql;

/// <summary>A connection to a PostgreSQL server.</summary>
internal sealed class PostgreSqlSession(DbConnection connection) : SqlSession(connection)
{
    private const string Insert =
        """
        insert into journal
            (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
        select created, false, persistence_id, sequence_number, message, manifest, identifier, writer_uuid
        from unnest(@created, @ids, @numbers, @messages, @manifests, @serializers, @writers) with ordinality
            as event (created, persistence_id, sequence_number, message, manifest, identifier, writer_uuid, place)
        order by place
        """;

    /// <summary>
    /// All events in one statement: a column is one parameter, so it is prepared once for any number of them.
    /// </summary>
    public override void Append(IReadOnlyList<EventRow> events)
    {
        var columns = new (string, object)[]
        {
            ("created", Column(events, e => e.CreatedTicks)),
            ("ids", Column(events, e => e.PersistenceId)),
            ("numbers", Column(events, e => e.SequenceNr)),
            ("messages", Column(events, e => e.Message)),
            ("manifests", Column(events, e => e.Manifest)),
            ("serializers", Column(events, e => e.SerializerId)),
            ("writers", Column(events, e => e.WriterUuid)),
        };
        var tags = events.SelectMany(e => e.Tags, (e, tag) => (Event: e, Tag: tag)).ToList();
        if (tags.Count == 0)
        {
            Execute(Insert, columns);
            return;
        }

        Execute(
            $"""
            with written as ({Insert} returning ordering, persistence_id, sequence_number)
            insert into tags (ordering_id, tag, sequence_nr, persistence_id)
            select ordering, tag, sequence_number, written.persistence_id
            from written join unnest(@tags, @tagIds, @tagNumbers) as tagged (tag, persistence_id, sequence_nr)
                on written.persistence_id = tagged.persistence_id and sequence_number = sequence_nr
            """,
            [
                .. columns,
                ("tags", Column(tags, tag => tag.Tag)),
                ("tagIds", Column(tags, tag => tag.Event.PersistenceId)),
                ("tagNumbers", Column(tags, tag => tag.Event.SequenceNr)),
            ]);
    }

    /// <summary>One statement is a transaction by itself: one round trip instead of two.</summary>
    public override void AppendAndCommit(IReadOnlyList<EventRow> events) => Append(events);

    /// <summary>Names and types are those that linq2db gives its tables on PostgreSQL 15.</summary>
    public override void CreateTables() => ExecuteOnce(
        """
        begin;
        -- Two that create a table at the same moment would fail each other, "if not exists" or not.
        select pg_advisory_xact_lock(hashtext('akka.persistence.sql'));

        create table if not exists journal
        (
            ordering        bigint generated always as identity,
            created         bigint       not null,
            deleted         boolean      not null,
            persistence_id  varchar(255) not null,
            sequence_number bigint       not null,
            message         bytea        not null,
            manifest        varchar(500),
            identifier      integer,
            writer_uuid     varchar(128),

            constraint "PK_journal" primary key (ordering),
            constraint journal_uq unique (persistence_id, sequence_number)
        );
        create index if not exists journal_created_idx on journal (created);
        create index if not exists journal_sequence_number_idx on journal (sequence_number);

        create table if not exists tags
        (
            ordering_id    bigint       not null,
            tag            varchar(64)  not null,
            sequence_nr    bigint       not null,
            persistence_id varchar(255) not null,

            constraint "PK_tags" primary key (ordering_id, tag)
        );
        create index if not exists tags_persistence_id_sequence_nr_idx on tags (persistence_id, sequence_nr);
        create index if not exists tags_tag_idx on tags (tag);

        create table if not exists snapshot
        (
            persistence_id  varchar(255) not null,
            sequence_number bigint       not null,
            created         bigint       not null,
            snapshot        bytea,
            manifest        varchar(500),
            serializer_id   integer,

            constraint "PK_snapshot" primary key (persistence_id, sequence_number)
        );
        create index if not exists snapshot_sequence_number_idx on snapshot (sequence_number);
        create index if not exists snapshot_created_idx on snapshot (created);
        commit;
        """);

    private static TColumn[] Column<TRow, TColumn>(IReadOnlyList<TRow> rows, Func<TRow, TColumn> value)
    {
        var column = new TColumn[rows.Count];
        for (var i = 0; i < column.Length; i++)
            column[i] = value(rows[i]);
        return column;
    }
}
