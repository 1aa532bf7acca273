using ActorRuns.Domain.Tests.Scenes;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Domain.Tests;

/// <summary>What becomes of runs whose process is lost.</summary>
public sealed class RecoverySpec
{
    private readonly Scene _scene = new();

    [Fact]
    public void A_tool_that_was_at_work_when_the_process_was_lost_is_known_to_have_been()
    {
        _scene.Send(1);
        _scene.ModelCalls(tools: 2);
        _scene.ToolAnswers();

        _scene.Crash();
        _scene.Crash();

        Assert.Equal(KeyValuePair.Create("c2", 2), Assert.Single(_scene.Ledger.Position.Lost));
        Assert.Equal(2, _scene.Ledger.Position.Losses);
    }

    [Fact]
    public void What_was_lost_is_forgotten_with_its_step()
    {
        _scene.Send(1);
        _scene.ModelCalls();
        _scene.Crash();

        _scene.ToolsEnd();

        Assert.Empty(_scene.Ledger.Position.Lost);
    }

    [Fact]
    public void What_was_lost_is_still_known_when_a_human_has_answered()
    {
        _scene.Send(1);
        _scene.ModelCalls();
        _scene.Crash();
        _scene.Asks("tools");

        _scene.Resume(2, "\"repeat\"");

        Assert.Equal("c1", Assert.Single(_scene.Ledger.Position.Lost).Key);
    }

    [Fact]
    public void The_run_goes_on_as_the_next_attempt_from_its_last_step()
    {
        _scene.Send(1);
        _scene.ModelCalls();

        _scene.Crash();

        Assert.Equal(new Holder(Notation.Run(1), Attempt: 2), _scene.Ledger.Holder);
        Assert.Equal(("running", "tools", "H1 A*"), (_scene[1], _scene.Next, _scene.Transcript));
    }

    [Fact]
    public void The_results_of_tools_that_had_answered_are_there_for_the_next_attempt()
    {
        _scene.Send(1);
        _scene.ModelCalls(tools: 2);
        _scene.ToolAnswers();

        _scene.Crash();
        _scene.PlayToTheEnd();

        Assert.Equal("H1 A** T T A", _scene.Transcript);
        Assert.Equal(2, _scene.Facts.OfType<ThreadEvent.ToolCallFinished>().Count());
    }

    [Fact]
    public void A_call_that_was_started_is_known_to_have_been_after_the_crash()
    {
        _scene.Send(1);
        _scene.ModelCalls();

        _scene.Crash();

        Assert.True(_scene.Ledger.Working.OpenCalls.Single().Started);
    }

    [Fact]
    public void A_late_word_from_a_lost_attempt_is_ignored()
    {
        _scene.Send(1);
        var lost = _scene.Holder;
        _scene.Crash();
        var result = _scene.Answering("c1");

        ThreadCommand[] late =
        [
            new ThreadCommand.CommitStep(lost, [], [], [], Pauses: false),
            new ThreadCommand.RecordToolResult(lost, "tools", TestGraphs.Messages, result),
            new ThreadCommand.PauseRun(lost, []),
            new ThreadCommand.FailRun(lost, new NodeFailure(null, "Boom", "It broke.")),
            new ThreadCommand.TakeOver(lost),
        ];

        Assert.All(late, command => Assert.Equal(new Decision.Ignore(), _scene.Do(command)));
    }

    [Fact]
    public void The_attempt_that_is_reported_as_lost_is_followed_by_the_next()
    {
        _scene.Send(1);

        _scene.Do(new ThreadCommand.TakeOver(_scene.Holder));

        Assert.Equal(2, _scene.Holder.Attempt);
    }

    [Fact]
    public void A_run_whose_process_is_lost_too_often_fails_and_says_so()
    {
        _scene.Send(1);
        _scene.ModelCalls();
        _scene.Crash();
        _scene.Crash();

        _scene.Crash();

        Assert.Equal(("error, worker lost", "error"), (_scene[1], _scene.Thread));
        Assert.Equal(new RunCause.WorkerLost(Attempts: 3), _scene.Ledger.Runs[Notation.Run(1)].Cause);
        Assert.Equal("H1 A* T?", _scene.Transcript);
    }

