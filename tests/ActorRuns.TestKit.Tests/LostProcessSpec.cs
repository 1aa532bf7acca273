using ActorRuns.Agents;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.TestKit.Tests;

/// <summary>What becomes of a conversation when its process is lost, or its disk is full. Examples to copy.</summary>
public sealed class LostProcessSpec
{
    [Fact]
    public async Task A_run_that_was_cut_off_goes_on_from_its_last_step_without_anyone_asking()
    {
        var model = new ScriptedModel().CallsTool("search").Waits().Answers("It is sunny.");
        var search = new ScriptedTool("search").Returns("sunny");
        await using var scenario = await Scenario.GivenAsync(model, search);
        var thread = await scenario.ThreadAsync();

        var run = await thread.SaysAsync("weather?");
        await model.IsAskedAsync();
        await scenario.LoseProcessAsync();

        await run.SucceedsAsync();
        Assert.Equal(2, (await run.ReadAsync())!.Attempt);
        Assert.Single(search.Visits);
        await thread.HasTranscriptAsync("human: weather?", "ai calls search", "tool: sunny", "ai: It is sunny.");
    }

    [Fact]
    public async Task A_tool_that_is_run_again_has_the_same_key_so_that_a_service_can_do_it_once()
    {
        var model = new ScriptedModel().CallsTool("order").Answers("ordered");
        var order = new ScriptedTool("order");
        await using var scenario = await Scenario.GivenAsync(model, order);
        var thread = await scenario.ThreadAsync();

        var run = await thread.SaysAsync("one pizza");
        var lost = await order.IsCalledAsync();
        await scenario.LoseProcessAsync();
        var again = await order.IsCalledAsync();
        again.Returns("ok");

        await run.SucceedsAsync();
        Assert.Equal(lost.Context!.IdempotencyKey, again.Context!.IdempotencyKey);
    }

    [Fact]
    public async Task A_tool_that_must_not_run_twice_is_put_to_a_human_when_its_process_was_lost()
    {
        var model = new ScriptedModel().CallsTool("pay").Answers("paid");
        var pay = new ScriptedTool("pay");
        await using var scenario = await Scenario.GivenAsync(
            model, pay.With(new ToolContract { Effect = ToolEffect.AtMostOnce }));
        var thread = await scenario.ThreadAsync();

        var run = await thread.SaysAsync("pay the bill");
        await pay.IsCalledAsync();
        await scenario.LoseProcessAsync();

        await run.AsksAsync();
        await thread.IsAsync(ThreadStatus.Interrupted);
        Assert.Single(pay.Visits);
        var resumed = await thread.ResumesAsync(new { result = "it was paid" });
        await resumed.SucceedsAsync();
        Assert.Contains("tool: it was paid", await thread.TranscriptAsync());
    }

    [Fact]
    public async Task A_message_that_waits_for_its_turn_survives_the_process()
    {
        var model = new ScriptedModel();
        await using var scenario = await Scenario.GivenAsync(model);
        var thread = await scenario.ThreadAsync();

        await thread.SaysAsync("one");
        var second = await thread.SaysAsync("two");
        await model.IsAskedAsync();
        await scenario.LoseProcessAsync();
        (await model.IsAskedAsync()).Answers("1");
        (await model.IsAskedAsync()).Answers("2");

        await second.SucceedsAsync();
        await thread.HasTranscriptAsync("human: one", "ai: 1", "human: two", "ai: 2");
    }

    [Fact]
    public async Task What_could_not_be_written_is_told_to_its_sender_and_the_thread_lives_on()
    {
        var model = new ScriptedModel().Answers("hello");
        await using var scenario = await Scenario.GivenAsync(model);
        var thread = await scenario.ThreadAsync();

        scenario.FailWrites(1);
        var failure = await Assert.ThrowsAsync<ScenarioException>(() => thread.SaysAsync("lost"));
        await scenario.PassAsync(TimeSpan.FromSeconds(5));
        var run = await thread.SaysAsync("hi");

        Assert.IsType<JournalUnavailableException>(failure.InnerException);
        await run.SucceedsAsync();
        await thread.HasTranscriptAsync("human: hi", "ai: hello");
    }
}
