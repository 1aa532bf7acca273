using System.Net;
using ActorRuns.Graphs;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>Runs that take longer than they may, as clients see them.</summary>
public sealed class RunTimeoutSpec : ApiTest
{
    private const string Short = ""","config":{"timeout_ms":50}""";

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task A_run_whose_time_is_up_ends_as_timeout_and_keeps_what_it_said()
    {
        var thread = await NewThreadAsync();
        var run = await NewRunAsync(thread, options: Short);
        Graph.Next().Context.WriteChunk(new MessageChunk("m1", "It is"));

        var joined = await MoveTimeUntilAsync(GetAsync($"/threads/{thread}/runs/{run}/join"), Step);

        var ended = await GetAsync($"/threads/{thread}/runs/{run}");
        var state = await GetAsync($"/threads/{thread}/state");
        Assert.Equal("TimeoutError", joined.Json.GetProperty("__error__").GetProperty("error").GetString());
        Assert.Equal("timeout", ended.Text("status"));
        Assert.Equal("timed-out", ended.Json.GetProperty("metadata").GetProperty("actorruns_cause").GetString());
        Assert.Equal("error", (await GetAsync($"/threads/{thread}")).Text("status"));
        var kept = state.Json.GetProperty("values").GetProperty("messages")[1];
        Assert.Equal("It is", kept.GetProperty("content").GetString());
    }

    [Fact]
    public async Task Its_work_is_told_to_end_and_its_readers_are_told_why()
    {
        var thread = await NewThreadAsync();
        using var stream = await OpenAsync(HttpMethod.Post, $"/threads/{thread}/runs/stream", Say("hi", Short));
        var visit = Graph.Next();

        var told = await MoveTimeUntilAsync(stream.RestAsync(), Step);

        await visit.Cancelled.Task.WaitAsync(Patience);
        Assert.Contains("event: error", told);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("\"1s\"")]
    public async Task A_limit_that_is_no_number_of_milliseconds_is_refused(string limit)
    {
        var thread = await NewThreadAsync();

        var refused = await PostAsync(
            $"/threads/{thread}/runs", Say("hi", $$""","config":{"timeout_ms":{{limit}}}"""));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("config.timeout_ms", refused.Body, StringComparison.Ordinal);
    }
}
