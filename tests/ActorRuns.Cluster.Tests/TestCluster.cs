using System.Text.Json;
using ActorRuns.Server.Agents;
using ActorRuns.Server.Tests.Processes;
using ActorRuns.Threads;

namespace ActorRuns.Cluster.Tests;

/// <summary>Servers as processes of their own, members of one cluster on a database of their own.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    /// <summary>Short, so that what waits for it does not take long; longer than a busy machine stalls for.</summary>
    public static readonly TimeSpan Ttl = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _database = PostgreSqlJournals.New();
    private readonly ScratchFolder _folder = new();
    private readonly List<ServerProcess> _members = [];

    /// <summary>The database that they share.</summary>
    public string Database => _database;

    /// <summary>Starts members, and returns when each has its share.</summary>
    public async Task<ServerProcess[]> StartAsync(int count, DemoDelays delays)
    {
        var members = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => JoinAsync(delays)));
        await SharesAsync(members);
        return members;
    }

    /// <summary>Starts one more member.</summary>
    public async Task<ServerProcess> JoinAsync(DemoDelays delays)
    {
        var member = await ServerProcess.StartAsync(
            ["--urls", "http://127.0.0.1:0"],
            _folder.FullName,
            delays,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ACTORRUNS_POSTGRES"] = _database,
                ["ACTORRUNS_CLUSTER_TTL"] = $"{Ttl.TotalMilliseconds}ms",
                ["ACTORRUNS_CLUSTER_DRAIN"] = "10s",
            });
        lock (_members)
            _members.Add(member);
        return member;
    }

    /// <summary>
    /// Waits until members, and nobody else, own all shards, each its share, and all of them know it.
    /// </summary>
    public static Task SharesAsync(params ServerProcess[] members) => UntilAsync("each has its share", async () =>
    {
        foreach (var member in members)
        {
            var view = await member.Client.GetAsync("cluster");
            var shares = view.GetProperty("members").EnumerateArray()
                .Select(other => (Address: other.GetProperty("address").GetString(), Shards: Number(other, "shards")))
                .ToList();
            var isFair = shares.Sum(share => share.Shards) is Shard.Count
                && shares.TrueForAll(share => share.Shards >= Shard.Count / members.Length)
                && members.All(known => shares.Exists(share => new Uri(share.Address!) == known.Address))
                && shares.Count == members.Length;
            if (!isFair)
                return false;
        }

        return true;
    });

    /// <summary>Waits until something is so.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> isSo)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
                throw new TimeoutException($"It did not come about within {Patience} that {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    /// <summary>A thread that a member executes, made through another one.</summary>
    public static async Task<string> NewThreadAsync(ServerProcess owner, ServerProcess through)
    {
        var view = await owner.Client.GetAsync("cluster");
        var self = view.GetProperty("member").GetString();
        var owned = view.GetProperty("shards").EnumerateArray()
            .Where(shard => shard.GetProperty("member_id").GetString() == self)
            .Select(shard => new Shard(Number(shard, "shard")))
            .ToHashSet();
        Guid id;
        do
            id = Guid.NewGuid();
        while (!owned.Contains(Shard.Of(new ThreadId(id))));
        await through.Client.PostAsync("threads", new { thread_id = $"{id}" });
        return $"{id}";
    }

    /// <summary>Waits until a run has ended, as a member tells it; errors in between are errors of the test.</summary>
    public static async Task<string> EndAsync(ServerProcess through, string thread, string run)
    {
        var status = "";
        await UntilAsync($"run {run} has ended", async () =>
        {
            status = (await through.Client.GetAsync($"threads/{thread}/runs/{run}")).GetProperty("status").GetString()!;
            return status is not ("pending" or "running");
        });
        return status;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
            await member.DisposeAsync();
        _folder.Dispose();
    }

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
