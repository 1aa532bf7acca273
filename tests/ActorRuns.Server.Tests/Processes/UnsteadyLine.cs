using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ActorRuns.Server.Tests.Processes;

/// <summary>A way to a port of this machine that can be cut, or held up: what is sent then comes later.</summary>
internal sealed class UnsteadyLine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, TcpClient> _lines = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly int _to;
    private readonly Task _accepting;
    private volatile TaskCompletionSource _open = Opened();

    public UnsteadyLine(int to)
    {
        _to = to;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The port to connect to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Nothing passes any more, in either direction, until it is let go.</summary>
    public void Hold() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What has waited passes.</summary>
    public void LetGo() => _open.TrySetResult();

    /// <summary>Breaks every connection there is; new ones can be made.</summary>
    /// <returns>How many there were.</returns>
    public int Cut()
    {
        var cut = _lines.ToArray();
        foreach (var (near, far) in cut)
            End(near, far);
        return cut.Length;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        LetGo();
        Cut();
        await _accepting;
        _closing.Dispose();
    }

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();
        return opened;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = PassAsync(await _listener.AcceptTcpClientAsync(_closing.Token));
        }
        catch (OperationCanceledException)
        {
            // It is closed.
        }
    }

    private async Task PassAsync(TcpClient near)
    {
        var far = new TcpClient();
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _to);
            near.NoDelay = far.NoDelay = true;
            _lines[near] = far;
            var (here, there) = (near.GetStream(), far.GetStream());
            await Task.WhenAny(PassAsync(here, there), PassAsync(there, here));
        }
        catch (Exception broken) when (broken is SocketException or IOException or ObjectDisposedException)
        {
            // As it is when it was cut, or nobody is at the other end.
        }
        finally
        {
            End(near, far);
        }
    }

    private async Task PassAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer) is > 0 and var read)
        {
            await _open.Task;
            await to.WriteAsync(buffer.AsMemory(..read));
        }
    }

    private void End(TcpClient near, TcpClient far)
    {
        _lines.TryRemove(near, out _);
        near.Dispose();
        far.Dispose();
    }
}
