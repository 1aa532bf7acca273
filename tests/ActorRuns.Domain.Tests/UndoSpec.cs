using ActorRuns.Domain.Tests.Scenes;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Domain.Tests;

/// <summary>Rollback of runs whose tools can be undone in the world: what is owed, and what waits for it.</summary>
public sealed class UndoSpec
{
    private readonly Scene _scene = new()
    {
        Graphs = new TestGraphs(TestGraphs.Agent with { ToolNodes = ["tools"], Compensated = ["weather"] }),
    };

    private string Owed => string.Join(' ', _scene.Ledger.OwedUndos.Select(owed =>
        $"{owed.Ran.Call.Id}{(owed.Ran.Result is null ? "?" : "")}{(owed.Begun ? "!" : "")}"));

    [Fact]
    public void The_calls_of_a_run_that_is_rolled_back_are_owed_an_undo_the_last_one_first()
    {
        _scene.Send(1);
        _scene.ModelCalls();
        _scene.ToolsEnd();
        _scene.ModelCalls(tools: 2);
        _scene.ToolAnswers();

        _scene.Undo(1);

        Assert.Equal("c3? c2 c1", Owed);
        Assert.Equal(("gone", "busy", ""), (_scene[1], _scene.Thread, _scene.Transcript));
    }

    [Fact]
    public void The_next_run_starts_when_all_is_undone()
    {
        CallAndRollBack(tools: 2);

        End("c2");
        var between = _scene[2];
        End("c1", failure: "no way back");

        Assert.Equal(("pending", "running"), (between, _scene[2]));
        Assert.Equal(
            ["c2 ", "c1 no way back"],
            _scene.Ledger.Runs[Notation.Run(2)].Undid.Select(report => $"{report.CallId} {report.Failure}"));
    }

    [Fact]
    public void What_came_of_it_is_known_of_the_thread_when_no_run_took_the_place()
    {
        _scene.Send(1);
        _scene.ModelCalls();
        _scene.Undo(1);

        End("c1");

        Assert.Equal(("c1", "weather", null), Assert.Single(_scene.Ledger.Undos) is var (_, tool, call, failure)
            ? (call, tool, failure)
            : default);
        Assert.Equal("idle", _scene.Thread);
    }

    [Fact]
    public void What_is_owed_outlives_the_process_and_what_has_begun_is_known_to_have()
    {
        CallAndRollBack(tools: 2);
        Begin("c2");

        _scene.Crash();

        Assert.Equal(("c2! c1", "pending"), (Owed, _scene[2]));
        Assert.NotNull(_scene.Ledger.WakeAt);
    }

    [Fact]
    public void An_undo_begins_once_and_ends_once()
    {
        CallAndRollBack(tools: 1);
        Begin("c1");

        Assert.Equal(new Decision.Ignore(), Begin("c1"));
        End("c1");
        Assert.Equal(new Decision.Ignore(), End("c1"));
    }

    [Fact]
    public void Calls_that_were_closed_before_the_run_began_are_not_its_own()
    {
        _scene.Send(1);
        _scene.ModelCalls();
        _scene.Asks("tools");
        _scene.Send(2);

        _scene.Undo(2);

        Assert.Equal(("", "H1 A*"), (Owed, _scene.Transcript));
    }

    [Fact]
    public void A_call_that_a_run_made_for_another_one_is_its_own()
    {
        _scene.Send(1);
        _scene.ModelCalls();
        _scene.Asks("tools");
        _scene.Resume(2, "7");
        _scene.ToolsEnd();

        _scene.Undo(2);

        Assert.Equal("c1", Owed);
    }

    [Fact]
    public void Nothing_is_owed_for_runs_that_keep_what_they_did()
    {
        _scene.Send(1);
        _scene.ModelCalls();
        _scene.Send(2, MultitaskStrategy.Interrupt);

        _scene.Undo(2);

        Assert.Equal("", Owed);
    }

    [Fact]
    public void Nothing_is_owed_by_a_thread_that_is_deleted()
    {
        CallAndRollBack(tools: 1);

        _scene.Do(new ThreadCommand.DeleteThread());

        Assert.Equal(new Decision.Ignore(), End("c1"));
    }

    private void CallAndRollBack(int tools)
    {
        _scene.Send(1);
        _scene.ModelCalls(tools);
        _scene.ToolsEnd();
        _scene.Send(2, MultitaskStrategy.Rollback);
    }

    private Decision Begin(string call) => _scene.Do(new ThreadCommand.BeginUndo(Notation.Run(1), call));

    private Decision End(string call, string? failure = null) =>
        _scene.Do(new ThreadCommand.SettleUndo(Notation.Run(1), call, failure));
}
