using System.Net;
using ActorRuns.Tests;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>Runs: what is answered when they are created, listed, read and stopped.</summary>
public sealed class RunEndpointsSpec : ApiTest
{
    [Fact]
    public async Task A_new_run_is_answered_with_where_it_is_and_what_was_asked()
    {
        var thread = await NewThreadAsync();

        var answer = await PostAsync(
            $"/threads/{thread}/runs", Say("hi", ""","metadata":{"m":1},"stream_mode":"updates" """));

        var run = answer.Json;
        Assert.Equal($"/threads/{thread}/runs/{answer.Text("run_id")}", answer.Headers["Content-Location"]);
        Assert.Equal("pending", answer.Text("status"));
        Assert.Equal("enqueue", answer.Text("multitask_strategy"));
        Assert.Equal(1, run.GetProperty("metadata").GetProperty("m").GetInt32());
        var asked = run.GetProperty("kwargs");
        Assert.Equal("""["updates"]""", asked.GetProperty("stream_mode").GetRawText());
        Assert.Equal(
            """{"messages":[{"role":"human","content":"hi"}]}""", asked.GetProperty("input").GetRawText());
    }

    [Fact]
    public async Task Headers_are_settings_of_the_run_save_those_that_are_secret()
    {
        var thread = await NewThreadAsync();

        var run = await PostAsync(
            $"/threads/{thread}/runs", Say("hi"), ("X-User-Name", "ada"), ("X-Api-Key", "k"), ("X-Tenant-Id", "t"));

        var settings = run.Json.GetProperty("kwargs").GetProperty("config").GetProperty("configurable");
        Assert.Equal("ada", settings.GetProperty("x-user-name").GetString());
        Assert.False(settings.TryGetProperty("x-api-key", out _));
        Assert.False(settings.TryGetProperty("x-tenant-id", out _));
    }

    [Fact]
    public async Task Nobody_gives_a_run_the_identity_of_another_one()
    {
        var thread = await NewThreadAsync();

        var run = await NewRunAsync(
            thread, options: ""","config":{"configurable":{"run_id":"mine","thread_id":"mine","temperature":1}}""");

        var settings = Graph.Next().Context.Settings;
        Assert.Equal((run, thread), (settings.GetString("run_id"), settings.GetString("thread_id")));
        Assert.Equal(1, settings["temperature"].GetInt32());
    }

    [Fact]
    public async Task A_command_takes_its_update_as_pairs_too()
    {
        var thread = await NewThreadAsync();

        var run = await PostAsync(
            $"/threads/{thread}/runs",
            """{"assistant_id":"gated","command":{"update":[["a",1],["b",2]],"goto":"agent"}}""");

        Assert.Equal(
            """{"update":{"a":1,"b":2},"goto":["agent"]}""",
            run.Json.GetProperty("kwargs").GetProperty("command").GetRawText());
    }

    [Fact]
    public async Task A_command_sends_inputs_to_a_node_and_the_state_shows_a_task_for_each()
    {
        var thread = await NewThreadAsync();

        var run = await PostAsync(
            $"/threads/{thread}/runs/wait",
            """
            {"assistant_id":"gated","interrupt_before":["agent"],
             "command":{"goto":[{"node":"agent","input":{"part":1}},{"node":"agent","input":null}]}}
            """);

        Assert.Equal(HttpStatusCode.OK, run.Status);
        var state = (await GetAsync($"/threads/{thread}/state")).Json;
        Assert.Equal("""["agent","agent"]""", state.GetProperty("next").GetRawText());
        Assert.Equal(
            ["""agent ["__pregel_push",0]""", """agent ["__pregel_push",1]"""],
            state.GetProperty("tasks").EnumerateArray().Select(task =>
                $"{task.GetProperty("name").GetString()} {task.GetProperty("path").GetRawText()}"));
    }

    [Fact]
    public async Task A_run_makes_its_thread_if_it_may()
    {
        var path = $"/threads/{Guid.NewGuid()}/runs";

        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(path, Say("hi"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(path, Say("hi", ""","if_not_exists":"create" """))).Status);
    }

