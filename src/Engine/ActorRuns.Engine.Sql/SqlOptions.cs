using Akka.Configuration;

namespace Akka.Persistence.Sql;

/// <summary>What the sections of the SQL journal and snapshot store say about their database.</summary>
internal sealed record SqlOptions
{
    /// <summary>Default of <see cref="BufferSize"/>.</summary>
    public const int DefaultBufferSize = 5_000;

    /// <summary>Default of <see cref="MaxBatchSize"/>.</summary>
    public const int DefaultMaxBatchSize = 1_000;

    /// <summary>Default of <see cref="ReplayBatchSize"/>.</summary>
    public const int DefaultReplayBatchSize = 1_000;

    /// <summary>Default of <see cref="Parallelism"/>.</summary>
    public const int DefaultParallelism = 3;

    private static readonly string[] SynchronousModes = ["off", "normal", "full", "extra"];

    /// <summary>The database, in the words of its provider.</summary>
    /// <value><c>connection-string</c>; required.</value>
    public required string ConnectionString { get; init; }

    /// <summary>The kind of database.</summary>
    /// <value><c>provider-name</c>; required, <c>SQLite.MS</c> or a name that starts with <c>PostgreSQL</c>.</value>
    public required string ProviderName { get; init; }

    /// <summary>Whether missing tables are created.</summary>
    /// <value><c>auto-initialize</c>; default on.</value>
    public bool AutoInitialize { get; init; } = true;

    /// <summary>How many writes of actors may wait for one connection; more are rejected.</summary>
    /// <value><c>buffer-size</c>; default 5000.</value>
    public int BufferSize { get; init; } = DefaultBufferSize;

    /// <summary>How many rows a transaction takes from the queue. One write that is larger is not parted.</summary>
    /// <value><c>db-round-trip-max-batch-size</c>; default 1000.</value>
    public int MaxBatchSize { get; init; } = DefaultMaxBatchSize;

    /// <summary>How many events a replay hands to an actor before it waits for it.</summary>
    /// <value><c>replay-batch-size</c>; default 1000.</value>
    public int ReplayBatchSize { get; init; } = DefaultReplayBatchSize;

    /// <summary>How many connections read, and on PostgreSQL how many write.</summary>
    /// <value><c>parallelism</c>; default 3.</value>
    public int Parallelism { get; init; } = DefaultParallelism;

    /// <summary>How sure SQLite makes that a commit outlives a power cut.</summary>
    /// <value><c>synchronous</c>; default <c>full</c>.</value>
    public string Synchronous { get; init; } = "full";

    /// <summary>How long a statement waits for a lock or an answer.</summary>
    /// <value><c>circuit-breaker.call-timeout</c>; default 10 s.</value>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the database is an SQLite file.</summary>
    public bool IsSqlite => ProviderName.StartsWith("SQLite", StringComparison.OrdinalIgnoreCase);

    private bool IsPostgreSql => ProviderName.StartsWith("PostgreSQL", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the section of a plug-in.</summary>
    /// <param name="path">Where the section is.</param>
    /// <param name="section">The section, with its defaults.</param>
    /// <exception cref="ConfigurationException">Something in it cannot be used; it says all that cannot.</exception>
    public static SqlOptions Read(string path, Config section)
    {
        var options = new SqlOptions
        {
            ConnectionString = section.GetString("connection-string", ""),
            ProviderName = section.GetString("provider-name", ""),
            AutoInitialize = section.GetBoolean("auto-initialize", true),
            BufferSize = section.GetInt("buffer-size", DefaultBufferSize),
            MaxBatchSize = section.GetInt("db-round-trip-max-batch-size", DefaultMaxBatchSize),
            ReplayBatchSize = section.GetInt("replay-batch-size", DefaultReplayBatchSize),
            Parallelism = section.GetInt("parallelism", DefaultParallelism),
            Synchronous = section.GetString("synchronous", "full"),
            CallTimeout = section.GetTimeSpan("circuit-breaker.call-timeout", TimeSpan.FromSeconds(10)),
        };
        var faults = options.Faults().Concat(SqlKeys.FaultsOf(section)).Select(fault => $"{path}.{fault}").ToList();
        return faults.Count == 0 ? options : throw new ConfigurationException(string.Join(" ", faults));
    }

    private IEnumerable<string> Faults()
    {
        if (ConnectionString == "")
            yield return "connection-string is not set.";
        if (!IsSqlite && !IsPostgreSql)
            yield return $"provider-name is '{ProviderName}'; it must be SQLite.MS or PostgreSQL.15.";
        if (!SynchronousModes.Contains(Synchronous, StringComparer.OrdinalIgnoreCase))
            yield return $"synchronous is '{Synchronous}'; it must be one of {string.Join(", ", SynchronousModes)}.";
        if (CallTimeout <= TimeSpan.Zero)
            yield return $"circuit-breaker.call-timeout is {CallTimeout}; it must be positive.";
        foreach (var (key, value) in new[]
        {
            ("buffer-size", BufferSize), ("db-round-trip-max-batch-size", MaxBatchSize),
            ("replay-batch-size", ReplayBatchSize), ("parallelism", Parallelism),
        })
        {
            if (value < 1)
                yield return $"{key} is {value}; it must be at least 1.";
        }
    }
}
