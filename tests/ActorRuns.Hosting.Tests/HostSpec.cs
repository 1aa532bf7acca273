using ActorRuns.Client;
using ActorRuns.Runs;
using ActorRuns.Tests;
using ActorRuns.Threads;
using Akka.Actor;
using Akka.Event;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace ActorRuns.Hosting.Tests;

/// <summary>A runtime that starts and stops with its host.</summary>
public sealed class HostSpec : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorruns-");

    private static CancellationToken InTime => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task All_faults_of_the_options_are_told_in_one_message()
    {
        using var host = HostOf(services => services.AddActorRuns(options => options
            .AddAgent("a", _ => new GatedGraph().Build())
            .AddAgent("a", _ => new GatedGraph().Build())
            .Hocon = "actorruns { max-waiting = 0, http.max-messages = 0, webhooks.timeout = 1h }"));

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(InTime));

        Assert.All(
            ["No journal", "'a' was added 2 times", "max-waiting is 0", "max-messages is 0", "webhooks.timeout is 01"],
            fault => Assert.Contains(fault, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_PostgreSQL_server_that_does_not_answer_ends_the_start_with_its_address_and_no_secret()
    {
        using var host = HostOf(services => services.AddActorRuns(options => options
            .UsePostgreSql("Host=127.0.0.1;Port=1;Username=u;Password=s3cr3t")
            .AddAgent("gated", _ => new GatedGraph().Build())));

        var refused = await Assert.ThrowsAsync<IOException>(() => host.StartAsync(InTime));

        Assert.StartsWith("No PostgreSQL server answers at 127.0.0.1:1", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", $"{refused}", StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", $"{new JournalPlace.PostgreSql("s3cr3t")}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_whose_graph_has_another_name_is_refused()
    {
        using var host = HostOf(services => services.AddActorRuns(options => options
            .UseMemory()
            .AddAgent("other", _ => new GatedGraph().Build())));

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(InTime));

        Assert.Contains("'other' has a graph named 'gated'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runtimes_in_one_process_do_not_meet()
    {
        using var one = HostOf(services => services
            .AddActorRuns("left", options => options.UseMemory().AddAgent("gated", _ => new GatedGraph().Build()))
            .AddActorRuns("right", options => options.UseMemory().AddAgent("gated", _ => new GatedGraph().Build())));
        using var other = HostOf(services => services.AddActorRuns(options =>
            options.UseMemory().AddAgent("gated", _ => new GatedGraph().Build())));
        await Task.WhenAll(one.StartAsync(InTime), other.StartAsync(InTime));

        var made = await one.Services.GetRequiredKeyedService<IThreads>("left").CreateAsync(new NewThread(), InTime);

        await Assert.ThrowsAsync<NotFoundException>(
            () => one.Services.GetRequiredKeyedService<IThreads>("right").ReadAsync(made.Id, InTime));
        await Assert.ThrowsAsync<NotFoundException>(
            () => other.Services.GetRequiredService<IThreads>().ReadAsync(made.Id, InTime));
        await Task.WhenAll(one.StopAsync(InTime), other.StopAsync(InTime));
    }

    [Fact]
    public void A_name_is_one_runtimes() => Assert.Throws<ArgumentException>(() => HostOf(services => services
        .AddActorRuns(options => options.UseMemory())
        .AddActorRuns(options => options.UseMemory())));

    [Fact]
    public async Task A_run_that_was_at_work_when_the_host_stopped_goes_on_when_it_starts_again()
    {
        var graph = new GatedGraph();
        using var first = await StartedAsync(graph);
        var thread = await first.Services.GetRequiredService<IThreads>().CreateAsync(new NewThread(), InTime);
        var run = await first.Services.GetRequiredService<IThreads>()
            .SubmitAsync(thread.Id, NewRun.Say("gated", "hi"), InTime);
        graph.Next();
        await first.StopAsync(InTime);

        using var second = await StartedAsync(graph);
        graph.Next().Answer("hello");
        var ended = await second.Services.GetRequiredService<IThreads>().AwaitEndAsync(thread.Id, run.Id, InTime);
        await second.StopAsync(InTime);

        Assert.Equal((RunStatus.Success, 2), (ended.Run!.Status, ended.Run.Attempt));
    }

    [Fact]
    public async Task A_folder_is_one_runtimes_at_a_time()
    {
        using var first = await StartedAsync(new GatedGraph());

        var taken = await Assert.ThrowsAsync<IOException>(() => StartedAsync(new GatedGraph()));
        await first.StopAsync(InTime);
        using var second = await StartedAsync(new GatedGraph());
        await second.StopAsync(InTime);

        Assert.Contains(_folder.FullName, taken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_before_the_start_or_after_the_stop_is_told_so()
    {
        using var host = HostOf(services => services.AddActorRuns(options =>
            options.UseMemory().AddAgent("gated", _ => new GatedGraph().Build())));
        var threads = host.Services.GetRequiredService<IThreads>();

        await Assert.ThrowsAsync<UnavailableException>(() => threads.CreateAsync(new NewThread(), InTime));
        await host.StartAsync(InTime);
        await threads.CreateAsync(new NewThread(), InTime);
        await host.StopAsync(InTime);
        await Assert.ThrowsAsync<UnavailableException>(() => threads.CreateAsync(new NewThread(), InTime));
    }

    [Fact]
    public async Task A_reader_learns_that_the_host_stopped_and_not_that_the_run_ended()
    {
        var graph = new GatedGraph();
        using var host = await StartedAsync(graph);
        var threads = host.Services.GetRequiredService<IThreads>();
        var thread = await threads.CreateAsync(new NewThread(), InTime);
        var run = await threads.SubmitAsync(thread.Id, NewRun.Say("gated", "hi"), InTime);
        graph.Next();
        await using var events = threads.FollowAsync(thread.Id, run.Id, null, InTime).GetAsyncEnumerator(InTime);
        Assert.True(await events.MoveNextAsync());

        await host.StopAsync(InTime);

        await Assert.ThrowsAsync<UnavailableException>(async () =>
        {
            while (await events.MoveNextAsync())
            {
                // What had come by then.
            }
        });
    }

    [Fact]
    public async Task Who_wants_actors_gets_the_region_and_what_they_log_is_in_the_hosts_log()
    {
        var log = new KeptLog();
        using var host = HostOf(services => services
            .AddSingleton<ILoggerProvider>(log)
            .AddActorRuns(options => options.UseMemory().AddAgent("gated", _ => new GatedGraph().Build())));
        await host.StartAsync(InTime);
        var runtime = host.Services.GetRequiredService<EmbeddedRuntime>();
        var thread = await runtime.Threads.CreateAsync(new NewThread(), InTime);

        var read = await runtime.Runtime.Threads.Ask<object>(new ReadThread(thread.Id), TimeSpan.FromSeconds(10));
        Logging.GetLogger(runtime.Runtime.System, "test").Warning("a word {0}", 42);
        var logged = await log.Entry("a word 42").WaitAsync(InTime);
        await host.StopAsync(InTime);

        Assert.IsType<ThreadRead>(read);
        Assert.Equal(Microsoft.Extensions.Logging.LogLevel.Warning, logged);
    }

    private async Task<IHost> StartedAsync(GatedGraph graph)
    {
        var host = HostOf(services => services.AddActorRuns(options =>
            options.UseSqlite(_folder.FullName).AddAgent("gated", _ => graph.Build())));
        await host.StartAsync(InTime);
        return host;
    }

    private static IHost HostOf(Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        configure(builder.Services);
        return builder.Build();
    }
}
