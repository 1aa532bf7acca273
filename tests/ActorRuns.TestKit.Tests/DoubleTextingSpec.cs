using ActorRuns.Runs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.TestKit.Tests;

/// <summary>What users do who do not wait for their agent. Examples to copy, each a rule of docs/PITFALLS.md.</summary>
public sealed class DoubleTextingSpec
{
    [Fact]
    public async Task A_second_message_interrupts_the_answer_to_the_first_and_the_model_sees_both()
    {
        var model = new ScriptedModel();
        await using var scenario = await Scenario.GivenAsync(model);
        var thread = await scenario.ThreadAsync();

        var first = await thread.SaysAsync("A");
        var answer = await model.IsAskedAsync();
        await answer.SaysAsync("Let me ");
        var second = await thread.SaysAsync("B", MultitaskStrategy.Interrupt);

        await first.IsInterruptedAsync(by: second);
        await thread.HasValidTranscriptAsync();
        var next = await model.IsAskedAsync();
        next.Sees("human: A", "ai: Let me ", "human: B");
        next.Answers("Here you are.");
        await second.SucceedsAsync();
    }

    [Fact]
    public async Task A_tool_call_that_is_cut_off_has_a_result_before_the_model_is_asked_again()
    {
        var model = new ScriptedModel().CallsTool("search", new { city = "SF" });
        var search = new ScriptedTool("search");
        await using var scenario = await Scenario.GivenAsync(model, search);
        var thread = await scenario.ThreadAsync();

        var first = await thread.SaysAsync("weather in SF?");
        var visit = await search.IsCalledAsync();
        var second = await thread.SaysAsync("in NYC!", MultitaskStrategy.Interrupt);

        Assert.Equal("SF", visit.Argument("city"));
        await visit.IsToldToEndAsync();
        await first.IsInterruptedAsync(by: second);
        await thread.HasValidTranscriptAsync();
        var next = await model.IsAskedAsync();
        Assert.Equal(["human: weather in SF?", "ai calls search"], next.Transcript.Take(2));
        Assert.StartsWith("tool error: ", next.Transcript[2], StringComparison.Ordinal);
        Assert.Equal("human: in NYC!", next.Transcript[3]);
    }

    [Fact]
    public async Task The_result_of_a_tool_that_had_answered_is_kept_when_the_other_one_is_cut_off()
    {
        var model = new ScriptedModel().CallsTools("quick", "slow").Answers("done");
        var slow = new ScriptedTool("slow");
        await using var scenario = await Scenario.GivenAsync(model, new ScriptedTool("quick").Returns("found"), slow);
        var thread = await scenario.ThreadAsync();

        await thread.SaysAsync("both");
        await slow.IsCalledAsync();
        await thread.RecordsAsync<ThreadEvent.ToolCallFinished>();
        var second = await thread.SaysAsync("never mind", MultitaskStrategy.Interrupt);

        await second.SucceedsAsync();
        Assert.Contains("tool: found", await thread.TranscriptAsync());
        await thread.HasValidTranscriptAsync();
    }

    [Fact]
    public async Task What_a_stubborn_tool_answers_after_its_run_was_stopped_is_not_heard()
    {
        var model = new ScriptedModel().CallsTool("search").Answers("done");
        var search = new ScriptedTool("search") { IgnoresCancellation = true };
        await using var scenario = await Scenario.GivenAsync(model, search);
        var thread = await scenario.ThreadAsync();

        await thread.SaysAsync("find it");
        var visit = await search.IsCalledAsync();
        var second = await thread.SaysAsync("stop", MultitaskStrategy.Interrupt);
        await second.SucceedsAsync();
        visit.Returns("too late");
        await scenario.SettleAsync();

        Assert.DoesNotContain("tool: too late", await thread.TranscriptAsync());
    }

    [Fact]
    public async Task Messages_wait_for_their_turn_in_their_order_when_they_are_to_be_queued()
    {
        var model = new ScriptedModel();
        await using var scenario = await Scenario.GivenAsync(model);
        var thread = await scenario.ThreadAsync();

        var first = await thread.SaysAsync("one");
        var second = await thread.SaysAsync("two");
        var third = await thread.SaysAsync("three");
        var answer = await model.IsAskedAsync();
        await second.WaitsAsync();
        await third.WaitsAsync();
        answer.Answers("1");
        (await model.IsAskedAsync()).Answers("2");
        (await model.IsAskedAsync()).Answers("3");

        await first.SucceedsAsync();
        await second.SucceedsAsync();
        await third.SucceedsAsync();
        await thread.HasTranscriptAsync("human: one", "ai: 1", "human: two", "ai: 2", "human: three", "ai: 3");
    }

    [Fact]
    public async Task A_message_is_refused_while_another_one_is_answered_if_it_wants_a_free_thread()
    {
        var model = new ScriptedModel();
        await using var scenario = await Scenario.GivenAsync(model);
        var thread = await scenario.ThreadAsync();

        var first = await thread.SaysAsync("one");
        var answer = await model.IsAskedAsync();
        var reason = await thread.IsRefusedAsync("two", MultitaskStrategy.Reject);
        answer.Answers("1");

        Assert.IsType<Refusal.ThreadBusy>(reason);
        await first.SucceedsAsync();
        await thread.HasTranscriptAsync("human: one", "ai: 1");
    }

    [Fact]
    public async Task A_rollback_leaves_nothing_of_the_run_that_it_stopped()
    {
        var model = new ScriptedModel().CallsTool("note").Waits().Answers("only this");
        await using var scenario = await Scenario.GivenAsync(model, new ScriptedTool("note").Returns("noted"));
        var thread = await scenario.ThreadAsync();

        var first = await thread.SaysAsync("wrong");
        await model.IsAskedAsync();
        var second = await thread.SaysAsync("right", MultitaskStrategy.Rollback);

        await first.IsUndoneAsync();
        await second.SucceedsAsync();
        await thread.HasTranscriptAsync("human: right", "ai: only this");
    }

    [Fact]
    public async Task A_cancel_is_answered_when_the_work_has_ended_and_the_thread_is_free()
    {
        var model = new ScriptedModel();
        await using var scenario = await Scenario.GivenAsync(model);
        var thread = await scenario.ThreadAsync();

        var run = await thread.SaysAsync("A");
        var answer = await model.IsAskedAsync();
        await answer.SaysAsync("Once upon a time");
        await run.CancelsAsync();

        await answer.IsToldToEndAsync();
        await run.IsCancelledAsync();
        await thread.IsAsync(ThreadStatus.Idle);
        await thread.HasTranscriptAsync("human: A", "ai: Once upon a time");
    }
}
