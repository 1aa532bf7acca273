using System.Net;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>The stream of a thread: all that happens on it, run after run, on one connection.</summary>
public sealed class ThreadStreamSpec : ApiTest
{
    [Fact]
    public async Task A_thread_is_followed_from_one_run_to_the_next()
    {
        var thread = await NewThreadAsync();
        using var stream = await OpenAsync(HttpMethod.Get, $"/threads/{thread}/stream");

        var first = await FinishedRunAsync(thread, "one");
        var told = await stream.UntilAsync(Done(first));
        var second = await FinishedRunAsync(thread, "two");
        told = [.. told, .. await stream.UntilAsync(Done(second)), .. await stream.UntilAsync("id:")];

        Assert.Equal(
            ["metadata", "values", "values", "metadata", "metadata", "values", "values", "metadata"], EventsOf(told));
        var ids = IdsOf(told).Select(long.Parse).ToList();
        Assert.Equal(ids.Order(), ids);
        Assert.Equal(HttpStatusCode.OK, stream.Response.StatusCode);
    }

    [Fact]
    public async Task A_run_that_is_at_work_is_told_from_its_beginning_and_what_was_before_is_not()
    {
        var thread = await NewThreadAsync();
        await FinishedRunAsync(thread, "one");
        var second = await NewRunAsync(thread, "two");
        var visit = Graph.Next();

        using var stream = await OpenAsync(HttpMethod.Get, $"/threads/{thread}/stream");
        visit.Answer("done");
        var told = await stream.UntilAsync(Done(second));

        Assert.Equal(["metadata", "values", "values", "metadata"], EventsOf(told));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("first")]
    [InlineData("last")]
    public async Task A_reader_reads_on_after_any_event_it_has_seen(string after)
    {
        var thread = await NewThreadAsync();
        await FinishedRunAsync(thread, "one");
        var second = await FinishedRunAsync(thread, "two");
        var whole = await AllAsync(thread, "-1", second);

        var (from, skipped) = after switch
        {
            "first" => (IdsTextOf(whole)[0], 1),
            "last" => (IdsTextOf(whole)[^2], whole.Count(line => line.StartsWith("id:", StringComparison.Ordinal)) - 1),
            _ => ("-1", 0),
        };
        var rest = await AllAsync(thread, from, second);

        Assert.Equal(8, IdsTextOf(whole).Count);
        Assert.Equal(IdsTextOf(whole).Skip(skipped), IdsTextOf(rest));
    }

    [Fact]
    public async Task Who_asks_for_the_life_of_runs_is_told_that_they_begin_and_end()
    {
        var thread = await NewThreadAsync();
        using var stream = await OpenAsync(HttpMethod.Get, $"/threads/{thread}/stream?stream_mode=lifecycle");

        var run = await FinishedRunAsync(thread);

        var told = await stream.UntilAsync(Done(run));
        Assert.Equal(["metadata", "metadata"], EventsOf(told));
        Assert.Contains(told, line => line.Contains("\"attempt\":1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_asks_for_changes_from_outside_is_told_those()
    {
        var thread = await NewThreadAsync();
        await FinishedRunAsync(thread);
        using var stream = await OpenAsync(HttpMethod.Get, $"/threads/{thread}/stream?stream_mode=[\"state_update\"]");

        await PostAsync($"/threads/{thread}/state", """{"values":{"mark":"edited"}}""");

        var told = await stream.UntilAsync("data:");
        Assert.Equal(["state_update"], EventsOf(told));
        Assert.Contains("edited", told[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_stream_ends_with_its_thread()
    {
        var thread = await NewThreadAsync();
        using var stream = await OpenAsync(HttpMethod.Get, $"/threads/{thread}/stream");

        await SendAsync(HttpMethod.Delete, $"/threads/{thread}", body: null);

        Assert.Empty(await stream.RestAsync());
    }

    [Fact]
    public async Task Silence_is_filled_with_heartbeats()
    {
        var thread = await NewThreadAsync();
        using var stream = await OpenAsync(HttpMethod.Get, $"/threads/{thread}/stream");

        var lines = await MoveTimeUntilAsync(stream.UntilAsync(":"), TimeSpan.FromSeconds(15));

        Assert.Equal(": heartbeat", lines[^1]);
    }

    [Fact]
    public async Task What_is_asked_wrongly_is_refused()
    {
        var thread = await NewThreadAsync();
        var path = $"/threads/{thread}/stream";

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await GetAsync($"{path}?stream_mode=values")).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await GetAsync(path, ("Last-Event-ID", "?"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"/threads/{Guid.Empty}/stream")).Status);
    }

    private static string Done(string run) => $$"""data: {"status":"run_done","run_id":"{{run}}"}""";

    private async Task<IReadOnlyList<string>> AllAsync(string thread, string after, string lastRun)
    {
        using var stream = await OpenAsync(
            HttpMethod.Get, $"/threads/{thread}/stream", body: null, ("Last-Event-ID", after));
        return [.. await stream.UntilAsync(Done(lastRun)), .. await stream.UntilAsync("id:")];
    }

    private static IEnumerable<string> EventsOf(IEnumerable<string> lines) => lines
        .Where(line => line.StartsWith("event: ", StringComparison.Ordinal))
        .Select(line => line["event: ".Length..]);

    private static List<string> IdsTextOf(IEnumerable<string> lines) =>
    [
        .. lines.Where(line => line.StartsWith("id: ", StringComparison.Ordinal)).Select(line => line["id: ".Length..]),
    ];

    /// <summary>The ids as numbers that sort as they do.</summary>
    private static IEnumerable<string> IdsOf(IEnumerable<string> lines) => IdsTextOf(lines)
        .Select(id => id.Split('-'))
        .Select(parts => $"{parts[0]}{parts[1].PadLeft(6, '0')}");
}
