using System.Net;
using System.Net.Sockets;

namespace ActorRuns.Chaos.World;

/// <summary>All members: the same addresses for as long as the world lasts, whoever is up.</summary>
internal sealed class ChaosMembers : IAsyncDisposable
{
    private readonly List<ChaosMember> _members;

    private ChaosMembers(List<ChaosMember> members) => _members = members;

    /// <summary>Each of them, up or not.</summary>
    public IReadOnlyList<ChaosMember> All => _members;

    /// <summary>Starts them at the same time, on an empty database: each finds no tables.</summary>
    public static async Task<ChaosMembers> StartAsync(int count, string database)
    {
        var members = Enumerable.Range(1, count)
            .Select(number => new ChaosMember(number, FreePort(), database))
            .ToList();
        await Task.WhenAll(members.Select(member => member.StartAsync()));
        return new ChaosMembers(members);
    }

    /// <summary>Any of them; it may be down.</summary>
    public ChaosMember Any(Chance chance) => chance.Of(_members);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
            await member.DisposeAsync();
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
