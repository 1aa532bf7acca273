using ActorRuns.Server.Tests.Processes;
using Xunit;

namespace ActorRuns.Server.Tests.Wire;

/// <summary>
/// The server that all areas of the contract talk to, and the client that they do it with. Its agents take no time
/// unless a test says so.
/// </summary>
/// <param name="client">The folder whose lock file names the client.</param>
public abstract class ContractServer(string client) : IAsyncLifetime, IDisposable
{
    private readonly ScratchFolder _data = new();
    private ServerProcess? _server;
    private NodeWorkspace? _node;

    /// <summary>Where its PostgreSQL database is; null for one on a data folder.</summary>
    private protected virtual string? Postgres => null;

    internal ServerProcess Server => _server ?? throw new InvalidOperationException("The server is not started.");

    internal NodeWorkspace Node => _node ?? throw new InvalidOperationException("The client is not installed.");

    public async Task InitializeAsync()
    {
        _node = await NodeWorkspace.OpenAsync(client);
        _server = Postgres is { } postgres
            ? await ServerProcess.StartAsync(_data, postgres, ServerProcess.AtOnce)
            : await ServerProcess.StartAsync(_data, ServerProcess.AtOnce);
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    public void Dispose()
    {
        _data.Dispose();
        GC.SuppressFinalize(this);
    }
}
