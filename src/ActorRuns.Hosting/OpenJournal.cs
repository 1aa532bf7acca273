using System.Diagnostics;
using System.Text.Json;
using ActorRuns.Cluster;
using ActorRuns.Sql;
using Akka.Configuration;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ActorRuns.Hosting;

/// <summary>What a runtime keeps, open for it alone. Disposed after the runtime.</summary>
public sealed class OpenJournal : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _held;
    private readonly PostgreSqlDatabase? _shared;

    private OpenJournal(
        string description,
        Config place,
        string settingsFile,
        RuntimeStores stores,
        List<IAsyncDisposable> held,
        PostgreSqlDatabase? shared = null)
    {
        Description = description;
        Place = place;
        SettingsFile = settingsFile;
        Stores = stores;
        _held = held;
        _shared = shared;
    }

    /// <summary>Where it is, for people and logs; it holds no secret.</summary>
    public string Description { get; }

    /// <summary>Where the actor system finds the journal; goes before the settings of it.</summary>
    public Config Place { get; }

    /// <summary>The file of <c>hocon</c> that says how a journal of its kind is kept.</summary>
    public string SettingsFile { get; }

    /// <summary>What is kept beside the journal.</summary>
    public RuntimeStores Stores { get; }

    /// <summary>Where members record who executes what; null for a journal that one runtime has for itself.</summary>
    public IShardLeases? Leases { get; private init; }

    /// <summary>What is kept beside the journal, for a member of the cluster on it, if it can have members.</summary>
    /// <param name="address">Where the other members reach this one.</param>
    public RuntimeStores StoresOf(Uri address) =>
        Leases is null ? Stores : Stores with { Seat = new ClusterSeat(Leases, address) };

    /// <summary>The settings of <see cref="SettingsFile"/> as they came with this build.</summary>
    public Config ReadBuiltInSettings()
    {
        using var resource = typeof(OpenJournal).Assembly.GetManifestResourceStream(SettingsFile)!; // Built in.
        using var reader = new StreamReader(resource);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }

    /// <summary>Opens it.</summary>
    /// <param name="place">Where it is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">Where it is told what had to be mended.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">
    /// Another runtime is at work there, or what is there cannot be opened, or reached, or is not fit for this build.
    /// The message holds no secret.
    /// </exception>
    public static Task<OpenJournal> OpenAsync(
        JournalPlace place, TimeProvider time, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(place);
        return place switch
        {
            JournalPlace.Memory => Task.FromResult(InMemory(time)),
            JournalPlace.Sqlite(var folder) => OpenAsync(new DirectoryInfo(folder), time, logs, cancellationToken),
            JournalPlace.PostgreSql(var connection) => OpenAsync(connection, time, logs, cancellationToken),
            _ => throw new UnreachableException($"Nothing opens {place.GetType().Name}."),
        };
    }

    /// <summary>
    /// Keeps others off for a runtime that is no member of a cluster. A data folder is one runtime's from the start,
    /// and memory needs nothing.
    /// </summary>
    /// <param name="time">The clock.</param>
    /// <param name="logs">Where it is told that others came while the line to the database was broken.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">Another runtime is at work there.</exception>
    public async Task KeepOthersOffAsync(TimeProvider time, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        if (_shared is null)
            return;

        var log = logs.CreateLogger<PostgreSqlSoleUse>();
        _held.Add(await PostgreSqlSoleUse.TakeAsync(_shared, time, log, cancellationToken)); // To be given up last.
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var held in _held)
            await held.DisposeAsync();
    }

    private static OpenJournal InMemory(TimeProvider time) =>
        new("memory", ConfigurationFactory.Empty, "memory.conf", RuntimeStores.InMemory(time), []);

    private static async Task<OpenJournal> OpenAsync(
        string connectionString, TimeProvider time, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var database = await PostgreSqlDatabase.OpenAsync(connectionString, cancellationToken);
        var leases = new PostgreSqlShardLeases(database);
        var index = new PostgreSqlThreadIndex(database, time, logs.CreateLogger<PostgreSqlThreadIndex>());
        return new OpenJournal(
            database.Description,
            Connection(database.ConnectionString),
            "postgres.conf",
            new RuntimeStores(
                index, new SqlAssistantStore(database), new SqlCronStore(database), new SqlItemStore(database, time))
            {
                Checks = [new ReadinessCheck("database", database.CheckAsync)],
            },
            [leases, index, database],
            database)
        {
            Leases = leases,
        };
    }

    private static async Task<OpenJournal> OpenAsync(
        DirectoryInfo folder, TimeProvider time, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        FileStream? folderLock = null;
        try
        {
            folder.Create();
            folderLock = Lock(folder);
            var journal = Path.Combine(folder.FullName, "journal.db");
            var catalog = Path.Combine(folder.FullName, "catalog.db"); // Unlike the index, no copy.
            var kept = await SqliteDatabase.OpenAsync(catalog, cancellationToken);
            var index = await SqliteThreadIndex.OpenAsync(
                Path.Combine(folder.FullName, "index.db"),
                journal,
                time,
                logs.CreateLogger<SqliteThreadIndex>(),
                cancellationToken);
            return new OpenJournal(
                journal,
                Connection($"Data Source={journal}"),
                "sqlite.conf",
                new RuntimeStores(
                    index, new SqlAssistantStore(kept), new SqlCronStore(kept), new SqlItemStore(kept, time))
                {
                    Checks = [new ReadinessCheck("database", kept.CheckAsync)],
                },
                [index, kept, folderLock]);
        }
        catch (Exception fault)
        {
            if (folderLock is not null)
                await folderLock.DisposeAsync();
            if (fault is SqliteException or UnauthorizedAccessException)
                throw new IOException($"The data folder {folder.FullName} cannot be opened: {fault.Message}", fault);
            throw;
        }
    }

    private static Config Connection(string connection)
    {
        // A JSON text is a HOCON text, whatever is in it.
        var text = JsonSerializer.Serialize(connection);
        return ConfigurationFactory.ParseString($$"""
            akka.persistence.journal.sql.connection-string = {{text}}
            akka.persistence.snapshot-store.sql.connection-string = {{text}}
            """);
    }

    /// <summary>
    /// Keeps others off the folder, servers too: each of two would take the other's runs for lost, and run them again.
    /// The system lets go of it when the process ends, however it does; the file stays, so that it is one for all.
    /// </summary>
    private static FileStream Lock(DirectoryInfo folder)
    {
        try
        {
            var file = Path.Combine(folder.FullName, "server.lock");
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault)
        {
            throw new IOException(
                $"Another server is at work on the data folder {folder.FullName}: {fault.Message}", fault);
        }
    }
}
