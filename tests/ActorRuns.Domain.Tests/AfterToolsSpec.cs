using ActorRuns.Domain.Tests.Scenes;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Domain.Tests;

/// <summary>
/// A stop that lets tools come to their end: what they answer is kept, nothing new begins, and without tools at work it
/// is a stop like any other.
/// </summary>
public sealed class AfterToolsSpec
{
    private readonly Scene _scene = new();

    /// <summary>
    /// Columns: what run 1 is at | run 1 when the stop was asked for | the messages then | run 1 when the tools have
    /// ended | the messages then.
    /// </summary>
    [Theory]
    [InlineData("is in its first model call", "interrupted, cancelled", "H1", "interrupted, cancelled", "H1")]
    [InlineData("streams", "interrupted, cancelled", "H1 A~", "interrupted, cancelled", "H1 A~")]
    [InlineData(
        "has tools that have not started", "interrupted, cancelled", "H1 A* T-", "interrupted, cancelled", "H1 A* T-")]
    [InlineData("is in its tool call", "running", "H1 A*", "interrupted, cancelled", "H1 A* T")]
    [InlineData("has one of two tool calls done", "running", "H1 A**", "interrupted, cancelled", "H1 A** T T")]
    [InlineData("waits behind run 9", "interrupted, cancelled", "H9 A*", "interrupted, cancelled", "H9 A* T")]
    public void A_cancel_after_tools(string situation, string atOnce, string now, string afterwards, string end)
    {
        Arrange(situation);

        _scene.CancelAfterTools(1);

        Assert.Equal((atOnce, now), (_scene[1], _scene.Transcript));
        if (_scene.Next is "tools" && _scene.Ledger.Holder is not null)
            _scene.ToolsEnd();
        Assert.Equal((afterwards, end), (_scene[1], _scene.Transcript));
        Assert.Null(_scene.Ledger.StopAsked);
    }

    [Theory]
    [InlineData("is in its first model call", "running", "H1 H2")]
    [InlineData("has tools that have not started", "running", "H1 A* T- H2")]
    [InlineData("is in its tool call", "pending", "H1 A* T H2")]
    [InlineData("has one of two tool calls done", "pending", "H1 A** T T H2")]
    public void A_message_after_tools(string situation, string atOnce, string end)
    {
        Arrange(situation);

        _scene.SendAfterTools(2);

        Assert.Equal(atOnce, _scene[2]);
        if (_scene[2] is "pending")
            _scene.ToolsEnd();
        Assert.Equal(("interrupted by 2", "running", end), (_scene[1], _scene[2], _scene.Transcript));
        Assert.Equal("agent", _scene.Next);
    }

    [Fact]
    public void The_end_of_the_tools_of_the_run_and_the_beginning_of_the_next_are_one_batch()
    {
        Arrange("is in its tool call");
        _scene.SendAfterTools(2);

        _scene.ToolsEnd();

        Assert.Equal(
            ["ToolCallFinished", "StepCommitted", "RunInterrupted", "RunStarted"],
            _scene.Journal[^1].Select(fact => fact.GetType().Name).Take(4));
    }

    [Fact]
    public void A_hard_cancel_afterwards_stops_it_at_once()
    {
        Arrange("is in its tool call");
        _scene.CancelAfterTools(1);

        _scene.Cancel(1);

        Assert.Equal(("interrupted, cancelled", "H1 A* T?", "idle"), (_scene[1], _scene.Transcript, _scene.Thread));
    }

    [Theory]
    [InlineData(MultitaskStrategy.Interrupt, "interrupted by 3", "interrupted by 3", "H1 A* T? H2 H3")]
    [InlineData(MultitaskStrategy.Rollback, "gone", "gone", "H3")]
    public void A_message_that_does_not_wait_takes_the_place_of_both(
        MultitaskStrategy strategy, string first, string second, string transcript)
    {
        Arrange("is in its tool call");
        _scene.SendAfterTools(2);

        _scene.Send(3, strategy);

        Assert.Equal((first, second, "running"), (_scene[1], _scene[2], _scene[3]));
        Assert.Equal(transcript, _scene.Transcript);
    }

