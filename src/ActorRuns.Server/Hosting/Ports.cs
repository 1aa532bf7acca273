using System.Net;
using System.Net.Sockets;

namespace ActorRuns.Server.Hosting;

/// <summary>Finds a port to listen on when nobody asked for one.</summary>
internal static class Ports
{
    private const int Tries = 100;

    /// <summary>The port itself, or the next one above it that is free on the loopback address.</summary>
    /// <exception cref="IOException">None of the next hundred is free.</exception>
    public static int FreeFrom(int port)
    {
        for (var candidate = port; candidate < port + Tries; candidate++)
        {
            if (IsFree(candidate))
                return candidate;
        }

        throw new IOException($"No port from {port} to {port + Tries - 1} is free on {IPAddress.Loopback}.");
    }

    /// <summary>A port that is free now; whoever takes it first has it.</summary>
    public static int AnyFree()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
