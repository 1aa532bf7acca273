using System.Diagnostics;
using ActorRuns.Agents;
using Xunit;

namespace ActorRuns.TestKit.Tests;

/// <summary>Whatever takes time takes none here. Examples to copy.</summary>
public sealed class VirtualTimeSpec
{
    [Fact]
    public async Task A_run_whose_time_is_up_ends_and_the_next_one_begins()
    {
        var model = new ScriptedModel().Waits().Answers("here I am");
        await using var scenario = await Scenario.GivenAsync(model);
        var thread = await scenario.ThreadAsync();
        var watch = Stopwatch.StartNew();

        var first = await thread.SaysAsync("think hard");
        var second = await thread.SaysAsync("still there?");
        var call = await model.IsAskedAsync();
        await scenario.PassAsync(TimeSpan.FromHours(1));

        await call.IsToldToEndAsync();
        await first.TimesOutAsync();
        await second.SucceedsAsync();
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_delayed_run_starts_when_it_is_due_and_no_sooner()
    {
        var model = new ScriptedModel().Answers("time for tea");
        await using var scenario = await Scenario.GivenAsync(model);
        var thread = await scenario.ThreadAsync();

        var run = await thread.SubmitAsync(request => request with { Delay = TimeSpan.FromMinutes(5) });
        await scenario.PassAsync(TimeSpan.FromMinutes(4));
        await run.WaitsAsync();
        Assert.Empty(model.Calls);
        await scenario.PassAsync(TimeSpan.FromMinutes(2));

        await run.SucceedsAsync();
    }

    [Fact]
    public async Task Messages_in_quick_succession_become_one_run_where_the_server_waits_for_them()
    {
        var model = new ScriptedModel().Answers("all of it");
        await using var scenario = await Scenario.GivenAsync(
            ChatAgent.Create(Scenario.AgentName, model),
            new ScenarioOptions { Hocon = "actorruns.runs.debounce = 2s", Scripts = [model] });
        var thread = await scenario.ThreadAsync();

        var first = await thread.SaysAsync("I want");
        await scenario.PassAsync(TimeSpan.FromSeconds(1));
        var second = await thread.SaysAsync("a pizza");
        await scenario.PassAsync(TimeSpan.FromSeconds(3));

        await first.EndsAsync();
        await second.EndsAsync();
        Assert.Single(model.Calls);
        await thread.HasTranscriptAsync("human: I want", "human: a pizza", "ai: all of it");
    }

    [Fact]
    public async Task A_tool_that_takes_longer_than_it_says_is_told_to_end_and_the_model_that_it_failed()
    {
        var model = new ScriptedModel().CallsTool("crawl").Answers("it takes too long");
        var crawl = new ScriptedTool("crawl");
        await using var scenario = await Scenario.GivenAsync(
            model, crawl.With(new ToolContract { Deadline = TimeSpan.FromSeconds(30) }));
        var thread = await scenario.ThreadAsync();

        var run = await thread.SaysAsync("read the web");
        var visit = await crawl.IsCalledAsync();
        await scenario.PassAsync(TimeSpan.FromSeconds(31));

        await visit.IsToldToEndAsync();
        await run.SucceedsAsync();
        Assert.Contains(await thread.TranscriptAsync(), line =>
            line.StartsWith("tool error: ", StringComparison.Ordinal));
    }
}
