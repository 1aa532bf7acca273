using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ActorRuns.Chaos.World;

/// <summary>Stands between members: what one forwards to another goes through it, and can be cut.</summary>
internal sealed class CuttableProxy : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<Socket, Socket> _open = new();
    private readonly int _target;
    private readonly Task _accepting;

    /// <param name="target">The port of the loopback address that it leads to.</param>
    public CuttableProxy(int target)
    {
        _target = target;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Address = new Uri($"http://{_listener.LocalEndPoint}");
        _accepting = AcceptAsync();
    }

    /// <summary>Where others reach the target.</summary>
    public Uri Address { get; }

    /// <summary>Resets every connection that is open.</summary>
    public void Cut()
    {
        foreach (var (near, far) in _open)
        {
            Reset(near);
            Reset(far);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        Cut();
        await _accepting;
        _listener.Dispose();
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = CarryAsync(await _listener.AcceptAsync(_closing.Token));
        }
        catch (OperationCanceledException)
        {
            // Closed.
        }
    }

    private async Task CarryAsync(Socket near)
    {
        var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await far.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _target), _closing.Token);
            _open[near] = far;
            await Task.WhenAny(PumpAsync(near, far), PumpAsync(far, near));
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException)
        {
            // The member is not there: whoever asked sees a connection that ends.
        }
        finally
        {
            _open.TryRemove(near, out _);
            Reset(near);
            Reset(far);
        }
    }

    private static async Task PumpAsync(Socket from, Socket to)
    {
        await using var source = new NetworkStream(from);
        await using var target = new NetworkStream(to);
        try
        {
            await source.CopyToAsync(target);
        }
        catch (Exception cut) when (cut is IOException or ObjectDisposedException)
        {
            // The other direction ends with this one.
        }
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // It is closed already.
        }

        socket.Dispose();
    }
}