    [Fact]
    public void The_run_behind_one_that_was_lost_too_often_starts()
    {
        var scene = new Scene { Policy = new ThreadPolicy { MaxAttempts = 1 } };
        scene.Send(1);
        scene.Send(2);

        scene.Crash();

        Assert.Equal(("error, worker lost", "running"), (scene[1], scene[2]));
    }

    [Fact]
    public void Runs_that_became_due_while_nobody_was_there_start_at_recovery()
    {
        _scene.Send(1, delay: TimeSpan.FromSeconds(4));
        _scene.Pass(TimeSpan.FromSeconds(3));
        Assert.Equal("pending", _scene[1]);

        _scene.Pass(TimeSpan.FromSeconds(2));
        _scene.Crash();

        Assert.Equal("running", _scene[1]);
    }

    [Fact]
    public void A_thread_on_which_nothing_is_due_is_left_alone()
    {
        _scene.Send(1);
        _scene.PlayToTheEnd();
        var recorded = _scene.Journal.Count;

        _scene.Crash();

        Assert.Equal(recorded, _scene.Journal.Count);
    }

    [Fact]
    public void A_run_that_was_stopped_is_not_tried_again()
    {
        _scene.Send(1);
        _scene.Cancel(1);

        _scene.Crash();

        Assert.Equal("interrupted, cancelled", _scene[1]);
        Assert.Null(_scene.Ledger.Holder);
    }

    [Fact]
    public void A_run_that_was_tried_twice_is_undone_to_before_its_first_attempt()
    {
        _scene.Send(1);
        _scene.PlayToTheEnd();
        var before = _scene.Ledger.Position.Head;
        _scene.Send(2);
        _scene.ModelCalls();
        _scene.Crash();
        _scene.ToolsEnd();

        _scene.Undo(2);

        Assert.Equal(before!.Id, _scene.Ledger.Position.Head!.Id);
        Assert.Equal("H1 A* T A", _scene.Transcript);
    }

    [Fact]
    public void A_run_whose_graph_is_gone_goes_on_for_the_process_to_find_out()
    {
        _scene.Send(1);
        _scene.Graphs = TestGraphs.None;

        _scene.Crash();

        Assert.Equal(2, _scene.Holder.Attempt);
    }

    [Fact]
    public void A_run_that_is_handed_over_goes_on_as_the_next_attempt_and_nothing_is_lost()
    {
        _scene.Send(1);
        _scene.ModelCalls();
        _scene.ToolsEnd();

        _scene.HandOver();

        Assert.Equal(new Holder(Notation.Run(1), Attempt: 2), _scene.Ledger.Holder);
        Assert.Equal(0, _scene.Ledger.Position.Losses);
        Assert.Equal([1], _scene.Ledger.HandedOver);
    }

    [Fact]
    public void Being_handed_over_does_not_count_against_the_attempts()
    {
        _scene.Send(1);
        for (var number = 0; number < 10; number++)
            _scene.HandOver();

        _scene.Crash();
        _scene.Crash();
        Assert.Equal("running", _scene[1]);
        _scene.Crash();

        Assert.Equal(new RunCause.WorkerLost(Attempts: 3), _scene.Ledger.Runs[Notation.Run(1)].Cause);
    }

    [Fact]
    public void An_attempt_is_handed_over_once()
    {
        _scene.Send(1);
        var holder = _scene.Ledger.Holder!;
        _scene.Do(new ThreadCommand.HandOverRun(holder));

        Assert.IsType<Decision.Ignore>(_scene.Do(new ThreadCommand.HandOverRun(holder)));
    }

    [Fact]
    public void How_often_a_run_was_handed_over_is_forgotten_with_its_end()
    {
        _scene.Send(1);
        _scene.HandOver();

        _scene.PlayToTheEnd();

        Assert.Empty(_scene.Ledger.HandedOver);
    }
}
