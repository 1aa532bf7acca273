using Dapper;
using Npgsql;

namespace ActorRuns.Sql;

/// <summary>
/// The tables on PostgreSQL, and how they came to be: steps that are taken once each, in order, and never edited. The
/// tables of the journal are made by the journal.
/// </summary>
internal static class PostgreSqlSchema
{
    /// <summary>The number of a step is its place, from 1.</summary>
    /// <remarks>
    /// Texts are compared as bytes (<c>COLLATE "C"</c>), so that times are in order and pages are the same whatever the
    /// language of the server.
    /// </remarks>
    public static IReadOnlyList<SchemaStep> Steps { get; } =
    [
        new(
            """
            CREATE TABLE assistant (
                assistant_id text COLLATE "C" NOT NULL PRIMARY KEY,
                version integer NOT NULL,
                created_at text COLLATE "C" NOT NULL,
                updated_at text COLLATE "C" NOT NULL
            );
            CREATE TABLE assistant_version (
                assistant_id text COLLATE "C" NOT NULL,
                version integer NOT NULL,
                graph_id text COLLATE "C" NOT NULL,
                name text COLLATE "C" NOT NULL,
                description text NULL,
                config text NOT NULL,
                context text NOT NULL,
                metadata text NOT NULL,
                created_at text COLLATE "C" NOT NULL,
                PRIMARY KEY (assistant_id, version)
            );
            CREATE TABLE cron (
                cron_id text COLLATE "C" NOT NULL PRIMARY KEY,
                assistant_id text NOT NULL,
                thread_id text NULL,
                schedule text NOT NULL,
                zone text NULL,
                end_at text COLLATE "C" NULL,
                is_enabled boolean NOT NULL,
                request text NOT NULL,
                created_at text COLLATE "C" NOT NULL,
                updated_at text COLLATE "C" NOT NULL,
                next_run_at text COLLATE "C" NULL
            );
            CREATE INDEX cron_next_run_at_idx ON cron (next_run_at) WHERE next_run_at IS NOT NULL;
            CREATE TABLE store_item (
                namespace text COLLATE "C" NOT NULL,
                key text COLLATE "C" NOT NULL,
                value text NOT NULL,
                created_at text COLLATE "C" NOT NULL,
                updated_at text COLLATE "C" NOT NULL,
                ttl_ticks bigint NULL,
                expires_at text COLLATE "C" NULL,
                PRIMARY KEY (namespace, key)
            );
            CREATE INDEX store_item_expires_at_idx ON store_item (expires_at) WHERE expires_at IS NOT NULL;
            CREATE TABLE thread_index (
                thread_id text COLLATE "C" NOT NULL PRIMARY KEY,
                sequence_nr bigint NOT NULL,
                status text COLLATE "C" NOT NULL,
                created_at text COLLATE "C" NOT NULL,
                updated_at text COLLATE "C" NOT NULL,
                wake_at text COLLATE "C" NULL,
                metadata text NOT NULL,
                searchable jsonb NULL
            );
            CREATE INDEX thread_index_wake_at_idx ON thread_index (wake_at) WHERE wake_at IS NOT NULL;
            CREATE INDEX thread_index_created_at_idx ON thread_index (created_at, thread_id);
            CREATE INDEX thread_index_updated_at_idx ON thread_index (updated_at, thread_id);
            CREATE INDEX thread_index_searchable_idx ON thread_index USING gin (searchable jsonb_path_ops);
            CREATE INDEX thread_index_unsearchable_idx ON thread_index (thread_id) WHERE searchable IS NULL;
            CREATE TABLE actorruns_progress (name text COLLATE "C" NOT NULL PRIMARY KEY, value bigint NOT NULL);
            INSERT INTO actorruns_progress (name, value) VALUES ('thread_index', 0);
            """),

        // Rows that are updated every few seconds: room on their page keeps the indexes as they are.
        new(
            """
            CREATE TABLE member (
                id uuid NOT NULL PRIMARY KEY,
                address text NOT NULL,
                is_leaving boolean NOT NULL,
                started_at timestamptz NOT NULL,
                heartbeat timestamptz NOT NULL,
                expires_at timestamptz NOT NULL,
                threads integer NOT NULL,
                runs_at_work integer NOT NULL,
                runs_waiting integer NOT NULL
            ) WITH (fillfactor = 50);
            CREATE TABLE shard_lease (
                shard smallint NOT NULL PRIMARY KEY,
                member uuid NULL,
                epoch bigint NOT NULL,
                expires_at timestamptz NOT NULL
            ) WITH (fillfactor = 50);
            INSERT INTO shard_lease (shard, member, epoch, expires_at)
            SELECT number, NULL, 0, '-infinity' FROM generate_series(0, 255) AS number;
            """),
    ];

    /// <summary>Takes the steps that were not taken yet, all or none.</summary>
    /// <param name="connection">A connection without a transaction.</param>
    /// <param name="address">The database, for messages.</param>
    /// <param name="steps">All steps that this build knows.</param>
    /// <param name="cancellationToken">Gives up; what was begun is undone.</param>
    /// <exception cref="IOException">The tables are of a newer build that older ones cannot work with.</exception>
    public static async Task MigrateAsync(
        NpgsqlConnection connection,
        PostgreSqlAddress address,
        IReadOnlyList<SchemaStep> steps,
        CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // Whoever starts at the same time waits here, as long as it takes, and then finds all done. "If not exists"
        // alone would not do: two that make the same table at one moment fail each other.
        await ExecuteAsync("SELECT pg_advisory_xact_lock(hashtext('actorruns.schema'))");
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            PostgreSqlSoleUse.TryShare, transaction: transaction, cancellationToken: cancellationToken)))
        {
            throw PostgreSqlSoleUse.Taken(address.Description);
        }

        await ExecuteAsync(
            """
            CREATE TABLE IF NOT EXISTS actorruns_schema (
                version integer NOT NULL PRIMARY KEY,
                works_from integer NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now()
            )
            """);
        var (version, worksFrom) = await connection.QuerySingleAsync<(int, int)>(new CommandDefinition(
            "SELECT coalesce(max(version), 0), coalesce(max(works_from), 0) FROM actorruns_schema",
            transaction: transaction,
            cancellationToken: cancellationToken));
        if (worksFrom > steps.Count)
        {
            throw new IOException($"The {address.Description} has tables of version {version}, which builds can work "
                + $"with that know version {worksFrom}; this one knows {steps.Count}. Use a newer build.");
        }

        for (var number = version + 1; number <= steps.Count; number++)
        {
            var step = steps[number - 1];
            await ExecuteAsync(step.Sql);
            await ExecuteAsync(
                "INSERT INTO actorruns_schema (version, works_from) VALUES (@number, @worksFrom)",
                new { number, worksFrom = step.BreaksOlder ? number : worksFrom });
            worksFrom = step.BreaksOlder ? number : worksFrom;
        }

        await transaction.CommitAsync(cancellationToken);

        Task<int> ExecuteAsync(string sql, object? parameters = null) => connection.ExecuteAsync(new CommandDefinition(
            sql, parameters, transaction, commandTimeout: 0, cancellationToken: cancellationToken));
    }
}

/// <summary>One change of the tables.</summary>
/// <param name="Sql">What makes it; run within a transaction.</param>
internal sealed record SchemaStep(string Sql)
{
    /// <summary>
    /// True when builds that do not know this step cannot work with what it leaves. A rolling upgrade needs it to be
    /// false: old members go on, and may be started again, while new ones come.
    /// </summary>
    public bool BreaksOlder { get; init; }
}
