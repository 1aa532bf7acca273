using System.Net;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>The stream of a run: bytes and order, who reads what, and what becomes of it at its edges.</summary>
public sealed class RunStreamSpec : ApiTest
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_frame_is_its_event_its_data_and_its_id_and_an_empty_line()
    {
        var thread = await NewThreadAsync();

        using var stream = await OpenAsync(HttpMethod.Post, $"/threads/{thread}/runs/stream", Say("hi"));
        var first = await stream.UntilAsync("id:");

        Assert.Equal(3, first.Count);
        Assert.Equal("event: metadata", first[0]);
        Assert.Matches("""^data: \{"run_id":"[0-9a-f-]{36}","attempt":1\}$""", first[1]);
        Assert.Equal("", await stream.NextAsync());
    }

    [Fact]
    public async Task The_headers_say_what_is_read_and_where_to_read_on()
    {
        var thread = await NewThreadAsync();

        using var stream = await OpenAsync(HttpMethod.Post, $"/threads/{thread}/runs/stream", Say("hi"));

        var run = $"{stream.Response.Content.Headers.ContentLocation}";
        Assert.StartsWith($"/threads/{thread}/runs/", run, StringComparison.Ordinal);
        Assert.Equal($"{run}/stream", $"{stream.Response.Headers.Location}");
        Assert.Equal("text/event-stream", $"{stream.Response.Content.Headers.ContentType}");
        Assert.True(stream.Response.Headers.CacheControl?.NoCache);
    }

    [Fact]
    public async Task Frames_come_while_the_run_is_at_work_and_the_stream_ends_with_it()
    {
        var thread = await NewThreadAsync();
        using var stream = await OpenAsync(HttpMethod.Post, $"/threads/{thread}/runs/stream", Say("hi"));

        await stream.UntilAsync("event: values");
        Graph.Next().Answer("done");

        var rest = await stream.RestAsync();
        Assert.Contains(rest, line => line.Contains("\"done\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stream_is_read_again_after_the_end_from_where_the_reader_says()
    {
        var thread = await NewThreadAsync();
        var path = $"/threads/{thread}/runs/{await FinishedRunAsync(thread)}/stream";

        var whole = await IdsAsync(path);

        Assert.True(whole.Count > 2);
        Assert.Equal(whole, await IdsAsync(path, ("Last-Event-ID", "-1")));
        Assert.Equal(whole.Skip(1), await IdsAsync(path, ("Last-Event-ID", whole[0])));
        Assert.Empty(await IdsAsync(path, ("Last-Event-ID", whole[^1])));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await GetAsync(path, ("Last-Event-ID", "what?"))).Status);
    }

    [Fact]
    public async Task A_reader_may_ask_for_some_of_the_modes_and_reads_on_with_the_same_ones()
    {
        var thread = await NewThreadAsync();
        var run = await FinishedRunAsync(thread, options: ""","stream_mode":["values","updates"]""");
        var path = $"/threads/{thread}/runs/{run}/stream?stream_mode=[\"updates\"]";

        using var stream = await OpenAsync(HttpMethod.Get, path);
        var events = (await stream.RestAsync()).Where(line => line.StartsWith("event:", StringComparison.Ordinal));

        Assert.Equal(["event: metadata", "event: updates"], events);
        var readOn = Uri.UnescapeDataString($"{stream.Response.Headers.Location}");
        Assert.Equal(path, readOn);
    }

    [Fact]
    public async Task Silence_is_filled_with_heartbeats()
    {
        var thread = await NewThreadAsync();
        using var stream = await OpenAsync(HttpMethod.Post, $"/threads/{thread}/runs/stream", Say("hi"));
        await stream.UntilAsync("event: values");
        await stream.UntilAsync("id:");

        var lines = await MoveTimeUntilAsync(stream.UntilAsync(":"), Heartbeat);

        Assert.Equal(": heartbeat", lines[^1]);
    }

    [Fact]
    public async Task The_stream_of_a_superseded_run_ends_at_once_and_says_by_whom()
    {
        var thread = await NewThreadAsync();
        using var stream = await OpenAsync(HttpMethod.Post, $"/threads/{thread}/runs/stream", Say("one"));
        Graph.Next(); // Never answers, whatever it is told.

        var second = await NewRunAsync(thread, "two", ""","multitask_strategy":"interrupt" """);

        Assert.Equal([$": interrupted by {second}", ""], (await stream.RestAsync()).TakeLast(2));
    }

    [Fact]
    public async Task A_reader_that_hangs_up_stops_the_run_if_it_was_told_to()
    {
        var thread = await NewThreadAsync();
        var stream = await OpenAsync(
            HttpMethod.Post, $"/threads/{thread}/runs/stream", Say("hi", ""","on_disconnect":"cancel" """));
        var visit = Graph.Next();

        stream.Dispose();

        await visit.Cancelled.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_reader_that_hangs_up_leaves_the_run_alone_otherwise()
    {
        var thread = await NewThreadAsync();
        var stream = await OpenAsync(HttpMethod.Post, $"/threads/{thread}/runs/stream", Say("hi"));
        var run = $"{stream.Response.Content.Headers.ContentLocation}";
        var visit = Graph.Next();

        stream.Dispose();
        visit.Answer("done");
        await GetAsync($"{run}/join");

        Assert.Equal("success", (await GetAsync(run)).Text("status"));
    }

    [Fact]
    public async Task A_stream_is_cut_off_when_the_server_stops_so_that_nobody_takes_it_for_the_end()
    {
        var thread = await NewThreadAsync();
        using var stream = await OpenAsync(HttpMethod.Post, $"/threads/{thread}/runs/stream", Say("hi"));
        await stream.UntilAsync("event: values");

        App.Lifetime.StopApplication();

        await Assert.ThrowsAnyAsync<IOException>(stream.RestAsync);
    }

    private async Task<IReadOnlyList<string>> IdsAsync(string path, params (string Name, string Value)[] headers)
    {
        using var stream = await OpenAsync(HttpMethod.Get, path, body: null, headers);
        var ids = (await stream.RestAsync()).Where(line => line.StartsWith("id: ", StringComparison.Ordinal));
        return [.. ids.Select(line => line["id: ".Length..])];
    }
}