    [Fact]
    public void Those_that_wait_give_way_when_it_ends_and_what_was_said_is_kept()
    {
        Arrange("is in its tool call");
        _scene.Send(2);
        _scene.SendAfterTools(3);
        _scene.Send(4);
        Assert.Equal(("running", "pending", "pending", "H1 A*"), (_scene[1], _scene[2], _scene[3], _scene.Transcript));

        _scene.ToolsEnd();

        Assert.Equal(
            ("interrupted by 3", "interrupted by 3", "running", "pending"),
            (_scene[1], _scene[2], _scene[3], _scene[4]));
        Assert.Equal("H1 A* T H2 H3", _scene.Transcript);
    }

    [Fact]
    public void A_message_that_is_taken_back_meanwhile_stops_nobody_but_the_run_at_work()
    {
        Arrange("is in its tool call");
        _scene.Send(2);
        _scene.SendAfterTools(3);
        _scene.Cancel(3);

        _scene.ToolsEnd();

        Assert.Equal(("interrupted by 3", "running"), (_scene[1], _scene[2]));
    }

    [Fact]
    public void A_second_stop_after_tools_changes_nothing()
    {
        Arrange("is in its tool call");
        _scene.SendAfterTools(2);

        Assert.Equal(new Decision.Ignore(), _scene.CancelAfterTools(1));

        _scene.ToolsEnd();
        Assert.Equal("interrupted by 2", _scene[1]);
    }

    [Fact]
    public void When_the_process_is_lost_its_tools_are_and_it_ends_without_another_try()
    {
        Arrange("has one of two tool calls done");
        _scene.SendAfterTools(2);

        _scene.Crash();

        Assert.Equal(("interrupted by 2", "running", "H1 A** T T? H2"), (_scene[1], _scene[2], _scene.Transcript));
        Assert.Equal(1, _scene.Ledger.Runs[Notation.Run(1)].Attempt);
    }

    [Fact]
    public void A_tool_that_asks_a_human_is_not_waited_for()
    {
        Arrange("is in its tool call");
        _scene.CancelAfterTools(1);

        _scene.Asks("tools");

        Assert.Equal(("interrupted, cancelled", "idle", "H1 A* T?"), (_scene[1], _scene.Thread, _scene.Transcript));
    }

    [Fact]
    public void A_tool_that_fails_the_run_fails_it()
    {
        Arrange("is in its tool call");
        _scene.SendAfterTools(2);

        _scene.Fails();

        Assert.Equal(("error", "running"), (_scene[1], _scene[2]));
    }

    [Fact]
    public void A_run_whose_time_is_up_does_not_wait_for_its_tools()
    {
        var limit = Scene.Within(TimeSpan.FromSeconds(9));
        _scene.Submit(Scene.Request(1) with { Input = Scene.Saying(1), Config = limit });
        _scene.ModelCalls();
        _scene.SendAfterTools(2);

        _scene.Pass(TimeSpan.FromSeconds(10));

        Assert.Equal(("timeout", "running"), (_scene[1].Split(',')[0], _scene[2]));
    }

    [Fact]
    public void What_steers_is_not_heard_by_a_run_that_is_to_stop()
    {
        Arrange("is in its tool call");
        _scene.Steer(2);
        _scene.CancelAfterTools(1);

        _scene.ToolsEnd();

        Assert.Equal(("interrupted, cancelled", "running", "H1 A* T H2"), (_scene[1], _scene[2], _scene.Transcript));
    }

    private void Arrange(string situation)
    {
        if (situation is "waits behind run 9")
        {
            _scene.Send(9);
            _scene.Send(1);
            _scene.ModelCalls();
            return;
        }

        _scene.Send(1);
        switch (situation)
        {
            case "streams":
                _scene.ModelStreams("It is");
                break;
            case "has tools that have not started":
                _scene.ModelCallsWithoutStart();
                break;
            case "is in its tool call":
                _scene.ModelCalls();
                break;
            case "has one of two tool calls done":
                _scene.ModelCalls(tools: 2);
                _scene.ToolAnswers();
                break;
        }
    }
}
