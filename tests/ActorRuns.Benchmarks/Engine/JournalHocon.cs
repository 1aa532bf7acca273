namespace ActorRuns.Benchmarks.Engine;

/// <summary>The configuration of Akka.Persistence.Sql.</summary>
internal static class JournalHocon
{
    /// <summary>Journal and snapshot store in one database.</summary>
    public static string For(string provider, string connectionString) =>
        $$"""
        akka.stdout-loglevel = WARNING
        akka.persistence {
            journal {
                plugin = "akka.persistence.journal.sql"
                sql {
                    class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
                    provider-name = "{{provider}}"
                    connection-string = "{{connectionString}}"
                    auto-initialize = on
                    synchronous = full
                }
            }
            snapshot-store {
                plugin = "akka.persistence.snapshot-store.sql"
                sql {
                    class = "Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql"
                    provider-name = "{{provider}}"
                    connection-string = "{{connectionString}}"
                    auto-initialize = on
                }
            }
        }
        """;
}
