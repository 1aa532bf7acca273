using Akka.Configuration;
using Akka.Persistence.Sql;
using Xunit;

namespace ActorRuns.Engine.Tests.Persistence;

/// <summary>What the sections of the SQL plug-ins may say, and what is refused by name.</summary>
public sealed class SqlOptionsSpec
{
    /// <summary>What Akka.Persistence.Sql takes where nobody says anything else.</summary>
    private const string AkkasDefaults = """
        class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
        plugin-dispatcher = "akka.persistence.dispatchers.default-plugin-dispatcher"
        delete-compatibility-mode = false
        table-mapping = default
        batch-size = 100
        prefer-parameters-on-multirow-insert = false
        max-row-by-row-size = 100
        use-clone-connection = true
        tag-write-mode = TagTable
        tag-separator = ";"
        warn-on-auto-init-fail = true
        dao = "Akka.Persistence.Sql.Journal.Dao.ByteArrayJournalDao, Akka.Persistence.Sql"
        serializer = null
        read-isolation-level = unspecified
        write-isolation-level = unspecified
        recovery-event-timeout = 30s
        circuit-breaker.max-failures = 10
        default {
            schema-name = null
            journal {
                use-writer-uuid-column = true
                table-name = journal
                columns {
                    ordering = ordering, deleted = deleted, persistence-id = persistence_id
                    sequence-number = sequence_number, created = created, tags = tags, message = message
                    identifier = identifier, manifest = manifest, writer-uuid = writer_uuid
                }
            }
            metadata {
                table-name = journal_metadata
                columns { persistence-id = persistence_id, sequence-number = sequence_number }
            }
            tag {
                table-name = tags
                columns {
                    ordering-id = ordering_id, tag-value = tag
                    persistence-id = persistence_id, sequence-nr = sequence_nr
                }
            }
            snapshot {
                table-name = snapshot
                columns {
                    persistence-id = persistence_id, sequence-number = sequence_number, created = created
                    snapshot = snapshot, manifest = manifest, serializerId = serializer_id
                }
            }
        }
        postgresql.journal.table-name = event_journal
        """;

    [Fact]
    public void The_defaults_of_Akka_Persistence_Sql_are_taken_in_full() =>
        Assert.Equal("Data Source=a.db", Read(AkkasDefaults).ConnectionString);

    [Theory]
    [InlineData("table-mapping = postgresql", "table-mapping is 'postgresql'; only 'default' is supported.")]
    [InlineData("tag-write-mode = Csv", "tag-write-mode is 'Csv'; only 'TagTable' is supported.")]
    [InlineData("delete-compatibility-mode = on", "delete-compatibility-mode is 'on'; only 'off' is supported.")]
    [InlineData("write-isolation-level = snapshot", "write-isolation-level is 'snapshot'; only 'unspecified' is")]
    [InlineData("serializer = hyperion", "serializer is 'hyperion'; only '' is supported.")]
    [InlineData("dao = \"My.Dao, Mine\"", "dao is 'My.Dao, Mine'; only")]
    [InlineData("default.schema-name = audit", "default.schema-name is 'audit'; only '' is supported.")]
    [InlineData("default.journal.table-name = e", "default.journal.table-name is 'e'; only 'journal' is supported.")]
    [InlineData("default.tag.table-name = t", "default.tag.table-name is 't'; only 'tags' is supported.")]
    [InlineData("default.snapshot.table-name = s", "default.snapshot.table-name is 's'; only 'snapshot' is supported.")]
    [InlineData(
        "default.journal.columns.message = payload",
        "default.journal.columns.message is 'payload'; only 'message' is supported.")]
    [InlineData(
        "default.snapshot.columns.serializerId = ser_id",
        "default.snapshot.columns.serializerId is 'ser_id'; only 'serializer_id' is supported.")]
    [InlineData(
        "default.tag.columns.tag-value = label", "default.tag.columns.tag-value is 'label'; only 'tag' is supported.")]
    [InlineData("default.journal.use-writer-uuid-column = off", "use-writer-uuid-column is 'off'; only 'on' is")]
    [InlineData("default.journal.columns.colour = red", "default.journal.columns.colour is not known.")]
    [InlineData("schema-name = audit", "schema-name is not known.")]
    [InlineData("bufer-size = 10", "bufer-size is not known.")]
    public void What_is_not_supported_is_refused_by_name(string hocon, string fault) =>
        Assert.Contains(fault, Assert.Throws<ConfigurationException>(() => Read(hocon)).Message);

    [Fact]
    public void All_faults_are_told_at_once_with_the_path_of_the_section()
    {
        var message = Assert.Throws<ConfigurationException>(
            () => Read("buffer-size = 0, synchronous = maybe, table-mapping = mysql")).Message;

        Assert.Contains("my.journal.buffer-size is 0; it must be at least 1.", message);
        Assert.Contains("my.journal.synchronous is 'maybe'; it must be one of off, normal, full, extra.", message);
        Assert.Contains("my.journal.table-mapping is 'mysql'", message);
    }

    private static SqlOptions Read(string hocon) => SqlOptions.Read("my.journal", ConfigurationFactory.ParseString(
        $"""
        connection-string = "Data Source=a.db"
        provider-name = "SQLite.MS"
        {hocon}
        """));
}
