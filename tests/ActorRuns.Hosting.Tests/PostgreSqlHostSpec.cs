using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ActorRuns.Client;
using ActorRuns.Engine.Tests.Persistence;
using ActorRuns.Runs;
using ActorRuns.Store;
using ActorRuns.Tests;
using ActorRuns.Threads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace ActorRuns.Hosting.Tests;

/// <summary>A runtime whose journal and stores are in PostgreSQL.</summary>
public sealed class PostgreSqlHostSpec(PostgreSqlServer server) : IClassFixture<PostgreSqlServer>
{
    private readonly GatedGraph _graph = new();

    private static CancellationToken InTime => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    [Fact]
    public async Task What_was_accepted_is_there_when_the_host_starts_again_and_what_was_at_work_goes_on()
    {
        var database = NewDatabase();
        using var first = await StartedAsync(database);
        var threads = first.Services.GetRequiredService<IThreads>();
        var thread = await threads.CreateAsync(new NewThread(), InTime);
        var run = await threads.SubmitAsync(thread.Id, NewRun.Say("gated", "hi"), InTime);
        Assert.True(ItemNamespace.TryCreate(["a"], out var space));
        await RuntimeOf(first).Items.PutAsync(space, "k", JsonElement.Parse("{}"), ttl: null, InTime);
        _graph.Next();
        await first.StopAsync(InTime);

        using var second = await StartedAsync(database);
        _graph.Next().Answer("hello");
        var ended = await second.Services.GetRequiredService<IThreads>().AwaitEndAsync(thread.Id, run.Id, InTime);

        Assert.Equal((RunStatus.Success, 2), (ended.Run!.Status, ended.Run.Attempt));
        Assert.NotNull(await RuntimeOf(second).Items.GetAsync(space, "k", refreshesTtl: false, InTime));
        var found = await RuntimeOf(second).Index.SearchAsync(new ThreadQuery(), InTime);
        Assert.Equal(thread.Id, Assert.Single(found.Threads));
        await second.StopAsync(InTime);
    }

    [Fact]
    public async Task A_database_is_one_runtimes_at_a_time()
    {
        var database = NewDatabase();
        using var first = await StartedAsync(database);

        var taken = await Assert.ThrowsAsync<IOException>(() => StartedAsync(database));
        await first.StopAsync(InTime);
        using var second = await StartedAsync(database);
        await second.StopAsync(InTime);

        Assert.Contains("Another runtime is at work on the PostgreSQL database 'host_", taken.Message);
    }

    [Fact]
    public async Task Of_runtimes_that_start_on_an_empty_database_at_the_same_time_one_starts()
    {
        var database = NewDatabase();

        var hosts = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            try
            {
                return await StartedAsync(database);
            }
            catch (IOException)
            {
                return null;
            }
        }));

        var host = Assert.Single(hosts, host => host is not null)!; // It is not.
        await host.StopAsync(InTime);
        host.Dispose();
    }

    [Fact]
    public async Task Hosts_that_join_a_cluster_share_the_threads_and_each_answers_for_all()
    {
        var database = NewDatabase();
        var members = await Task.WhenAll(MemberAsync(database), MemberAsync(database));
        var clients = members.Select(member => member.Services.GetRequiredService<IThreads>()).ToList();

        // Which member executes a thread is the threads' own affair: some are of the one, and some of the other.
        var texts = Enumerable.Range(0, 8).Select(number => $"hello {number}").ToList();
        var made = new List<ThreadId>();
        foreach (var (number, text) in texts.Index())
        {
            var thread = await clients[number % 2].CreateAsync(new NewThread(), InTime);
            made.Add(thread.Id);
            await clients[number % 2].SubmitAsync(thread.Id, NewRun.Say("gated", text), InTime);
            _graph.Next().Answer(text);
        }

        foreach (var (number, thread) in made.Index())
        {
            var other = clients[(number + 1) % 2];
            var run = Assert.Single(await other.ReadRunsAsync(thread, 10, InTime));
            Assert.Equal(RunStatus.Success, (await other.AwaitEndAsync(thread, run.Id, InTime)).Run!.Status);
        }

        foreach (var member in members)
        {
            await member.StopAsync(InTime);
            await member.DisposeAsync();
        }
    }

    private static ActorRunsRuntime RuntimeOf(IHost host) =>
        host.Services.GetRequiredService<EmbeddedRuntime>().Runtime;

    private string NewDatabase()
    {
        var name = $"host_{Guid.NewGuid():N}";
        server.Execute($"create database {name}");
        return server.ConnectionString(name);
    }

    /// <summary>A host that listens, and is a member of the cluster on a database.</summary>
    private async Task<WebApplication> MemberAsync(string database)
    {
        var address = $"http://127.0.0.1:{FreePort()}";
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(address);
        builder.Services.AddRouting();
        builder.Services.AddActorRuns(options => options
            .UsePostgreSql(database)
            .JoinCluster(new Uri($"{address}/api"))
            .AddAgent("gated", _ => _graph.Build()));
        var app = builder.Build();
        app.MapActorRuns("/api");
        await app.StartAsync(InTime);
        return app;
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    private async Task<IHost> StartedAsync(string database)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddActorRuns(options =>
            options.UsePostgreSql(database).AddAgent("gated", _ => _graph.Build()));
        var host = builder.Build();
        await host.StartAsync(InTime);
        return host;
    }
}
