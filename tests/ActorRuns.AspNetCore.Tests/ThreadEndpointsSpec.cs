using System.Net;
using System.Text.Json;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>Threads, their state and their history, as the API shows them.</summary>
public sealed class ThreadEndpointsSpec : ApiTest
{
    [Fact]
    public async Task A_new_thread_is_idle_and_has_neither_values_nor_interrupts()
    {
        var answer = await PostAsync("/threads", """{"metadata":{"user":"ada"}}""");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(
            $$"""{"thread_id":"{{answer.Text("thread_id")}}","created_at":"2026-03-01T12:00:00.000Z"""
            + """
            ","updated_at":"2026-03-01T12:00:00.000Z","metadata":{"user":"ada"},"status":"idle","config":{}}
            """,
            answer.Body);
    }

    [Fact]
    public async Task A_thread_that_is_there_already_is_left_as_it_was()
    {
        var first = await PostAsync("/threads", """{"metadata":{"a":1}}""");

        var again = await PostAsync(
            "/threads",
            $$$"""{"thread_id":"{{{first.Text("thread_id")}}}","if_exists":"do_nothing","metadata":{"a":2}}""");

        Assert.Equal(first.Body, again.Body);
    }

    [Fact]
    public async Task After_a_run_a_thread_shows_its_values_its_agent_and_its_settings()
    {
        var thread = await NewThreadAsync();
        await FinishedRunAsync(thread, options: ""","config":{"configurable":{"tone":"dry"}}""");

        var shown = (await GetAsync($"/threads/{thread}")).Json;

        Assert.Equal("idle", shown.GetProperty("status").GetString());
        Assert.Equal("gated", shown.GetProperty("metadata").GetProperty("graph_id").GetString());
        Assert.Equal("dry", shown.GetProperty("config").GetProperty("configurable").GetProperty("tone").GetString());
        Assert.Equal(2, shown.GetProperty("values").GetProperty("messages").GetArrayLength());
        Assert.Equal("{}", shown.GetProperty("interrupts").GetRawText());
    }

    [Fact]
    public async Task A_thread_without_a_run_has_an_empty_state()
    {
        var state = await GetAsync($"/threads/{await NewThreadAsync()}/state");

        Assert.Equal(
            """{"values":{},"next":[],"tasks":[],"created_at":null,"checkpoint":null,"parent_checkpoint":null}""",
            state.Body);
    }

    [Fact]
    public async Task While_a_run_is_at_work_the_state_says_what_is_next()
    {
        var thread = await NewThreadAsync();
        await NewRunAsync(thread);
        var visit = Graph.Next();

        var state = (await GetAsync($"/threads/{thread}/state")).Json;

        Assert.Equal("""["agent"]""", state.GetProperty("next").GetRawText());
        Assert.Equal("agent", state.GetProperty("tasks")[0].GetProperty("name").GetString());
        visit.Answer("done");
    }

    [Fact]
    public async Task A_failure_is_told_on_the_task_that_is_still_to_do()
    {
        var thread = await NewThreadAsync();
        var run = await NewRunAsync(thread);
        Graph.Next().Throw(new InvalidOperationException("no luck"));
        await GetAsync($"/threads/{thread}/runs/{run}/join");

        var state = (await GetAsync($"/threads/{thread}/state")).Json;

        var error = JsonElement.Parse($"{state.GetProperty("tasks")[0].GetProperty("error")}");
        Assert.Equal("no luck", error.GetProperty("message").GetString());
        Assert.Equal("error", (await GetAsync($"/threads/{thread}")).Text("status"));
    }

    [Fact]
    public async Task History_is_newest_first_and_ends_before_a_checkpoint_in_any_form()
    {
        var thread = await NewThreadAsync();
        await FinishedRunAsync(thread);
        var history = (await GetAsync($"/threads/{thread}/history")).Json.EnumerateArray().ToList();
        var steps = history.Select(state => state.GetProperty("metadata").GetProperty("step").GetInt32());
        var second = history[1].GetProperty("checkpoint").GetProperty("checkpoint_id").GetString();
        var path = $"/threads/{thread}/history";

        Assert.Equal([1, 0, -1], steps);
        foreach (var earlier in (Answer[])
            [
                await GetAsync($"{path}?before={second}"),
                await PostAsync(path, $$"""{"before":"{{second}}"}"""),
                await PostAsync(path, $$$"""{"before":{"configurable":{"checkpoint_id":"{{{second}}}"} } }"""),
            ])
        {
            Assert.Equal(history[2].GetRawText(), Assert.Single(earlier.Json.EnumerateArray()).GetRawText());
        }
    }

    [Fact]
    public async Task History_is_cut_by_limit_and_filtered_by_metadata()
    {
        var thread = await NewThreadAsync();
        await FinishedRunAsync(thread);
        var path = $"/threads/{thread}/history";

        Assert.Equal("[]", (await GetAsync($"{path}?limit=0")).Body);
        Assert.Equal(1, (await PostAsync(path, """{"limit":1}""")).Json.GetArrayLength());
        Assert.Equal(1, (await PostAsync(path, """{"metadata":{"source":"input"}}""")).Json.GetArrayLength());
    }

    [Fact]
    public async Task The_state_at_a_checkpoint_is_what_the_history_shows()
    {
        var thread = await NewThreadAsync();
        await FinishedRunAsync(thread);
        var first = (await GetAsync($"/threads/{thread}/history")).Json.EnumerateArray().Last();
        var id = first.GetProperty("checkpoint").GetProperty("checkpoint_id").GetString();

        Assert.Equal(first.GetRawText(), (await GetAsync($"/threads/{thread}/state/{id}")).Body);
        Assert.Equal(first.GetRawText(), (await PostAsync(
            $"/threads/{thread}/state/checkpoint", $$$"""{"checkpoint":{"checkpoint_id":"{{{id}}}"}}""")).Body);
    }

    [Fact]
    public async Task An_unknown_checkpoint_is_404()
    {
        var thread = await NewThreadAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"/threads/{thread}/state/{Guid.NewGuid()}")).Status);
    }
}
