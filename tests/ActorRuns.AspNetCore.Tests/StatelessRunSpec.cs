using System.Net;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>A run without a thread is found by its id alone.</summary>
public sealed class StatelessRunSpec : ApiTest
{
    [Fact]
    public async Task A_stateless_run_is_read_joined_and_streamed_by_its_id()
    {
        var created = await PostAsync("/runs", Say("hi"));
        var path = created.Headers["Content-Location"];
        var visit = Graph.Next();
        using var stream = await OpenAsync(HttpMethod.Get, $"{path}/stream");
        using var join = await OpenAsync(HttpMethod.Get, $"{path}/join");

        Assert.Equal("running", (await GetAsync(path)).Text("status"));
        await stream.UntilAsync("event: metadata");
        visit.Answer("done");

        Assert.Contains(await join.RestAsync(), line => line.Contains("\"done\"", StringComparison.Ordinal));
        Assert.Contains(await stream.RestAsync(), line => line.Contains("\"done\"", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(path)).Status);
    }

    [Fact]
    public async Task A_stateless_run_is_cancelled_by_its_id()
    {
        var created = await PostAsync("/runs", Say("hi", ""","on_completion":"keep" """));
        var path = created.Headers["Content-Location"];
        var visit = Graph.Next();

        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync($"{path}/cancel")).Status);
        await visit.Cancelled.Task.WaitAsync(Patience);

        Assert.Equal("interrupted", (await GetAsync(path)).Text("status"));
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync($"{path}/cancel")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, path, body: null)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(path)).Status);
    }

    [Fact]
    public async Task A_run_on_a_thread_is_not_found_without_it()
    {
        var run = await NewRunAsync(await NewThreadAsync());

        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"/runs/{run}")).Status);
    }
}
