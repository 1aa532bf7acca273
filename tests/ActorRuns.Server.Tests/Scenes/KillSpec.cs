using System.Text.Json;
using ActorRuns.Server.Tests.Processes;
using Xunit;
using static ActorRuns.Server.Tests.Processes.WireClient;

namespace ActorRuns.Server.Tests.Scenes;

/// <summary>What is left after <c>kill -9</c> and a new start on the same data.</summary>
public sealed class KillSpec
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_run_that_was_in_its_tool_call_goes_on_as_attempt_2_and_nothing_is_missing()
    {
        using var data = new ScratchFolder();
        await using var before = await ServerProcess.StartAsync(data, ServerProcess.Stuck);
        var thread = await before.Client.NewThreadAsync();
        var first = await before.Client.StartUntilAsync(thread, RunBody.Ask("SF").Taking(model: 0), "updates");
        var interrupting = RunBody.Ask("NYC").Taking(model: 0, token: 0) with { Strategy = "interrupt" };
        var second = await before.Client.StartUntilAsync(thread, interrupting, "updates");
        var messages = await before.Client.TranscriptAsync(thread);
        Assert.Equal(["human", "ai", "tool", "human", "ai"], messages.Select(TypeOf));

        await before.KillAsync();
        await using var after = await ServerProcess.StartAsync(data, ServerProcess.AtOnce);

        var joined = await after.Client.GetAsync($"threads/{thread}/runs/{second}/join");
        Assert.Equal(7, joined.GetProperty("messages").GetArrayLength());
        Assert.Equal("idle", Text(await after.Client.GetAsync($"threads/{thread}"), "status"));
        Assert.Equal("interrupted", await StatusAsync(after, thread, first));
        Assert.Equal("success", await StatusAsync(after, thread, second));
        Assert.Equal(1, await AttemptAsync(after, thread, first));
        Assert.Equal(2, await AttemptAsync(after, thread, second));
        var now = await after.Client.TranscriptAsync(thread);
        Assert.Equal(messages, now.Take(messages.Count));
        Assert.Equal(["tool", "ai"], now.Skip(messages.Count).Select(TypeOf));
    }

    [Fact]
    public async Task A_reader_who_was_cut_off_reads_on_where_it_was_and_sees_every_later_event_once()
    {
        using var data = new ScratchFolder();
        await using var before = await ServerProcess.StartAsync(data, ServerProcess.Stuck);
        var thread = await before.Client.NewThreadAsync();
        var run = await before.Client.StartUntilAsync(thread, RunBody.Ask("SF").Taking(model: 0), "updates");
        var path = $"threads/{thread}/runs/{run}/stream?stream_mode=updates";
        var seen = new List<(string? Id, string Event, string Data)>();
        await foreach (var e in before.Client.StreamAsync(HttpMethod.Get, path))
        {
            seen.Add((e.EventId, e.EventType, e.Data));
            if (e.EventType is "updates")
                break;
        }

        await before.KillAsync();
        await using var after = await ServerProcess.StartAsync(data, ServerProcess.AtOnce);

        await foreach (var e in after.Client.StreamAsync(HttpMethod.Get, path, lastEventId: seen[^1].Id))
            seen.Add((e.EventId, e.EventType, e.Data));
        Assert.Equal(["metadata", "updates", "metadata", "updates", "updates"], seen.Select(e => e.Event));
        Assert.Equal([1, 2], seen.Where(e => e.Event is "metadata").Select(e => AttemptOf(JsonElement.Parse(e.Data))));
        Assert.Equal(seen.Count, seen.Select(e => e.Id).Distinct().Count());
        var whole = new List<(string? Id, string Event, string Data)>();
        await foreach (var e in after.Client.StreamAsync(HttpMethod.Get, path))
            whole.Add((e.EventId, e.EventType, e.Data));
        Assert.Equal(seen, whole);
    }

    [Fact]
    public async Task Threads_in_every_moment_come_back_as_they_were_and_what_was_at_work_ends()
    {
        using var data = new ScratchFolder();
        await using var before = await ServerProcess.StartAsync(data, ServerProcess.Stuck);
        var moments = Enumerable.Repeat(KillMoments.All, 3).SelectMany(all => all);
        var threads = await Task.WhenAll(moments.Select(moment => moment.EnterAsync(before.Client)));
        var transcripts = await Task.WhenAll(threads.Select(thread => before.Client.TranscriptAsync(thread.Id)));

        await before.KillAsync();
        await using var after = await ServerProcess.StartAsync(data, ServerProcess.AtOnce);

        await Task.WhenAll(threads.Zip(transcripts, async (thread, transcript) =>
        {
            foreach (var (run, endsAs) in thread.Runs)
            {
                if (endsAs is not "pending")
                    await after.Client.GetAsync($"threads/{thread.Id}/runs/{run}/join");
                Assert.Equal((thread.Moment, endsAs), (thread.Moment, await StatusAsync(after, thread.Id, run)));
            }

            Assert.Equal(transcript, (await after.Client.TranscriptAsync(thread.Id)).Take(transcript.Count));
        }));
    }

    [Fact]
    public async Task What_was_answered_while_the_kill_came_is_there_and_ends()
    {
        using var data = new ScratchFolder();
        await using var before = await ServerProcess.StartAsync(data, ServerProcess.AtOnce);
        var accepted = new AcceptedRuns(before.Client, enough: 100);
        var writers = Enumerable.Range(0, 8).Select(_ => accepted.WriteUntilCutOffAsync()).ToList();

        await accepted.Enough.WaitAsync(Patience);
        await before.KillAsync();
        await Task.WhenAll(writers);
        await using var after = await ServerProcess.StartAsync(data, ServerProcess.AtOnce);

        foreach (var thread in accepted.Threads)
            await after.Client.GetAsync($"threads/{thread}");
        foreach (var (thread, run) in accepted.Runs)
        {
            await after.Client.GetAsync($"threads/{thread}/runs/{run}/join");
            Assert.Equal("success", await StatusAsync(after, thread, run));
        }

        var found = await after.Client.PostAsync("threads/search", new { limit = 1000, ids = accepted.Threads });
        var ids = found.EnumerateArray().Select(thread => Text(thread, "thread_id"));
        Assert.Equal(accepted.Threads.Order(StringComparer.Ordinal), ids.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_index_that_was_lost_is_made_again_from_the_journal_and_was_all_that_was_lost()
    {
        using var data = new ScratchFolder();
        await using var before = await ServerProcess.StartAsync(data, ServerProcess.AtOnce);
        var assistant = Text(await before.Client.PostAsync("assistants", new { graph_id = "echo" }), "assistant_id");
        var created = await before.Client.PostAsync("threads", new { metadata = new { user = "ada" } });
        var thread = Text(created, "thread_id");
        await before.KillAsync();
        foreach (var file in Directory.EnumerateFiles(data.FullName, "index.db*"))
            File.Delete(file);

        await using var after = await ServerProcess.StartAsync(data, ServerProcess.AtOnce);

        await after.Client.GetAsync($"threads/{thread}"); // What it is found by is told before it answers.
        var found = await after.Client.PostAsync("threads/search", new { metadata = new { user = "ada" } });
        Assert.Equal(thread, Text(Assert.Single(found.EnumerateArray()), "thread_id"));
        Assert.Equal("echo", Text(await after.Client.GetAsync($"assistants/{assistant}"), "graph_id"));
    }

    private static async Task<string> StatusAsync(ServerProcess server, string thread, string run) =>
        Text(await server.Client.GetAsync($"threads/{thread}/runs/{run}"), "status");

    private static async Task<int> AttemptAsync(ServerProcess server, string thread, string run) =>
        (await server.Client.GetAsync($"threads/{thread}/runs/{run}"))
            .GetProperty("metadata").GetProperty("actorruns_attempt").GetInt32();

    private static int AttemptOf(JsonElement metadata) => metadata.GetProperty("attempt").GetInt32();

    private static string TypeOf(string line) => line.Split(' ', ':')[1];
}
