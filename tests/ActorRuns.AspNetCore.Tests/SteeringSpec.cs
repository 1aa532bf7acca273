using System.Net;
using System.Text.Json;
using ActorRuns.Tests;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>Messages to the run at work, messages that belong together, and who chose a strategy.</summary>
public sealed class SteeringSpec : ApiTest
{
    private const string Steer = ""","config":{"configurable":{"actorruns_refinement":"steer"}}""";
    private const string Gather = ""","config":{"configurable":{"actorruns_debounce_ms":2000}}""";

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task What_steers_is_heard_behind_the_results_of_the_tools()
    {
        var thread = await NewThreadAsync();
        var first = await NewRunAsync(thread, "one");
        Graph.Next().Call("search");
        var tools = Graph.Next();

        var second = await NewRunAsync(thread, "two", Steer);
        Assert.Equal("pending", (await RunAsync(thread, second)).GetProperty("status").GetString());
        tools.Return(Visit.Result("search", "found"));
        var model = Graph.Next();

        Assert.Equal(
            ["human", "ai", "tool", "human"], model.Context.Messages.Select(message => message.Type));
        Assert.Equal(first, model.Context.Settings.GetString("run_id"));
        var heard = await RunAsync(thread, second);
        Assert.Equal("running", heard.GetProperty("status").GetString());
        Assert.Equal(first, Metadata(heard, "actorruns_joined_to"));
        Assert.Equal("steer", Metadata(heard, "actorruns_refinement"));
        var hearer = await RunAsync(thread, first);
        Assert.Equal(second, hearer.GetProperty("metadata").GetProperty("actorruns_joined")[0].GetString());
    }

    [Fact]
    public async Task Who_waits_for_a_run_that_was_heard_gets_what_its_hearer_came_to()
    {
        var thread = await NewThreadAsync();
        var first = await NewRunAsync(thread, "one");
        Graph.Next().Call("search");
        var tools = Graph.Next();
        var waiting = PostAsync($"/threads/{thread}/runs/wait", Say("two", Steer));
        await QueuedAsync(thread);
        tools.Return(Visit.Result("search", "found"));

        Graph.Next().Answer("both");

        var values = (await waiting).Json;
        Assert.Equal("both", values.GetProperty("messages")[4].GetProperty("content").GetString());
        var joined = await GetAsync($"/threads/{thread}/runs/{first}/join");
        Assert.Equal(joined.Body.Trim(), (await waiting).Body.Trim());
    }

    [Fact]
    public async Task The_stream_of_a_run_that_was_heard_goes_on_with_its_hearer_and_reads_the_same_again()
    {
        var thread = await NewThreadAsync();
        await NewRunAsync(thread, "one");
        Graph.Next().Call("search");
        var tools = Graph.Next();
        using var stream = await OpenAsync(HttpMethod.Post, $"/threads/{thread}/runs/stream", Say("two", Steer));
        var second = $"{stream.Response.Content.Headers.ContentLocation}".Split('/')[^1];
        tools.Return(Visit.Result("search", "found"));
        Graph.Next().Answer("both");

        var told = DataOf(await stream.RestAsync());

        Assert.Contains(second, told[0], StringComparison.Ordinal);
        Assert.Contains("\"two\"", told[1], StringComparison.Ordinal);
        Assert.Contains("\"both\"", told[^1], StringComparison.Ordinal);
        using var again = await OpenAsync(HttpMethod.Get, $"/threads/{thread}/runs/{second}/stream");
        Assert.Equal(told, DataOf(await again.RestAsync()));
    }

    [Fact]
    public async Task A_cancel_of_a_run_that_was_heard_waits_for_the_work_of_its_hearer()
    {
        var thread = await NewThreadAsync();
        var first = await NewRunAsync(thread, "one");
        Graph.Next().Call("search");
        var tools = Graph.Next();
        var second = await NewRunAsync(thread, "two", Steer);
        tools.Return(Visit.Result("search", "found"));
        var model = Graph.Next();

        var cancel = PostAsync($"/threads/{thread}/runs/{second}/cancel?wait=1");
        await model.Cancelled.Task.WaitAsync(Patience);
        Assert.False(cancel.IsCompleted);
        model.Answer("too late");

        Assert.Equal(HttpStatusCode.NoContent, (await cancel).Status);
        Assert.Equal("cancelled", Metadata(await RunAsync(thread, first), "actorruns_cause"));
        Assert.Equal("joined", Metadata(await RunAsync(thread, second), "actorruns_cause"));
    }

