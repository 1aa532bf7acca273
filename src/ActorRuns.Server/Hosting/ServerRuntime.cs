using ActorRuns.AspNetCore.Webhooks;
using ActorRuns.Graphs;
using ActorRuns.Hosting;
using ActorRuns.Models;
using ActorRuns.Sql;
using Microsoft.Data.Sqlite;

namespace ActorRuns.Server.Hosting;

/// <summary>The runtime on a data folder, with the demo agents: what both serving and the demo need.</summary>
internal sealed class ServerRuntime : IAsyncDisposable
{
    private readonly SqliteThreadIndex _index;
    private readonly HttpWebhookSender _webhooks;
    private readonly ServedModels _models;
    private readonly FileStream _lock;

    private ServerRuntime(
        ActorRunsRuntime runtime,
        SqliteThreadIndex index,
        HttpWebhookSender webhooks,
        ServedModels models,
        string journalFile,
        FileStream folderLock)
    {
        Runtime = runtime;
        _index = index;
        _webhooks = webhooks;
        _models = models;
        JournalFile = journalFile;
        _lock = folderLock;
    }

    /// <summary>The runtime.</summary>
    public ActorRunsRuntime Runtime { get; }

    /// <summary>The file of the journal.</summary>
    public string JournalFile { get; }

    /// <summary>The model of the agent when a run chooses none; null when the agent plays a script.</summary>
    public ModelName? Model => _models.Default;

    /// <summary>Makes the folder if it is not there, and starts on it.</summary>
    /// <exception cref="IOException">
    /// The folder cannot be made, another server is at work on it, or what is in it is no data of ours.
    /// </exception>
    public static async Task<ServerRuntime> StartAsync(
        ServerOptions options, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(options, logs, cancellationToken);
        }
        catch (Exception fault) when (fault is SqliteException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"The data folder {options.DataFolder.FullName} cannot be opened: {fault.Message}", fault);
        }
    }

    /// <summary>Stops the runtime, then what its threads use, and lets go of the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await Runtime.DisposeAsync();
        _webhooks.Dispose();
        await _models.DisposeAsync();
        await _index.DisposeAsync();
        await _lock.DisposeAsync();
    }

    private static async Task<ServerRuntime> OpenAsync(
        ServerOptions options, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        options.DataFolder.Create();
        var journalFile = Path.Combine(options.DataFolder.FullName, "journal.db");
        var indexFile = Path.Combine(options.DataFolder.FullName, "index.db");
        var catalogFile = Path.Combine(options.DataFolder.FullName, "catalog.db"); // Unlike the index, no copy.
        var folderLock = Lock(options.DataFolder);
        SqliteThreadIndex? index = null;
        HttpWebhookSender? webhooks = null;
        ServedModels? models = null;
        try
        {
            var config = ServerConfiguration.Read(journalFile, Environment.GetEnvironmentVariable);
            webhooks = new HttpWebhookSender(HttpWebhookOptions.From(config), TimeProvider.System);
            models = await ServedModels.StartAsync(options, config, logs, cancellationToken);
            index = await SqliteThreadIndex.OpenAsync(
                indexFile, journalFile, TimeProvider.System, logs.CreateLogger<SqliteThreadIndex>(), cancellationToken);
            var stores = new RuntimeStores(
                index,
                await SqliteAssistantStore.OpenAsync(catalogFile, cancellationToken),
                await SqliteCronStore.OpenAsync(catalogFile, cancellationToken),
                await SqliteItemStore.OpenAsync(catalogFile, TimeProvider.System, cancellationToken));
            var runtime = await ActorRunsRuntime.StartAsync(
                config,
                new GraphRegistry(models.Agents(options)),
                stores,
                TimeProvider.System,
                webhooks,
                cancellationToken);
            return new ServerRuntime(runtime, index, webhooks, models, journalFile, folderLock);
        }
        catch
        {
            if (index is not null)
                await index.DisposeAsync();
            webhooks?.Dispose();
            if (models is not null)
                await models.DisposeAsync();
            await folderLock.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Keeps other servers off the folder: each of two would take the other's runs for lost, and run them again. The
    /// system lets go of it when the process ends, however it does; the file stays, so that it is one for all.
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
            throw new IOException($"Another server is at work on the data folder: {fault.Message}", fault);
        }
    }
}