    [Fact]
    public async Task An_unknown_assistant_is_404_and_named()
    {
        var answer = await PostAsync($"/threads/{await NewThreadAsync()}/runs", """{"assistant_id":"nobody"}""");

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Contains("nobody", answer.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_wants_a_free_thread_is_409_on_a_busy_one()
    {
        var thread = await NewThreadAsync();
        await NewRunAsync(thread);

        var answer = await PostAsync($"/threads/{thread}/runs", Say("two", ""","multitask_strategy":"reject" """));

        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
    }

    [Fact]
    public async Task Runs_are_listed_newest_first_by_page_by_status_and_by_field()
    {
        var thread = await NewThreadAsync();
        var first = await FinishedRunAsync(thread, "one");
        var second = await FinishedRunAsync(thread, "two");
        var third = await NewRunAsync(thread, "three");

        Assert.Equal([third, second, first], await IdsAsync($"/threads/{thread}/runs"));
        Assert.Equal([second], await IdsAsync($"/threads/{thread}/runs?limit=1&offset=1"));
        Assert.Equal([second, first], await IdsAsync($"/threads/{thread}/runs?status=success"));
        var selected = await GetAsync($"/threads/{thread}/runs?status=success&limit=1&select=[\"run_id\",\"status\"]");
        Assert.Equal($$"""[{"run_id":"{{second}}","status":"success"}]""", selected.Body);
    }

    [Fact]
    public async Task A_superseded_run_and_the_one_that_took_its_place_name_each_other()
    {
        var thread = await NewThreadAsync();
        var first = await NewRunAsync(thread);
        Graph.Next();

        var second = await NewRunAsync(thread, "two", ""","multitask_strategy":"interrupt" """);

        var old = (await GetAsync($"/threads/{thread}/runs/{first}")).Json;
        var next = (await GetAsync($"/threads/{thread}/runs/{second}")).Json;
        Assert.Equal("interrupted", old.GetProperty("status").GetString());
        Assert.Equal(second, old.GetProperty("metadata").GetProperty("superseded_by").GetString());
        Assert.Equal($"""["{first}"]""", next.GetProperty("metadata").GetProperty("supersedes").GetRawText());
    }

    [Theory]
    [InlineData("", 202)]
    [InlineData("?wait=0", 202)]
    [InlineData("?wait=false", 202)]
    [InlineData("?wait=1", 204)]
    [InlineData("?wait=true", 204)]
    [InlineData("?wait=maybe", 422)]
    [InlineData("?action=bogus", 422)]
    public async Task A_cancel_says_by_its_status_whether_it_waited(string query, int status)
    {
        var thread = await NewThreadAsync();
        var run = await NewRunAsync(thread);
        _ = EndsWhenToldAsync(Graph.Next());

        var answer = await PostAsync($"/threads/{thread}/runs/{run}/cancel{query}");

        Assert.Equal(status, (int)answer.Status);
        var expected = status is 422 ? "running" : "interrupted";
        Assert.Equal(expected, (await GetAsync($"/threads/{thread}/runs/{run}")).Text("status"));
    }

    [Fact]
    public async Task A_cancel_that_waits_for_work_that_does_not_end_says_that_it_is_disowned()
    {
        var thread = await NewThreadAsync();
        var run = await NewRunAsync(thread);
        Graph.Next(); // Never answers, whatever it is told.

        var answer = await MoveTimeUntilAsync(
            PostAsync($"/threads/{thread}/runs/{run}/cancel?wait=1"), TimeSpan.FromSeconds(1));

        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        Assert.Equal("true", answer.Headers["X-ActorRuns-Disowned"]);
    }

    [Fact]
    public async Task A_cancel_of_a_run_that_has_ended_changes_nothing()
    {
        var thread = await NewThreadAsync();
        var run = await FinishedRunAsync(thread);

        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync($"/threads/{thread}/runs/{run}/cancel?wait=1")).Status);
        Assert.Equal("success", (await GetAsync($"/threads/{thread}/runs/{run}")).Text("status"));
    }

