using System.Text.Json;
using ActorRuns.Client;
using ActorRuns.Engine.Tests.Persistence;
using ActorRuns.Runs;
using ActorRuns.Store;
using ActorRuns.Tests;
using ActorRuns.Threads;
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

    private static ActorRunsRuntime RuntimeOf(IHost host) =>
        host.Services.GetRequiredService<EmbeddedRuntime>().Runtime;

    private string NewDatabase()
    {
        var name = $"host_{Guid.NewGuid():N}";
        server.Execute($"create database {name}");
        return server.ConnectionString(name);
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
