using ActorRuns.Graphs;
using ActorRuns.Models;
using ActorRuns.Models.Mcp;
using ActorRuns.Server.Agents;
using Akka.Configuration;

namespace ActorRuns.Server.Hosting;

/// <summary>The models that the server's agent talks to, and the MCP servers whose tools it uses.</summary>
internal sealed class ServedModels : IAsyncDisposable
{
    private readonly ModelCatalog _models;
    private readonly McpServers? _servers;
    private readonly string _instructions;

    private ServedModels(ModelCatalog models, McpServers? servers, string instructions)
    {
        _models = models;
        _servers = servers;
        _instructions = instructions;
    }

    /// <summary>The model of runs that choose none; null when no model is configured.</summary>
    public ModelName? Default => _models.Default;

    /// <summary>Reads what is configured, and starts the MCP servers if there is a model to use them.</summary>
    /// <exception cref="ConfigurationException">Settings are out of bounds.</exception>
    /// <exception cref="ModelException">A model cannot be asked.</exception>
    /// <exception cref="McpServerException">An MCP server cannot be used.</exception>
    public static async Task<ServedModels> StartAsync(
        ServerOptions options, Config config, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var modelOptions = options.UsesModels ? ModelConfiguration.From(config) : new ModelOptions();
        var models = new ModelCatalog(modelOptions, TimeProvider.System);
        try
        {
            var servers = options.UsesModels
                ? await StartServersAsync(models, McpConfiguration.From(config), logs, cancellationToken)
                : null;
            return new ServedModels(models, servers, modelOptions.Instructions);
        }
        catch
        {
            models.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The demo agents; of a configured model, the one that talks to it in the place of the weather's.
    /// </summary>
    public IEnumerable<AgentGraph> Agents(ServerOptions options)
    {
        var demo = DemoAgents.Create(options.Delays);
        return _models.Default is null
            ? demo
            : demo.Where(graph => graph.Id.Value != DemoAgents.WeatherName)
                .Append(ModelAgent.Create(_models, _instructions, [.. _servers?.Tools ?? []]));
    }

    /// <summary>Ends the MCP servers that were started, and the connections to providers.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_servers is not null)
            await _servers.DisposeAsync();
        _models.Dispose();
    }

    /// <summary>Reads the file also when no model will use it, so that its faults are told.</summary>
    private static async Task<McpServers?> StartServersAsync(
        ModelCatalog models, McpOptions options, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        if (options.ServersFile.Length is 0)
            return null;

        var servers = McpServersFile.Read(options.ServersFile, Environment.GetEnvironmentVariable);
        if (models.Default is not null)
            return await McpServers.StartAsync(servers, options, TimeProvider.System, logs, cancellationToken);

        logs.CreateLogger<ServedModels>().LogWarning(
            "No model is configured to use the tools of {Servers} MCP servers; none of them is started",
            servers.Count);
        return null;
    }
}
