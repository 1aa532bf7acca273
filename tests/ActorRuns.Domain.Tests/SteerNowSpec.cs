using ActorRuns.Domain.Tests.Scenes;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Domain.Tests;

/// <summary>Messages to the run at work for which tools are skipped that have not begun.</summary>
public sealed class SteerNowSpec
{
    private readonly Scene _scene = new()
    {
        Graphs = new TestGraphs(TestGraphs.Agent with { ToolNodes = ["tools"], Compensated = ["weather"] }),
    };

    [Fact]
    public void The_calls_that_the_model_asks_for_meanwhile_are_skipped_and_the_message_is_heard_at_once()
    {
        _scene.Send(1);
        _scene.SteerNow(2);

        _scene.ModelCalls(tools: 2);

        Assert.Equal(("H1 A** T- T- H2", "agent"), (_scene.Transcript, _scene.Next));
        Assert.Equal(("running", "running"), (_scene[1], _scene[2]));
        Assert.DoesNotContain(_scene.Facts, fact => fact is ThreadEvent.ToolCallStarted);
        _scene.ModelAnswers();
        Assert.Equal(("success", "success, joined 1", "idle"), (_scene[1], _scene[2], _scene.Thread));
    }

    [Fact]
    public void Tools_that_have_begun_come_to_their_end()
    {
        _scene.Send(1);
        _scene.ModelCalls(tools: 2);
        _scene.SteerNow(2);

        _scene.ToolAnswers();
        _scene.ToolsEnd();

        Assert.Equal(("H1 A** T T H2", "agent"), (_scene.Transcript, _scene.Next));
    }

    [Fact]
    public void A_message_that_waits_for_tools_is_heard_with_the_one_that_does_not()
    {
        _scene.Send(1);
        _scene.Steer(2);
        _scene.SteerNow(3);

        _scene.ModelCalls();

        Assert.Equal("H1 A* T- H2 H3", _scene.Transcript);
    }

    [Fact]
    public void A_message_that_waits_for_tools_skips_none()
    {
        _scene.Send(1);
        _scene.Steer(2);

        _scene.ModelCalls();

        Assert.Equal(("H1 A*", "tools"), (_scene.Transcript, _scene.Next));
    }

    [Fact]
    public void A_run_that_is_to_stop_before_its_tools_stops_there()
    {
        _scene.Send(1);
        _scene.SteerNow(2);

        _scene.ModelCallsAndPauses();

        Assert.Equal("success, asked", _scene[1]);
    }

    [Fact]
    public void What_was_skipped_is_not_undone()
    {
        _scene.Send(1);
        _scene.SteerNow(2);
        _scene.ModelCalls();

        _scene.Undo(1);

        Assert.Empty(_scene.Ledger.OwedUndos);
        Assert.Equal("gone", _scene[1]);
    }

    [Fact]
    public void A_crash_changes_nothing()
    {
        _scene.Send(1);
        _scene.SteerNow(2);
        _scene.ModelCalls();

        _scene.Crash();
        _scene.PlayToTheEnd();

        Assert.Equal("success, joined 1", _scene[2]);
        Assert.StartsWith("H1 A* T- H2", _scene.Transcript, StringComparison.Ordinal);
    }
}