    [Theory]
    [InlineData(""","multitask_strategy":"interrupt" """, "multitask_strategy")]
    [InlineData(""","checkpoint_id":"1f1e6484-6c70-6d40-8003-8d74fa72113c" """, "checkpoint")]
    public async Task What_contradicts_steering_is_refused_by_name(string option, string field)
    {
        var answer = await PostAsync($"/threads/{await NewThreadAsync()}/runs", Say("hi", Steer + option));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains(field, answer.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_does_not_wait_for_tools_has_those_skipped_that_the_model_asks_for_meanwhile()
    {
        var thread = await NewThreadAsync();
        await NewRunAsync(thread);
        var model = Graph.Next();
        var second = await NewRunAsync(
            thread, "two", ""","config":{"configurable":{"actorruns_refinement":"steer-now"}}""");

        model.Call("search");

        var next = Graph.Next();
        Assert.Equal(("agent", "two"), (next.Context.Node, next.Says));
        Assert.Equal("steer-now", Metadata(await RunAsync(thread, second), "actorruns_refinement"));
    }

    [Fact]
    public async Task A_message_may_interrupt_when_the_tools_have_ended_and_names_no_other_strategy()
    {
        const string AfterTools = ""","config":{"configurable":{"actorruns_refinement":"after-tools"}}""";
        var thread = await NewThreadAsync();
        var first = await NewRunAsync(thread);
        Graph.Next().Call("search");
        var tools = Graph.Next();

        var refused = await PostAsync(
            $"/threads/{thread}/runs", Say("hi", AfterTools + ""","multitask_strategy":"rollback" """));
        var second = await NewRunAsync(thread, "two", AfterTools);
        tools.Return(Visit.Result("search", "found"));

        Assert.Equal("two", Graph.Next().Says);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal("superseded", Metadata(await RunAsync(thread, first), "actorruns_cause"));
        Assert.Equal("after-tools", Metadata(await RunAsync(thread, second), "actorruns_refinement"));
        Assert.Equal("interrupt", (await RunAsync(thread, second)).GetProperty("multitask_strategy").GetString());
    }

    [Theory]
    [InlineData("actorruns_refinement", "\"push\"")]
    [InlineData("actorruns_multitask_strategy", "\"push\"")]
    [InlineData("actorruns_debounce_ms", "-1")]
    [InlineData("actorruns_debounce_max_ms", "\"long\"")]
    public async Task A_setting_that_nobody_knows_is_refused_by_name(string setting, string value)
    {
        var config = $$$""","config":{"configurable":{"{{{setting}}}":{{{value}}}}}""";

        var answer = await PostAsync($"/threads/{await NewThreadAsync()}/runs", Say("hi", config));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains(setting, answer.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_that_belong_together_are_one_run_and_each_is_answered()
    {
        var thread = await NewThreadAsync();
        var first = await NewRunAsync(thread, "one", Gather);
        var again = await PostAsync($"/threads/{thread}/runs", Say("two", Gather), ("Idempotency-Key", "k"));
        var second = again.Text("run_id");
        var waiting = GetAsync($"/threads/{thread}/runs/{second}/join");
        Assert.True(Graph.IsQuiet);

        Time.Advance(2 * Second);
        var model = Graph.Next();

        Assert.Equal(["one", "two"], model.Context.Messages.Select(message => message.Text));
        model.Answer("both");
        Assert.Contains("both", (await waiting).Body, StringComparison.Ordinal);
        Assert.Equal("success", (await RunAsync(thread, second)).GetProperty("status").GetString());
        var replayed = await PostAsync($"/threads/{thread}/runs", Say("two", Gather), ("Idempotency-Key", "k"));
        Assert.Equal((second, "true"), (replayed.Text("run_id"), replayed.Headers["Idempotency-Replayed"]));
        var metadata = (await RunAsync(thread, first)).GetProperty("metadata");
        Assert.Equal(2000, metadata.GetProperty("actorruns_debounce_ms").GetInt32());
    }

    [Fact]
    public async Task A_thread_says_how_long_its_messages_wait_for_each_other()
    {
        var thread = (await PostAsync("/threads", """{"metadata":{"actorruns_debounce_ms":1000}}""")).Text("thread_id");
        await NewRunAsync(thread, "one");
        await NewRunAsync(thread, "two");

        Time.Advance(Second);

        Assert.Equal(["one", "two"], Graph.Next().Context.Messages.Select(message => message.Text));
    }

    [Fact]
    public async Task A_run_says_who_chose_its_strategy()
    {
        var assistant = (await PostAsync(
            "/assistants",
            """{"graph_id":"gated","config":{"configurable":{"actorruns_multitask_strategy":"interrupt"}}}"""))
            .Text("assistant_id");
        var runs = $"/threads/{await NewThreadAsync()}/runs";
        var body = Say("hi").Replace("\"gated\"", $"\"{assistant}\"", StringComparison.Ordinal);

        var own = await PostAsync(runs, Say("hi", ""","multitask_strategy":"enqueue" """));
        var servers = await PostAsync(runs, Say("hi"));
        var assistants = await PostAsync(runs, body);

        Assert.Equal("enqueue; from=run", own.Headers["X-ActorRuns-Strategy"]);
        Assert.Equal("enqueue; from=server", servers.Headers["X-ActorRuns-Strategy"]);
        Assert.Equal("interrupt; from=assistant", assistants.Headers["X-ActorRuns-Strategy"]);
        Assert.Equal("interrupt", assistants.Text("multitask_strategy"));
        Assert.Equal("assistant", Metadata(assistants.Json, "actorruns_strategy_from"));
    }

    private async Task<JsonElement> RunAsync(string thread, string run) =>
        (await GetAsync($"/threads/{thread}/runs/{run}")).Json;

    private static string? Metadata(JsonElement run, string key) =>
        run.GetProperty("metadata").GetProperty(key).GetString();

    private static List<string> DataOf(IEnumerable<string> lines) =>
        [.. lines.Where(line => line.StartsWith("data:", StringComparison.Ordinal))];

    /// <summary>Waits until a run waits on the thread.</summary>
    private async Task QueuedAsync(string thread)
    {
        using var patience = new CancellationTokenSource(Patience);
        while ((await GetAsync($"/threads/{thread}/queue")).Json.GetArrayLength() is 0)
            patience.Token.ThrowIfCancellationRequested();
    }
}

/// <summary>A server whose runs interrupt unless they say otherwise.</summary>
public sealed class DefaultStrategySpec() : ApiTest("actorruns.runs.multitask-strategy = interrupt")
{
    [Fact]
    public async Task A_run_that_names_no_strategy_has_the_servers()
    {
        var thread = await NewThreadAsync();
        var first = await NewRunAsync(thread, "one");

        await NewRunAsync(thread, "two");

        Assert.Equal("interrupted", (await GetAsync($"/threads/{thread}/runs/{first}")).Text("status"));
    }
}
