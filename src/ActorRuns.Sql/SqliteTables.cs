namespace ActorRuns.Sql;

/// <summary>The tables on SQLite; each is made if it is not there.</summary>
internal static class SqliteTables
{
    /// <summary>Assistants, crons and items.</summary>
    public const string Catalog =
        """
        CREATE TABLE IF NOT EXISTS assistant (
            assistant_id TEXT NOT NULL PRIMARY KEY,
            version INTEGER NOT NULL,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS assistant_version (
            assistant_id TEXT NOT NULL,
            version INTEGER NOT NULL,
            graph_id TEXT NOT NULL,
            name TEXT NOT NULL,
            description TEXT NULL,
            config TEXT NOT NULL,
            context TEXT NOT NULL,
            metadata TEXT NOT NULL,
            created_at TEXT NOT NULL,
            PRIMARY KEY (assistant_id, version)
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS cron (
            cron_id TEXT NOT NULL PRIMARY KEY,
            assistant_id TEXT NOT NULL,
            thread_id TEXT NULL,
            schedule TEXT NOT NULL,
            zone TEXT NULL,
            end_at TEXT NULL,
            is_enabled INTEGER NOT NULL,
            request TEXT NOT NULL,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL,
            next_run_at TEXT NULL
        ) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS cron_next_run_at_idx ON cron (next_run_at) WHERE next_run_at IS NOT NULL;
        CREATE TABLE IF NOT EXISTS store_item (
            namespace TEXT NOT NULL,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL,
            ttl_ticks INTEGER NULL,
            expires_at TEXT NULL,
            PRIMARY KEY (namespace, key)
        );
        CREATE INDEX IF NOT EXISTS store_item_expires_at_idx ON store_item (expires_at)
        WHERE expires_at IS NOT NULL;
        """;

    /// <summary>The index of all threads.</summary>
    public const string Threads =
        """
        CREATE TABLE IF NOT EXISTS thread_index (
            thread_id TEXT NOT NULL PRIMARY KEY,
            sequence_nr INTEGER NOT NULL,
            status TEXT NOT NULL,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL,
            wake_at TEXT NULL,
            metadata TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS thread_index_wake_at_idx ON thread_index (wake_at) WHERE wake_at IS NOT NULL;
        """;
}
