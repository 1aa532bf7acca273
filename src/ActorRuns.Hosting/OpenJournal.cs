using System.Text.Json;
using ActorRuns.Sql;
using Akka.Configuration;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ActorRuns.Hosting;

/// <summary>What a runtime keeps, open for it alone. Disposed after the runtime.</summary>
internal sealed class OpenJournal : IAsyncDisposable
{
    private readonly IReadOnlyList<IAsyncDisposable> _held;

    private OpenJournal(Config config, RuntimeStores stores, IReadOnlyList<IAsyncDisposable> held)
    {
        Config = config;
        Stores = stores;
        _held = held;
    }

    /// <summary>Where the actor system finds the journal.</summary>
    public Config Config { get; }

    /// <summary>What is kept beside the journal.</summary>
    public RuntimeStores Stores { get; }

    /// <summary>Opens it.</summary>
    /// <param name="place">Where it is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">Where it is told what had to be mended.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">Another runtime is at work there, or what is there cannot be opened.</exception>
    public static Task<OpenJournal> OpenAsync(
        JournalPlace place, TimeProvider time, ILoggerFactory logs, CancellationToken cancellationToken) => place switch
    {
        JournalPlace.Memory => Task.FromResult(InMemory(time)),
        JournalPlace.Sqlite(var folder) => OpenAsync(new DirectoryInfo(folder), time, logs, cancellationToken),
        _ => throw new NotSupportedException($"{place.GetType().Name} is refused before anything is opened."),
    };

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var held in _held)
            await held.DisposeAsync();
    }

    private static OpenJournal InMemory(TimeProvider time)
    {
        var config = ConfigurationFactory.ParseString("""
            akka.persistence.journal.plugin = "akka.persistence.journal.inmem"
            akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
            """);
        return new OpenJournal(config, RuntimeStores.InMemory(time), []);
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
            var catalog = Path.Combine(folder.FullName, "catalog.db");
            var assistants = await SqliteAssistantStore.OpenAsync(catalog, cancellationToken);
            var crons = await SqliteCronStore.OpenAsync(catalog, cancellationToken);
            var items = await SqliteItemStore.OpenAsync(catalog, time, cancellationToken);
            var index = await SqliteThreadIndex.OpenAsync(
                Path.Combine(folder.FullName, "index.db"),
                journal,
                time,
                logs.CreateLogger<SqliteThreadIndex>(),
                cancellationToken);
            return new OpenJournal(
                Sqlite(journal), new RuntimeStores(index, assistants, crons, items), [index, folderLock]);
        }
        catch (Exception fault)
        {
            if (folderLock is not null)
                await folderLock.DisposeAsync();
            if (fault is SqliteException or UnauthorizedAccessException)
                throw new IOException($"The folder {folder.FullName} cannot be opened: {fault.Message}", fault);
            throw;
        }
    }

    private static Config Sqlite(string journal)
    {
        // A JSON text is a HOCON text, whatever the folder is called.
        var connection = JsonSerializer.Serialize($"Data Source={journal}");
        using var resource = typeof(OpenJournal).Assembly.GetManifestResourceStream("sqlite.conf")!; // Built in.
        using var reader = new StreamReader(resource);
        return ConfigurationFactory.ParseString($$"""
            akka.persistence.journal.sql.connection-string = {{connection}}
            akka.persistence.snapshot-store.sql.connection-string = {{connection}}
            """).WithFallback(ConfigurationFactory.ParseString(reader.ReadToEnd()));
    }

    /// <summary>Keeps others off the folder, servers too: each would take the other's runs for lost.</summary>
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
                $"Another runtime is at work on the folder {folder.FullName}: {fault.Message}", fault);
        }
    }
}