    [Fact]
    public async Task A_cancel_with_rollback_makes_the_run_gone()
    {
        var thread = await NewThreadAsync();
        var run = await NewRunAsync(thread);
        Graph.Next();

        await PostAsync($"/threads/{thread}/runs/{run}/cancel?action=rollback");

        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"/threads/{thread}/runs/{run}")).Status);
        Assert.Equal("idle", (await GetAsync($"/threads/{thread}")).Text("status"));
    }

    [Fact]
    public async Task A_cancel_lets_the_tool_end_first_if_it_says_so()
    {
        var thread = await NewThreadAsync();
        var run = await NewRunAsync(thread);
        Graph.Next().Call("search");
        var tool = Graph.Next();
        Client.DefaultRequestHeaders.Add("X-ActorRuns-Cancel", "after-tools");

        var answer = await PostAsync($"/threads/{thread}/runs/{run}/cancel");
        var undo = await PostAsync($"/threads/{thread}/runs/{run}/cancel?action=rollback");

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.UnprocessableEntity), (answer.Status, undo.Status));
        Assert.Equal("running", (await GetAsync($"/threads/{thread}/runs/{run}")).Text("status"));
        tool.Return(Visit.Result("search", "found"));
        await GetAsync($"/threads/{thread}/runs/{run}/join");
        Assert.Equal("interrupted", (await GetAsync($"/threads/{thread}/runs/{run}")).Text("status"));
        var messages = (await GetAsync($"/threads/{thread}/state")).Json.GetProperty("values").GetProperty("messages");
        Assert.Equal("found", messages[2].GetProperty("content").GetString());
    }

    [Fact]
    public async Task Who_asks_for_a_run_that_was_rolled_back_is_told_by_whom()
    {
        var thread = await NewThreadAsync();
        var first = await NewRunAsync(thread);
        Graph.Next();
        var second = (await PostAsync(
            $"/threads/{thread}/runs",
            """{"assistant_id":"gated","input":{"messages":"two"},"multitask_strategy":"rollback"}""")).Text("run_id");
        await PostAsync($"/threads/{thread}/runs/{second}/cancel?action=rollback");

        var gone = await GetAsync($"/threads/{thread}/runs/{first}");
        var cancelled = await GetAsync($"/threads/{thread}/runs/{second}/stream");
        var metadata = (await GetAsync($"/threads/{thread}")).Json.GetProperty("metadata");

        Assert.Equal(
            (HttpStatusCode.NotFound, $"Run with ID {first} not found: it was rolled back by run {second}"),
            (gone.Status, gone.Text("detail")));
        Assert.Equal(
            $"Run with ID {second} not found: it was rolled back by a cancel", cancelled.Text("detail"));
        Assert.Equal(
            [(first, second), (second, null)],
            metadata.GetProperty("actorruns_rolled_back").EnumerateArray().Select(run => (
                run.GetProperty("run_id").GetString(),
                run.TryGetProperty("by", out var by) ? by.GetString() : null)));
    }

    [Fact]
    public async Task Many_runs_are_cancelled_by_one_call()
    {
        var thread = await NewThreadAsync();
        var first = await NewRunAsync(thread);
        _ = EndsWhenToldAsync(Graph.Next());
        var second = await NewRunAsync(thread, "two");

        var answer = await PostAsync(
            "/runs/cancel", $$"""{"thread_id":"{{thread}}","run_ids":["{{first}}","{{second}}"]}""");

        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        var statuses = (await GetAsync($"/threads/{thread}/runs")).Json.EnumerateArray()
            .Select(run => run.GetProperty("status").GetString());
        Assert.Equal(["interrupted", "interrupted"], statuses);
    }

    private static async Task EndsWhenToldAsync(Visit visit)
    {
        await visit.Cancelled.Task;
        visit.Answer("too late");
    }

    private async Task<IEnumerable<string?>> IdsAsync(string path) =>
        (await GetAsync(path)).Json.EnumerateArray().Select(run => run.GetProperty("run_id").GetString()).ToList();
}
