using System.Text.Json;
using ActorRuns.Server.Agents;
using ActorRuns.Server.Tests.Processes;
using Npgsql;
using Xunit;

namespace ActorRuns.Cluster.Tests;

/// <summary>
/// Members that go, crash, are held up and come: what was accepted goes on, and clients hardly see it.
/// </summary>
public sealed class FaultSpec
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private static readonly DemoDelays Slow = new(
        Model: TimeSpan.FromMilliseconds(700),
        Token: TimeSpan.FromMilliseconds(20),
        Tool: TimeSpan.FromMilliseconds(700));

    [Fact]
    public async Task Who_is_told_to_stop_hands_its_runs_over_and_no_client_sees_an_error()
    {
        await using var cluster = new TestCluster();
        var members = await cluster.StartAsync(2, Slow);
        var (leaver, stayer) = (members[0], members[1]);
        var waits = new List<Task<JsonElement>>();
        var streams = new List<Task<IReadOnlyList<string>>>();
        var runs = new List<string>();
        for (var number = 0; number < 6; number++)
        {
            var thread = await TestCluster.NewThreadAsync(leaver, through: stayer);
            runs.Add(thread);
            var through = number % 2 is 0 ? leaver : stayer;
            if (number < 3) // Who waits on the leaver itself longer than that takes to go has to ask again.
                waits.Add(stayer.Client.PostAsync($"threads/{thread}/runs/wait", RunBody.Ask("Oslo")));
            else
                streams.Add(ReadAsync(through, thread, then: stayer));
        }

        await Task.WhenAll(runs.Select(thread => BeganAsync(stayer, thread)));
        var ended = await leaver.StopAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(0, ended.ExitCode);
        foreach (var outcome in await Task.WhenAll(waits))
            Assert.NotEmpty(outcome.GetProperty("messages").EnumerateArray());
        foreach (var ids in await Task.WhenAll(streams))
            Assert.Equal(ids.Distinct(StringComparer.Ordinal), ids);
        foreach (var thread in runs)
        {
            var run = (await stayer.Client.GetAsync($"threads/{thread}/runs")).EnumerateArray().Single();
            Assert.Equal("success", run.GetProperty("status").GetString());
        }

        Assert.DoesNotContain("was lost in attempt", ended.Output, StringComparison.Ordinal);
        await TestCluster.SharesAsync(stayer);
    }

    [Fact]
    public async Task The_threads_of_who_is_killed_are_served_elsewhere_soon_and_their_streams_go_on()
    {
        await using var cluster = new TestCluster();
        var members = await cluster.StartAsync(2, Slow);
        var (victim, survivor) = (members[0], members[1]);
        var thread = await TestCluster.NewThreadAsync(victim, through: survivor);
        var reading = ReadAsync(survivor, thread);
        await BeganAsync(survivor, thread);

        await victim.KillAsync();
        var killed = TimeProvider.System.GetTimestamp();
        await survivor.Client.GetAsync($"threads/{thread}");
        var servedAfter = TimeProvider.System.GetElapsedTime(killed);
        var ids = await reading;

        Assert.True(servedAfter <= TestCluster.Ttl + Grace, $"It took {servedAfter}.");
        Assert.Equal(ids.Distinct(StringComparer.Ordinal), ids);
        var run = (await survivor.Client.GetAsync($"threads/{thread}/runs")).EnumerateArray().Single();
        Assert.Equal("success", run.GetProperty("status").GetString());
        Assert.Equal(ids, await IdsOfAsync(survivor, thread, run.GetProperty("run_id").GetString()!, ids));
    }

    [Fact]
    public async Task Who_was_held_up_too_long_writes_nothing_and_comes_back()
    {
        await using var cluster = new TestCluster();
        var members = await cluster.StartAsync(2, Slow);
        var (stale, other) = (members[0], members[1]);
        var thread = await TestCluster.NewThreadAsync(stale, through: other);
        var started = await other.Client.StartAsync(thread, RunBody.Ask("Oslo"));
        await BeganAsync(other, thread);

        await stale.HoldUpAsync();
        var end = await TestCluster.EndAsync(other, thread, started);
        var before = await HighestAsync(cluster, thread);
        await stale.GoOnAsync();
        await TestCluster.SharesAsync(stale, other);

        Assert.Equal("success", end);
        Assert.Equal(before, await HighestAsync(cluster, thread));
        Assert.Contains("has lost", stale.Output, StringComparison.Ordinal);
        var again = await stale.Client.PostAsync($"threads/{thread}/runs/wait", RunBody.Ask("Rome"));
        Assert.NotEmpty(again.GetProperty("messages").EnumerateArray());
    }

    [Fact]
    public async Task Who_joins_takes_its_share_and_no_request_fails()
    {
        await using var cluster = new TestCluster();
        var members = await cluster.StartAsync(2, ServerProcess.AtOnce);
        using var enough = new CancellationTokenSource();
        var load = Task.WhenAll(members.Concat(members).Select(async member =>
        {
            var served = 0;
            while (!enough.IsCancellationRequested)
            {
                var thread = await member.Client.NewThreadAsync();
                var answer = await member.Client.PostAsync($"threads/{thread}/runs/wait", RunBody.Ask("Oslo"));
                Assert.NotEmpty(answer.GetProperty("messages").EnumerateArray());
                served++;
            }

            return served;
        }));

        var third = await cluster.JoinAsync(ServerProcess.AtOnce);
        await TestCluster.SharesAsync(members[0], members[1], third);
        await enough.CancelAsync();

        Assert.All(await load, served => Assert.True(served > 0));
    }

    /// <summary>Waits until the run of a thread is at work.</summary>
    private static Task BeganAsync(ServerProcess through, string thread) =>
        TestCluster.UntilAsync($"the run of {thread} is at work", async () =>
        {
            var runs = await through.Client.GetAsync($"threads/{thread}/runs");
            return runs.EnumerateArray().Any(run => run.GetProperty("status").GetString() is "running");
        });

    /// <summary>
    /// The ids of the events of a new run; a reader that is cut off reads on through another member, as SDKs do.
    /// </summary>
    private static async Task<IReadOnlyList<string>> ReadAsync(
        ServerProcess through, string thread, ServerProcess? then = null)
    {
        var ids = new List<string>();
        try
        {
            await foreach (var e in through.Client.StreamAsync(
                HttpMethod.Post, $"threads/{thread}/runs/stream", RunBody.Ask("Oslo")))
            {
                ids.Add($"{e.EventId}");
            }
        }
        catch (Exception cut) when (then is not null && cut is (HttpRequestException or IOException))
        {
            var run = (await then.Client.GetAsync($"threads/{thread}/runs")).EnumerateArray().Single();
            var place = $"threads/{thread}/runs/{run.GetProperty("run_id").GetString()}/stream";
            await foreach (var e in then.Client.StreamAsync(HttpMethod.Get, place, lastEventId: ids[^1]))
                ids.Add($"{e.EventId}");
        }

        return ids;
    }

    /// <summary>The ids of a stream that is read anew, as far as they are among those that were read before.</summary>
    private static async Task<IReadOnlyList<string>> IdsOfAsync(
        ServerProcess through, string thread, string run, IReadOnlyList<string> known)
    {
        var ids = new List<string>();
        await foreach (var e in through.Client.StreamAsync(HttpMethod.Get, $"threads/{thread}/runs/{run}/stream"))
            ids.Add($"{e.EventId}");
        return [.. ids.Where(known.Contains)];
    }

    /// <summary>The number of the last fact of a thread.</summary>
    private static async Task<long> HighestAsync(TestCluster cluster, string thread)
    {
        await using var connection = new NpgsqlConnection($"{cluster.Database};Pooling=False");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "select max(sequence_number) from journal where persistence_id = $1", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = $"thread-{thread}" });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
