using System.Net;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>Many threads are deleted at once, or lose their past.</summary>
public sealed class PruneSpec : ApiTest
{
    [Fact]
    public async Task Threads_are_deleted_and_those_that_are_not_there_do_not_count()
    {
        var (one, other) = (await NewThreadAsync(), await NewThreadAsync());

        var pruned = await PostAsync("/threads/prune", $$"""{"thread_ids":["{{one}}","{{Guid.Empty}}"]}""");

        Assert.Equal("""{"pruned_count":1}""", pruned.Body);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"/threads/{one}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync($"/threads/{other}")).Status);
    }

    [Fact]
    public async Task The_past_goes_and_where_the_thread_stands_stays()
    {
        var thread = await NewThreadAsync();
        await FinishedRunAsync(thread, "one");
        var state = (await GetAsync($"/threads/{thread}/state")).Body;
        Assert.True((await GetAsync($"/threads/{thread}/history")).Json.GetArrayLength() > 1);

        var pruned = await PostAsync(
            "/threads/prune", $$"""{"thread_ids":["{{thread}}"],"strategy":"keep_latest"}""");

        Assert.Equal("""{"pruned_count":1}""", pruned.Body);
        Assert.Equal(state, (await GetAsync($"/threads/{thread}/state")).Body);
        Assert.Equal(1, (await GetAsync($"/threads/{thread}/history")).Json.GetArrayLength());
        await FinishedRunAsync(thread, "two");
        Assert.Equal(4, (await GetAsync($"/threads/{thread}/history")).Json.GetArrayLength());
    }

    [Theory]
    [InlineData("{}", "thread_ids")]
    [InlineData("""{"thread_ids":["x"]}""", "thread_ids")]
    [InlineData("""{"thread_ids":[],"strategy":"some"}""", "strategy")]
    public async Task A_field_that_is_wrong_is_named(string body, string field)
    {
        var answer = await PostAsync("/threads/prune", body);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _), answer.Body);
    }
}
