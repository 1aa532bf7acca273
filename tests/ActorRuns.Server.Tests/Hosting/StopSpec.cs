using System.Diagnostics;
using ActorRuns.Server.Tests.Processes;
using Xunit;

namespace ActorRuns.Server.Tests.Hosting;

public sealed class StopSpec
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan FewSeconds = TimeSpan.FromSeconds(6);

    [UnixFact]
    public async Task Told_to_stop_it_cuts_open_streams_and_ends_within_a_few_seconds()
    {
        using var data = new ScratchFolder();
        await using var server = await ServerProcess.StartAsync(data, ServerProcess.Stuck);
        var thread = await server.Client.NewThreadAsync();
        var run = await server.Client.StartUntilAsync(thread, RunBody.Ask("SF").Taking(model: 0), "updates");
        await using var stream = server.Client.StreamAsync(HttpMethod.Get, $"threads/{thread}/runs/{run}/stream")
            .GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync());
        var waiting = server.Client.GetAsync($"threads/{thread}/runs/{run}/join");
        var begin = Stopwatch.GetTimestamp();

        var ended = await server.StopAsync(Patience);

        Assert.Equal(0, ended.ExitCode);
        Assert.True(Stopwatch.GetElapsedTime(begin) < FewSeconds, $"It took {Stopwatch.GetElapsedTime(begin)}.");
        Assert.DoesNotContain("[ERR]", ended.Output);
        // An end in good order would look like the end of the run, and the run goes on later.
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (await stream.MoveNextAsync())
                Assert.NotEqual("error", stream.Current.EventType);
        });
        await Assert.ThrowsAsync<HttpRequestException>(() => waiting);
    }

    [UnixFact]
    public async Task Told_to_stop_it_runs_the_phases_of_its_shutdown_and_then_writes_what_was_accepted()
    {
        using var data = new ScratchFolder();
        await using var server = await ServerProcess.StartAsync(data, ServerProcess.AtOnce);
        var thread = await server.Client.NewThreadAsync();

        var ended = await server.StopAsync(Patience);

        Assert.Equal(0, ended.ExitCode);
        string[] steps =
        [
            "ActorRuns stops: it takes no more requests",
            "The threads stop; runs that are at work go on at the next start", // A task of a phase.
            "ActorRuns has stopped: what was accepted is in the journal",
        ];
        var places = steps.Select(step => ended.Output.IndexOf(step, StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
        Assert.False(File.Exists($"{server.JournalFile}-wal"), "Who closes an SQLite file last takes its log in.");
        await using var after = await ServerProcess.StartAsync(data, ServerProcess.AtOnce);
        Assert.Equal(thread, WireClient.Text(await after.Client.GetAsync($"threads/{thread}"), "thread_id"));
    }

    [UnixFact]
    public async Task What_was_at_work_when_it_was_told_to_stop_goes_on_at_the_next_start()
    {
        using var data = new ScratchFolder();
        await using var before = await ServerProcess.StartAsync(data, ServerProcess.Stuck);
        var thread = await before.Client.NewThreadAsync();
        var run = await before.Client.StartUntilAsync(thread, RunBody.Ask("SF").Taking(model: 0), "updates");
        await before.StopAsync(Patience);

        await using var after = await ServerProcess.StartAsync(data, ServerProcess.AtOnce);

        await after.Client.GetAsync($"threads/{thread}/runs/{run}/join");
        Assert.Equal("success", WireClient.Text(await after.Client.GetAsync($"threads/{thread}/runs/{run}"), "status"));
    }
}
