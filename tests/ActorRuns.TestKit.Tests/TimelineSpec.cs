using ActorRuns.Runs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.TestKit.Tests;

/// <summary>What a claim that does not hold shows.</summary>
public sealed class TimelineSpec
{
    [Fact]
    public async Task A_failure_shows_what_happened_when_and_why_and_which_child_was_alive()
    {
        var model = new ScriptedModel();
        await using var scenario = await Scenario.GivenAsync(model);
        var thread = await scenario.ThreadAsync();
        var first = await thread.SaysAsync("A");
        await model.IsAskedAsync();
        await scenario.PassAsync(TimeSpan.FromSeconds(2));
        var second = await thread.SaysAsync("B", MultitaskStrategy.Interrupt);
        await first.IsInterruptedAsync(by: second);
        await model.IsAskedAsync();

        var failure = await Assert.ThrowsAsync<ScenarioException>(first.SucceedsAsync);

        Assert.StartsWith("run 1 is to succeed, and ended with Superseded", failure.Message, StringComparison.Ordinal);
        Assert.Contains("alive now: run 2, attempt 1", failure.Message, StringComparison.Ordinal);
        Assert.Matches("""\+ *0\.000 s +the user says "A"\n""", failure.Message);
        Assert.Matches("""\+ *0\.000 s +\d+  run 1 has the thread, attempt 1\n""", failure.Message);
        Assert.Matches(
            """\+ *2\.000 s +\d+  run 1 ends: interrupted, superseded by run 2   \[alive: run 1, attempt 1\]""",
            failure.Message);
        Assert.Contains("the child of run 1 is gone", failure.Message, StringComparison.Ordinal);
        Assert.Contains("the model is asked; the last message is human: B", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_claim_about_what_the_model_sees_shows_both_transcripts()
    {
        var model = new ScriptedModel();
        await using var scenario = await Scenario.GivenAsync(model);
        var thread = await scenario.ThreadAsync();
        await thread.SaysAsync("A");
        var call = await model.IsAskedAsync();

        var failure = Assert.Throws<ScenarioException>(() => call.Sees("human: B"));

        Assert.Contains("expected:\n  human: B\nbut it is:\n  human: A\n", failure.Message, StringComparison.Ordinal);
        Assert.Contains("timeline of the scenario:", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_of_a_thread_and_the_transcript_are_claimed_and_not_believed()
    {
        var model = new ScriptedModel().Fails("no credit");
        await using var scenario = await Scenario.GivenAsync(model);
        var thread = await scenario.ThreadAsync();
        var run = await thread.SaysAsync("A");

        Assert.Equal("no credit", (await run.FailsAsync()).Message);
        await thread.IsAsync(ThreadStatus.Error);
        await Assert.ThrowsAsync<ScenarioException>(() => thread.IsAsync(ThreadStatus.Idle));
        await Assert.ThrowsAsync<ScenarioException>(() => thread.HasTranscriptAsync("human: B"));
        await Assert.ThrowsAsync<ScenarioException>(() => run.TellsAsync("nothing of the kind"));
        await Assert.ThrowsAsync<ScenarioException>(run.IsCancelledAsync);
    }
}
