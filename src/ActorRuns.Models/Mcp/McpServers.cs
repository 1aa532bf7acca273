using System.Text.RegularExpressions;
using ActorRuns.Agents;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace ActorRuns.Models.Mcp;

/// <summary>
/// The MCP servers that agents use the tools of. Disposing it ends the servers that were started; do so when no run
/// calls a tool any more.
/// </summary>
public sealed partial class McpServers : IAsyncDisposable
{
    private const int MaxName = 64; // OpenAI takes no longer one.

    private readonly List<McpConnection> _connections = [];
    private readonly List<AIFunction> _tools = [];

    private McpServers()
    {
    }

    /// <summary>
    /// The tools of all servers, each named <c>server__tool</c>. What its annotations say of it is its
    /// <see cref="ToolContract"/>.
    /// </summary>
    public IReadOnlyList<AIFunction> Tools => _tools;

    /// <summary>Starts the servers and asks for their tools.</summary>
    /// <param name="servers">The servers.</param>
    /// <param name="options">How patiently they are started.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">Where the lost and the optional ones are told of.</param>
    /// <param name="cancellationToken">Gives up the start; what was started is ended.</param>
    /// <exception cref="McpServerException">
    /// A server that is not optional cannot be reached, or two tools come to the same name.
    /// </exception>
    public static async Task<McpServers> StartAsync(
        IReadOnlyList<McpServerEntry> servers,
        McpOptions options,
        TimeProvider time,
        ILoggerFactory logs,
        CancellationToken cancellationToken)
    {
        var all = new McpServers();
        try
        {
            foreach (var server in servers)
                await all.AddAsync(new McpConnection(server, options, time, logs), logs, cancellationToken);
            return all;
        }
        catch
        {
            await all.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
            await connection.DisposeAsync();
    }

    private async Task AddAsync(McpConnection connection, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        _connections.Add(connection);
        try
        {
            var client = await connection.OpenAsync(cancellationToken);
            foreach (var tool in await client.ListToolsAsync(cancellationToken: cancellationToken))
                Add(connection, tool);
        }
        catch (McpServerException fault) when (connection.Server.IsOptional)
        {
            logs.CreateLogger<McpServers>().LogWarning(
                "MCP server {Server} is optional and left out: {Fault}", connection.Server.Name, fault.Message);
        }
    }

    private void Add(McpConnection connection, McpClientTool tool)
    {
        var whole = $"{connection.Server.Name}__{Unfit().Replace(tool.ProtocolTool.Name, "_")}";
        var name = whole.Length <= MaxName ? whole : whole[..MaxName];
        if (_tools.Exists(known => known.Name == name))
            throw new McpServerException($"MCP server '{connection.Server.Name}' has two tools that come to '{name}'.");
        _tools.Add(new McpTool(name, connection, tool)
            .With(new ToolContract { Effect = EffectOf(tool.ProtocolTool.Annotations) }));
    }

    /// <summary>What a tool says of itself; one that says nothing is taken for one that only looks.</summary>
    internal static ToolEffect EffectOf(ToolAnnotations? says) => says switch
    {
        null or { ReadOnlyHint: true } => ToolEffect.None,
        { IdempotentHint: true } => ToolEffect.Idempotent,
        { ReadOnlyHint: null, IdempotentHint: null, DestructiveHint: null } => ToolEffect.None,
        _ => ToolEffect.AtMostOnce,
    };

    [GeneratedRegex("[^A-Za-z0-9_-]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unfit();
}
