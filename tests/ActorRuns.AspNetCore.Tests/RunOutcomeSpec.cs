using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>Waiting for a run and joining it.</summary>
public sealed class RunOutcomeSpec : ApiTest
{
    [Fact]
    public async Task A_wait_answers_the_final_values()
    {
        var thread = await NewThreadAsync();
        var waiting = PostAsync($"/threads/{thread}/runs/wait", Say("hi"));

        Graph.Next().Answer("done");

        var answer = await waiting;
        Assert.Equal("application/json", answer.Headers["Content-Type"]);
        Assert.StartsWith($"/threads/{thread}/runs/", answer.Headers["Content-Location"], StringComparison.Ordinal);
        var messages = answer.Json.GetProperty("messages").EnumerateArray();
        Assert.Equal(["hi", "done"], messages.Select(message => message.GetProperty("content").GetString()));
    }

    [Fact]
    public async Task A_wait_says_which_run_it_is_while_it_waits()
    {
        var thread = await NewThreadAsync();

        using var waiting = await OpenAsync(HttpMethod.Post, $"/threads/{thread}/runs/wait", Say("hi"));

        var run = await GetAsync($"{waiting.Response.Content.Headers.ContentLocation}");
        Assert.Contains(run.Text("status"), (string[])["pending", "running"]);
    }

    [Fact]
    public async Task A_long_wait_is_kept_alive_by_line_breaks_that_parsers_skip()
    {
        var thread = await NewThreadAsync();
        using var waiting = await OpenAsync(HttpMethod.Post, $"/threads/{thread}/runs/wait", Say("hi"));

        var blank = await MoveTimeUntilAsync(waiting.NextAsync(), TimeSpan.FromSeconds(15));
        Graph.Next().Answer("done");

        Assert.Equal("", blank);
        Assert.Equal(JsonValueKind.Object, JsonElement.Parse(string.Concat(await waiting.RestAsync())).ValueKind);
    }

    [Fact]
    public async Task A_failure_is_told_as_an_error_in_a_body_each_time_it_is_asked_for()
    {
        var thread = await NewThreadAsync();
        var run = await NewRunAsync(thread);
        Graph.Next().Throw(new InvalidOperationException("no luck"));

        for (var time = 1; time <= 2; time++)
        {
            var answer = await GetAsync($"/threads/{thread}/runs/{run}/join");
            Assert.Equal("no luck", answer.Json.GetProperty("__error__").GetProperty("message").GetString());
        }
    }

    [Fact]
    public async Task A_question_to_a_human_is_told()
    {
        var thread = await NewThreadAsync();
        var waiting = PostAsync($"/threads/{thread}/runs/wait", Say("hi"));

        Graph.Next().Throw(new GraphInterruptException(
            [new PendingInterrupt("question-1", "agent", JsonElement.Parse("\"Proceed?\""))]));

        Assert.Equal("""{"__interrupt__":[{"id":"question-1","value":"Proceed?"}]}""", (await waiting).Body);
    }

    [Fact]
    public async Task A_join_of_a_superseded_run_answers_its_values_so_far()
    {
        var thread = await NewThreadAsync();
        var first = await NewRunAsync(thread, "one");
        Graph.Next();
        var joining = GetAsync($"/threads/{thread}/runs/{first}/join");

        await NewRunAsync(thread, "two", ""","multitask_strategy":"interrupt" """);

        var message = Assert.Single((await joining).Json.GetProperty("messages").EnumerateArray());
        Assert.Equal("one", message.GetProperty("content").GetString());
    }

    [Fact]
    public async Task A_join_that_hangs_up_stops_the_run_if_it_says_so()
    {
        var thread = await NewThreadAsync();
        var run = await NewRunAsync(thread);
        var visit = Graph.Next();
        var joining = await OpenAsync(HttpMethod.Get, $"/threads/{thread}/runs/{run}/join?cancel_on_disconnect=1");

        joining.Dispose();

        await visit.Cancelled.Task.WaitAsync(Patience);
    }
}
