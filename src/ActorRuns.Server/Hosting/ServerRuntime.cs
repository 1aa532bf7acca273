using ActorRuns.Graphs;
using ActorRuns.Hosting;
using ActorRuns.Server.Agents;
using ActorRuns.Sql;
using Microsoft.Data.Sqlite;

namespace ActorRuns.Server.Hosting;

/// <summary>The runtime on a data folder, with the demo agents: what both serving and the demo need.</summary>
internal sealed class ServerRuntime : IAsyncDisposable
{
    private readonly SqliteThreadIndex _index;

    private ServerRuntime(ActorRunsRuntime runtime, SqliteThreadIndex index, string journalFile)
    {
        Runtime = runtime;
        _index = index;
        JournalFile = journalFile;
    }

    /// <summary>The runtime.</summary>
    public ActorRunsRuntime Runtime { get; }

    /// <summary>The file of the journal.</summary>
    public string JournalFile { get; }

    /// <summary>Makes the folder if it is not there, and starts on it.</summary>
    /// <exception cref="IOException">The folder cannot be made, or what is in it is no data of ours.</exception>
    public static async Task<ServerRuntime> StartAsync(
        ServerOptions options, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(options, logs, cancellationToken);
        }
        catch (SqliteException fault)
        {
            throw new IOException($"The data folder {options.DataFolder.FullName} cannot be opened: {fault.Message}", fault);
        }
    }

    /// <summary>Stops the runtime, and then the index that its threads write to.</summary>
    public async ValueTask DisposeAsync()
    {
        await Runtime.DisposeAsync();
        await _index.DisposeAsync();
    }

    private static async Task<ServerRuntime> OpenAsync(
        ServerOptions options, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        options.DataFolder.Create();
        var journalFile = Path.Combine(options.DataFolder.FullName, "journal.db");
        var indexFile = Path.Combine(options.DataFolder.FullName, "index.db");
        var index = await SqliteThreadIndex.OpenAsync(
            indexFile, journalFile, TimeProvider.System, logs.CreateLogger<SqliteThreadIndex>(), cancellationToken);
        try
        {
            var runtime = await ActorRunsRuntime.StartAsync(
                ServerConfiguration.Read(journalFile),
                new GraphRegistry(DemoAgents.Create(options.Delays)),
                index,
                TimeProvider.System,
                cancellationToken);
            return new ServerRuntime(runtime, index, journalFile);
        }
        catch
        {
            await index.DisposeAsync();
            throw;
        }
    }
}
