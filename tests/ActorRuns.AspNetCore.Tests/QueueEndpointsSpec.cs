using System.Net;
using System.Text.Json;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>The queue of a thread: seen, edited, put into another order, before it is a run's turn.</summary>
public sealed class QueueEndpointsSpec : ApiTest
{
    [Fact]
    public async Task The_queue_has_the_runs_that_wait_in_their_order_with_their_input()
    {
        var (thread, _, second, third) = await ThreeInARowAsync();

        var queue = (await GetAsync($"/threads/{thread}/queue")).Json;

        Assert.Equal([second, third], Ids(queue));
        Assert.Equal("two", SaidBy(queue[0]));
        Assert.Equal([1, 2], queue.EnumerateArray().Select(PlaceOf));
    }

    [Fact]
    public async Task Runs_in_a_list_know_their_place_in_the_queue()
    {
        var (thread, _, second, third) = await ThreeInARowAsync();

        var runs = (await GetAsync($"/threads/{thread}/runs?status=pending")).Json;

        Assert.Equal([(third, 2), (second, 1)], runs.EnumerateArray().Select(run => (IdOf(run), PlaceOf(run))));
    }

    [Fact]
    public async Task The_queue_of_no_thread_is_404() =>
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"/threads/{Guid.NewGuid()}/queue")).Status);

    [Fact]
    public async Task A_run_that_waits_is_edited_and_executed_as_it_says_then()
    {
        var (thread, _, second, _) = await ThreeInARowAsync();

        var edited = await PatchAsync(
            $"/threads/{thread}/runs/{second}",
            """
            {"input":{"messages":[{"role":"human","content":"2!"}]},"metadata":{"m":1},"stream_mode":"updates",
             "feedback_keys":["thumbs"],"config":{"configurable":{"temperature":1}}}
            """);

        Assert.Equal("2!", SaidBy(edited.Json));
        Assert.Equal(1, edited.Json.GetProperty("metadata").GetProperty("m").GetInt32());
        var keys = edited.Json.GetProperty("kwargs").GetProperty("feedback_keys");
        Assert.Equal("thumbs", Assert.Single(keys.EnumerateArray()).GetString());
        Graph.Next().Answer("one");
        var call = Graph.Next();
        Assert.Equal("2!", call.Says);
        Assert.Equal(1, call.Context.Settings["temperature"].GetInt32());
        Assert.Equal(second, call.Context.Settings.GetString("run_id"));
        call.Answer("two");
        var stream = (await GetAsync($"/threads/{thread}/runs/{second}/stream")).Body;
        Assert.Contains("event: updates", stream, StringComparison.Ordinal);
        Assert.DoesNotContain("event: values", stream, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"assistant_id":"gated"}""")]
    [InlineData("""{"multitask_strategy":"interrupt"}""")]
    [InlineData("""{"after_seconds":-1}""")]
    [InlineData("""{"input":[1]}""")]
    public async Task What_cannot_be_edited_is_refused_by_name(string edit)
    {
        var (thread, _, second, _) = await ThreeInARowAsync();

        var answer = await PatchAsync($"/threads/{thread}/runs/{second}", edit);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains(edit.Split('"')[1], answer.Text("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PATCH", "", """{"input":null}""")]
    [InlineData("POST", "/promote", null)]
    public async Task Who_comes_too_late_is_told_so(string method, string what, string? body)
    {
        var (thread, first, _, _) = await ThreeInARowAsync();

        var answer = await SendAsync(new HttpMethod(method), $"/threads/{thread}/runs/{first}{what}", body);

        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Contains($"{first} is running", answer.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_not_there_is_neither_edited_nor_promoted()
    {
        var path = $"/threads/{await NewThreadAsync()}/runs/{Guid.NewGuid()}";

        Assert.Equal(HttpStatusCode.NotFound, (await PatchAsync(path, "{}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync($"{path}/promote")).Status);
    }

    [Fact]
    public async Task The_queue_takes_another_order_of_its_runs_and_no_others()
    {
        var (thread, first, second, third) = await ThreeInARowAsync();

        var queue = await PutAsync($"/threads/{thread}/queue", $$"""{"run_ids":["{{third}}","{{second}}"]}""");
        var other = await PutAsync($"/threads/{thread}/queue", $$"""{"run_ids":["{{first}}","{{second}}"]}""");

        Assert.Equal([third, second], Ids(queue.Json));
        Assert.Equal(HttpStatusCode.Conflict, other.Status);
        Assert.Contains($"[{third}, {second}]", other.Text("detail"), StringComparison.Ordinal);
        Graph.Next().Answer("one");
        Assert.Equal("three", Graph.Next().Says);
    }

    [Fact]
    public async Task A_queue_needs_its_order()
    {
        var (thread, _, _, _) = await ThreeInARowAsync();

        foreach (var order in (string[])["{}", """{"run_ids":["x"]}"""])
        {
            var answer = await PutAsync($"/threads/{thread}/queue", order);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        }
    }

    [Fact]
    public async Task A_run_that_is_promoted_over_what_runs_has_the_thread_with_the_answer()
    {
        var (thread, first, second, third) = await ThreeInARowAsync();

        var promoted = await PostAsync($"/threads/{thread}/runs/{third}/promote?action=interrupt");

        Assert.Equal("running", promoted.Text("status"));
        Assert.Equal(first, promoted.Json.GetProperty("metadata").GetProperty("supersedes")[0].GetString());
        var stopped = (await GetAsync($"/threads/{thread}/runs/{first}")).Json;
        Assert.Equal(third, stopped.GetProperty("metadata").GetProperty("superseded_by").GetString());
        Assert.Equal([second], Ids((await GetAsync($"/threads/{thread}/queue")).Json));
    }

    [Fact]
    public async Task A_run_that_is_promoted_goes_next()
    {
        var (thread, _, second, third) = await ThreeInARowAsync();

        var promoted = await PostAsync($"/threads/{thread}/runs/{third}/promote");

        Assert.Equal(("pending", 1), (promoted.Text("status"), PlaceOf(promoted.Json)));
        Assert.Equal([third, second], Ids((await GetAsync($"/threads/{thread}/queue")).Json));
    }

    private async Task<(string Thread, string First, string Second, string Third)> ThreeInARowAsync()
    {
        var thread = await NewThreadAsync();
        return (thread, await NewRunAsync(thread, "one"), await NewRunAsync(thread, "two"),
            await NewRunAsync(thread, "three"));
    }

    private Task<Answer> PatchAsync(string path, string body) => SendAsync(HttpMethod.Patch, path, body);

    private Task<Answer> PutAsync(string path, string body) => SendAsync(HttpMethod.Put, path, body);

    private static string IdOf(JsonElement run) => run.GetProperty("run_id").GetString()!; // Every run has one.

    private static IEnumerable<string> Ids(JsonElement runs) => runs.EnumerateArray().Select(IdOf);

    private static int PlaceOf(JsonElement run) =>
        run.GetProperty("metadata").GetProperty("actorruns_queue_position").GetInt32();

    private static string? SaidBy(JsonElement run) => run.GetProperty("kwargs").GetProperty("input")
        .GetProperty("messages")[0].GetProperty("content").GetString();
}
