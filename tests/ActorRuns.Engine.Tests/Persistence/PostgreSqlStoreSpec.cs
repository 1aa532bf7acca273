using System.Globalization;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.PostgreSql;
using Akka.Persistence.Sql.Store;
using Xunit;

namespace ActorRuns.Engine.Tests.Persistence;

[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlStoreSpec(PostgreSqlServer server) : SqlStoreSpec(new PostgreSqlDatabase(server))
{
    [Theory]
    [InlineData("journal",
        "ordering bigint not-null, created bigint not-null, deleted boolean not-null, "
        + "persistence_id varchar(255) not-null, sequence_number bigint not-null, message bytea not-null, "
        + "manifest varchar(500), identifier integer, writer_uuid varchar(128)")]
    [InlineData("tags",
        "ordering_id bigint not-null, tag varchar(64) not-null, sequence_nr bigint not-null, "
        + "persistence_id varchar(255) not-null")]
    [InlineData("snapshot",
        "persistence_id varchar(255) not-null, sequence_number bigint not-null, created bigint not-null, "
        + "snapshot bytea, manifest varchar(500), serializer_id integer")]
    public async Task A_table_has_these_columns(string table, string columns)
    {
        using var store = NewStore(Options);
        await store.ChangeAsync("any", _ => { });

        var actual = Database.Query(
            $"""
            select column_name || ' '
                || replace(data_type, 'character varying', 'varchar')
                || coalesce('(' || character_maximum_length || ')', '')
                || case is_nullable when 'NO' then ' not-null' else '' end
            from information_schema.columns
            where table_name = '{table}'
            order by ordinal_position
            """);

        Assert.Equal(columns, string.Join(", ", actual));
    }

    [Fact]
    public async Task Several_connections_write_side_by_side_and_keep_the_order_of_each_id()
    {
        using var store = NewStore(Options with { Parallelism = 3 });

        var appended = Enumerable.Range(1, 20)
            .SelectMany(number => Enumerable.Range(0, 30).Select(id => Append(store, $"id-{id}", number)))
            .ToList();
        Assert.All(await Task.WhenAll(appended), Assert.Null);

        Assert.Equal(
            ["30 600"],
            Database.Query(
                """
                select count(distinct persistence_id), count(*)
                from (
                    select persistence_id, sequence_number,
                        row_number() over (partition by persistence_id order by ordering) as place
                    from journal
                ) as numbered
                where sequence_number = place
                """));
    }

    protected override int CommittedTransactions() =>
        int.Parse(Database.Query("select count(distinct xmin::text) from journal")[0], CultureInfo.InvariantCulture);

    private protected override SqlProvider NewProvider(SqlOptions options) => new PostgreSqlProvider(options);
}
