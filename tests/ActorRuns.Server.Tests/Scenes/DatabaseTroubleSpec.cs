using System.Diagnostics;
using System.Net;
using ActorRuns.Engine.Tests.Persistence;
using ActorRuns.Server.Tests.Processes;
using Npgsql;
using Xunit;
using static ActorRuns.Server.Tests.Processes.WireClient;

namespace ActorRuns.Server.Tests.Scenes;

/// <summary>
/// What becomes of a server under load when its PostgreSQL has trouble: nothing that was accepted is lost, no run is
/// stuck, and who asks meanwhile is told to come back, or waits while the member may get its threads back.
/// </summary>
public sealed class DatabaseTroubleSpec(PostgreSqlServer postgres) : IClassFixture<PostgreSqlServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // Beyond what a write may take (circuit-breaker.call-timeout in hocon/postgres.conf).
    private static readonly TimeSpan TooLong = TimeSpan.FromSeconds(11);

    [Fact]
    public async Task A_server_that_was_restarted()
    {
        using var folder = new ScratchFolder();
        await using var server = await ServerProcess.StartAsync(folder, NewDatabase(postgres.Port));
        await using var clients = new StubbornClients(server.Address, 4);
        await clients.AcceptAsync(20).WaitAsync(Patience);

        postgres.Stop();
        try
        {
            await ReadyAsync(server, HttpStatusCode.ServiceUnavailable);
        }
        finally
        {
            postgres.Start();
        }

        await ReadyAsync(server, HttpStatusCode.OK);
        await clients.AcceptAsync(20).WaitAsync(Patience);
        await EndAsync(server, clients);
        Assert.True(clients.ToldToWait > 0);
    }

    [Fact]
    public async Task Lines_that_were_cut()
    {
        using var folder = new ScratchFolder();
        await using var line = new UnsteadyLine(postgres.Port);
        await using var server = await ServerProcess.StartAsync(folder, NewDatabase(line.Port));
        await using var clients = new StubbornClients(server.Address, 4);

        for (var cut = 0; cut < 5; cut++)
        {
            await clients.AcceptAsync(10).WaitAsync(Patience);
            Assert.NotEqual(0, line.Cut());
        }

        await clients.AcceptAsync(10).WaitAsync(Patience);
        await EndAsync(server, clients);
    }

    [Fact]
    public async Task A_server_that_did_not_answer_for_longer_than_a_write_may_take()
    {
        using var folder = new ScratchFolder();
        await using var line = new UnsteadyLine(postgres.Port);
        await using var server = await ServerProcess.StartAsync(folder, NewDatabase(line.Port));
        await using var clients = new StubbornClients(server.Address, 4);
        await clients.AcceptAsync(20).WaitAsync(Patience);

        line.Hold();
        var held = Stopwatch.GetTimestamp();
        await ReadyAsync(server, HttpStatusCode.ServiceUnavailable);
        await Task.Delay(TooLong - Stopwatch.GetElapsedTime(held)); // The time itself is what is tested.
        line.LetGo();

        await ReadyAsync(server, HttpStatusCode.OK);
        await clients.AcceptAsync(20).WaitAsync(Patience);
        await EndAsync(server, clients);
    }

    /// <summary>Every run that was accepted ends well, and all threads are found.</summary>
    private static async Task EndAsync(ServerProcess server, StubbornClients clients)
    {
        await clients.StopAsync();
        Assert.Empty(clients.Wrong);
        foreach (var (thread, run) in clients.Accepted)
        {
            await server.Client.GetAsync($"threads/{thread}/runs/{run}/join").WaitAsync(Patience);
            Assert.Equal("success", Text(await server.Client.GetAsync($"threads/{thread}/runs/{run}"), "status"));
        }

        var found = await server.Client.PostAsync("threads/search", new { limit = 1000, status = "idle" });
        var ids = found.EnumerateArray().Select(thread => Text(thread, "thread_id")).ToHashSet(StringComparer.Ordinal);
        Assert.All(clients.Accepted, accepted => Assert.Contains(accepted.Thread, ids));
    }

    /// <summary>Asks whether the server is ready until it answers so.</summary>
    private static async Task ReadyAsync(ServerProcess server, HttpStatusCode expected)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var began = Stopwatch.GetTimestamp();
        while (await again.WaitForNextTickAsync())
        {
            using var answer = await http.GetAsync("health/ready");
            if (answer.StatusCode == expected)
                return;
            if (Stopwatch.GetElapsedTime(began) > Patience)
                Assert.Fail($"/health/ready did not come to {expected} in {Patience}: "
                    + $"{await answer.Content.ReadAsStringAsync()}\n{server.Output}");
        }
    }

    private string NewDatabase(int port)
    {
        var name = $"trouble_{Guid.NewGuid():N}";
        postgres.Execute($"create database {name}");
        return new NpgsqlConnectionStringBuilder(postgres.ConnectionString(name)) { Port = port }.ToString();
    }
}
