using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace ActorRuns.Models.Mcp;

/// <summary>
/// The connection to one MCP server: made when it is first used, and made again, at the next use, when it was lost. A
/// server that does not start is left alone for a while.
/// </summary>
internal sealed class McpConnection(
    McpServerEntry server, McpOptions options, TimeProvider time, ILoggerFactory logs) : IAsyncDisposable
{
    // After that a server that does not end when its input does is killed.
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(2);

    private readonly ILogger _log = logs.CreateLogger<McpConnection>();
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile McpClient? _client;
    private long _calls;
    private DateTimeOffset _notBefore;
    private string _fault = string.Empty;
    private bool _isDisposed;

    public McpServerEntry Server => server;

    /// <summary>The live connection.</summary>
    /// <exception cref="McpServerException">The server cannot be reached, or could not a moment ago.</exception>
    public async Task<McpClient> OpenAsync(CancellationToken cancellationToken)
    {
        if (_client is { Completion.IsCompleted: false } live)
            return live;

        await _gate.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_client is { Completion.IsCompleted: false } now)
                return now; // Made while we waited.

            await DropAsync();
            if (time.GetUtcNow() < _notBefore)
                throw Down(_fault, cause: null);
            return _client = await StartAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Calls a tool.</summary>
    /// <exception cref="McpServerException">The server cannot be reached, or was lost in the call.</exception>
    public async Task<CallToolResult> CallAsync(
        string tool, IDictionary<string, JsonElement> arguments, CancellationToken cancellationToken)
    {
        var client = await OpenAsync(cancellationToken);
        var id = new RequestId($"call-{Interlocked.Increment(ref _calls)}");
        try
        {
            return await client.SendRequestAsync<CallToolRequestParams, CallToolResult>(
                RequestMethods.ToolsCall,
                new CallToolRequestParams { Name = tool, Arguments = arguments },
                McpJsonUtilities.DefaultOptions,
                id,
                cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await TellCancelledAsync(client, id);
            throw;
        }
        catch (Exception fault) when (
            !cancellationToken.IsCancellationRequested
            && (client.Completion.IsCompleted || fault is IOException or HttpRequestException))
        {
            if (ReferenceEquals(_client, client))
                await LoseAsync(client);
            throw new McpServerException(
                $"MCP server '{server.Name}' was lost while '{tool}' was at work; whether it had any effect is "
                + "unknown. It is started again at its next use.",
                fault);
        }
    }

    /// <summary>The client only stops waiting when it is cancelled; the server would work on for nobody.</summary>
    private async Task TellCancelledAsync(McpClient client, RequestId id)
    {
        using var late = new CancellationTokenSource(ShutdownTimeout, time);
        try
        {
            await client.SendNotificationAsync(
                NotificationMethods.CancelledNotification,
                new CancelledNotificationParams { RequestId = id, Reason = "The run was stopped." },
                McpJsonUtilities.DefaultOptions,
                late.Token);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException or McpException
            or InvalidOperationException or OperationCanceledException)
        {
            _log.LogDebug(fault, "MCP server {Server} could not be told of a cancelled call", server.Name);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync(CancellationToken.None); // Whoever starts it is bounded by the start's timeout.
        try
        {
            _isDisposed = true;
            await DropAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<McpClient> StartAsync(CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(options.StartTimeout, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            var client = await McpClient.CreateAsync(
                NewTransport(),
                new McpClientOptions
                {
                    ClientInfo = new Implementation { Name = "ActorRuns", Version = "0.1" },
                    InitializationTimeout = options.StartTimeout,
                },
                logs,
                ending.Token);
            _log.LogInformation("MCP server {Server} is connected", server.Name);
            return client;
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            _fault = late.IsCancellationRequested ? $"it did not start within {options.StartTimeout}." : fault.Message;
            _notBefore = time.GetUtcNow() + options.RestartPause;
            throw Down(_fault, fault);
        }
    }

    private IClientTransport NewTransport() => server.Address is { } address
        ? new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = address,
                Name = server.Name,
                TransportMode = HttpTransportMode.StreamableHttp,
                ConnectionTimeout = options.StartTimeout,
                AdditionalHeaders = new Dictionary<string, string>(server.Headers),
            },
            logs)
        : new StdioClientTransport(
            new StdioClientTransportOptions
            {
                Command = server.Command!, // A server has an address or a command.
                Arguments = [.. server.Arguments],
                Name = server.Name,
                WorkingDirectory = server.Folder,
                InheritEnvironmentVariables = false, // Our keys are not for it.
                EnvironmentVariables = EnvironmentOf(server),
                ShutdownTimeout = ShutdownTimeout,
                StandardErrorLines = line => _log.LogDebug("MCP server {Server}: {Line}", server.Name, line),
            },
            logs);

    private static Dictionary<string, string?> EnvironmentOf(McpServerEntry server)
    {
        var variables = StdioClientTransportOptions.GetDefaultEnvironmentVariables();
        foreach (var (name, value) in server.Environment)
            variables[name] = value;
        return variables!; // Of those that are inherited none is without a value.
    }

    private async Task LoseAsync(McpClient client)
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            if (ReferenceEquals(_client, client))
                await DropAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task DropAsync()
    {
        if (_client is not { } client)
            return;

        _client = null;
        try
        {
            await client.DisposeAsync();
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException or McpException)
        {
            _log.LogDebug(fault, "MCP server {Server} was gone already", server.Name);
        }
    }

    private McpServerException Down(string fault, Exception? cause) => new(
        string.Create(CultureInfo.InvariantCulture, $"MCP server '{server.Name}' cannot be reached: {fault}"), cause);
}
