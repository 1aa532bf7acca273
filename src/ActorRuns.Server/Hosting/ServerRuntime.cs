using ActorRuns.AspNetCore.Webhooks;
using ActorRuns.Graphs;
using ActorRuns.Hosting;
using ActorRuns.Models;

namespace ActorRuns.Server.Hosting;

/// <summary>The runtime on its journal, with the demo agents: what both serving and the demo need.</summary>
internal sealed class ServerRuntime : IAsyncDisposable
{
    private readonly HttpWebhookSender _webhooks;
    private readonly ServedModels _models;
    private readonly OpenJournal _journal;

    private ServerRuntime(
        ActorRunsRuntime runtime, HttpWebhookSender webhooks, ServedModels models, OpenJournal journal)
    {
        Runtime = runtime;
        _webhooks = webhooks;
        _models = models;
        _journal = journal;
    }

    /// <summary>The runtime.</summary>
    public ActorRunsRuntime Runtime { get; }

    /// <summary>Where the journal is, for people.</summary>
    public string Journal => _journal.Description;

    /// <summary>The model of the agent when a run chooses none; null when the agent plays a script.</summary>
    public ModelName? Model => _models.Default;

    /// <summary>Opens the journal, and starts on it.</summary>
    /// <exception cref="IOException">
    /// The folder cannot be made, another server is at work on it, what is in it is no data of ours, or the database
    /// cannot be used.
    /// </exception>
    public static async Task<ServerRuntime> StartAsync(
        ServerOptions options, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var journal = await OpenJournal.OpenAsync(options.Journal, TimeProvider.System, logs, cancellationToken);
        HttpWebhookSender? webhooks = null;
        ServedModels? models = null;
        try
        {
            var config = ServerConfiguration.Read(journal, Environment.GetEnvironmentVariable);
            webhooks = new HttpWebhookSender(HttpWebhookOptions.From(config), TimeProvider.System);
            models = await ServedModels.StartAsync(options, config, logs, cancellationToken);
            var runtime = await ActorRunsRuntime.StartAsync(
                config,
                new GraphRegistry(models.Agents(options)),
                options.Address is { } listens ? journal.StoresOf(MemberAddress.Of(config, listens)) : journal.Stores,
                TimeProvider.System,
                webhooks,
                cancellationToken);
            return new ServerRuntime(runtime, webhooks, models, journal);
        }
        catch
        {
            webhooks?.Dispose();
            if (models is not null)
                await models.DisposeAsync();
            await journal.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the runtime, then what its threads use, and lets go of the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        await Runtime.DisposeAsync();
        _webhooks.Dispose();
        await _models.DisposeAsync();
        await _journal.DisposeAsync();
    }
}
