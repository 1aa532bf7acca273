using ActorRuns.Domain.Tests.Scenes;
using ActorRuns.Runs;
using ActorRuns.Threads;
using ActorRuns.Undos;
using Xunit;

namespace ActorRuns.Domain.Tests;

/// <summary>What a user's stop and undo do to runs.</summary>
public sealed class CancelSpec
{
    private readonly Scene _scene = new();

    [Fact]
    public void A_running_run_is_stopped_and_what_it_finished_stays()
    {
        _scene.Send(1);
        _scene.ModelCalls();

        _scene.Cancel(1);

        Assert.Equal(("interrupted, cancelled", "idle", "tools"), (_scene[1], _scene.Thread, _scene.Next));
        Assert.Equal("H1 A* T?", _scene.Transcript);
    }

    [Fact]
    public void The_text_that_a_stopped_run_has_streamed_is_kept()
    {
        _scene.Send(1);
        _scene.ModelStreams("It is");

        _scene.Cancel(1);

        Assert.Equal("H1 A~", _scene.Transcript);
    }

    [Fact]
    public void A_running_run_is_undone_and_the_thread_is_as_if_it_had_never_been()
    {
        _scene.Send(1);
        _scene.ModelCalls();
        _scene.ToolAnswers();

        _scene.Undo(1);

        Assert.Equal(("gone", "idle", "", ""), (_scene[1], _scene.Thread, _scene.Next, _scene.Transcript));
        Assert.Null(_scene.Ledger.Position.Head);
    }

    [Fact]
    public void A_pending_run_is_stopped_and_never_starts()
    {
        _scene.Send(1);
        _scene.Send(2);

        _scene.Cancel(2);
        _scene.PlayToTheEnd();

        Assert.Equal(("success", "interrupted, cancelled"), (_scene[1], _scene[2]));
        Assert.Equal("H1 A* T A", _scene.Transcript);
    }

    [Fact]
    public void A_pending_run_is_undone_and_the_running_one_goes_on()
    {
        _scene.Send(1);
        _scene.Send(2);

        _scene.Undo(2);

        Assert.Equal(("running", "gone"), (_scene[1], _scene[2]));
    }

    [Fact]
    public void A_thread_whose_only_run_was_due_later_is_idle_when_that_is_stopped()
    {
        _scene.Send(1, delay: TimeSpan.FromSeconds(4));

        _scene.Cancel(1);

        Assert.Equal("idle", _scene.Thread);
        Assert.Null(_scene.Ledger.WakeAt);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_that_has_ended_stays_as_it_is(bool undo)
    {
        _scene.Send(1);
        _scene.PlayToTheEnd();

        var decision = undo ? _scene.Undo(1) : _scene.Cancel(1);

        Assert.Equal(new Decision.Ignore(), decision);
        Assert.Equal("success", _scene[1]);
    }

    [Fact]
    public void A_run_that_waits_for_a_human_has_ended_and_its_question_stays()
    {
        _scene.Send(1);
        _scene.Asks("agent");

        _scene.Cancel(1);

        Assert.Equal(("success, asked", "interrupted"), (_scene[1], _scene.Thread));
    }

    [Fact]
    public void A_run_that_nobody_knows_is_refused_and_the_others_stay_as_they_are()
    {
        _scene.Send(1);

        var decision = _scene.Cancel(1, 2);

        Assert.Equal(new Decision.Refuse(new Refusal.RunNotFound(Notation.Run(2))), decision);
        Assert.Equal("running", _scene[1]);
    }

    [Fact]
    public void A_run_that_was_undone_is_not_known_any_more_save_for_who_undid_it()
    {
        _scene.Send(1);
        _scene.Send(2, MultitaskStrategy.Rollback);
        _scene.Undo(2);

        var (first, second) = (_scene.Undo(1), _scene.Undo(2));

        Assert.Equal(Gone(1, by: Notation.Run(2)), first);
        Assert.Equal(Gone(2, by: null), second);
        Assert.Equal(new Decision.Refuse(new Refusal.RunNotFound(Notation.Run(3))), _scene.Undo(3));

        Decision.Refuse Gone(int run, RunId? by) => new(new Refusal.RunNotFound(Notation.Run(run))
        {
            RolledBack = new RolledBackRun(Notation.Run(run), by, _scene.Now),
        });
    }

    [Theory]
    [InlineData(false, "interrupted, cancelled", "H1 A* T?")]
    [InlineData(true, "gone", "")]
    public void All_runs_of_a_thread_are_stopped_at_once_and_none_of_them_starts(
        bool undo, string fate, string transcript)
    {
        _scene.Send(1);
        _scene.ModelCalls();
        _scene.Send(2);
        _scene.Send(3, delay: TimeSpan.FromSeconds(4));

        _ = undo ? _scene.Undo(3, 1, 2, 1) : _scene.Cancel(3, 1, 2, 1);

        Assert.Equal((fate, fate, fate), (_scene[1], _scene[2], _scene[3]));
        Assert.Equal(("idle", transcript), (_scene.Thread, _scene.Transcript));
        Assert.DoesNotContain(_scene.Journal[^1], fact => fact is ThreadEvent.RunStarted);
    }

    [Fact]
    public void The_next_run_starts_when_the_one_before_it_is_stopped()
    {
        _scene.Send(1);
        _scene.Send(2);

        _scene.Cancel(1);

        Assert.Equal(("running", "H1 H2"), (_scene[2], _scene.Transcript));
    }

    [Fact]
    public void Undoing_a_run_brings_back_all_that_was_before_it()
    {
        _scene.Send(1);
        _scene.ModelCallsAndPauses();
        var before = _scene.Ledger.Position;
        _scene.Send(2);
        _scene.ModelCalls();

        _scene.Undo(2);

        Assert.Same(before.Head, _scene.Ledger.Position.Head);
        Assert.Equal(before, _scene.Ledger.Position);
        Assert.Equal("interrupted", _scene.Thread);
    }

    [Fact]
    public void A_stopped_run_is_taken_up_again_by_one_without_input()
    {
        _scene.Send(1);
        _scene.ModelCalls();
        _scene.Cancel(1);

        _scene.GoOn(2);

        Assert.Equal(("running", "tools"), (_scene[2], _scene.Next));
    }
}
