using ActorRuns.Domain.Tests.Scenes;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Domain.Tests;

/// <summary>Runs and threads that are deleted.</summary>
public sealed class DeletionSpec
{
    private readonly Scene _scene = new();

    [Fact]
    public void A_deleted_run_is_gone_and_what_it_wrote_stays()
    {
        _scene.Send(1);
        _scene.ModelAnswers();
        var revisions = _scene.Revisions.Count;

        _scene.Delete(1);

        Assert.Equal(("gone", "H1 A", "idle"), (_scene[1], _scene.Transcript, _scene.Thread));
        Assert.Equal(revisions, _scene.Revisions.Count);
    }

    [Fact]
    public void A_run_that_is_at_work_is_stopped_and_then_deleted_and_the_next_one_starts()
    {
        _scene.Send(1);
        _scene.ModelCalls();
        _scene.Send(2);

        _scene.Delete(1);

        Assert.Equal(("gone", "running", "H1 A* T? H2"), (_scene[1], _scene[2], _scene.Transcript));
    }

    [Fact]
    public void A_run_that_waits_is_deleted_without_a_trace_in_the_state()
    {
        _scene.Send(1);
        _scene.Send(2);

        _scene.Delete(2);
        _scene.ModelAnswers();

        Assert.Equal(("gone", "success", "H1 A"), (_scene[2], _scene[1], _scene.Transcript));
    }

    [Fact]
    public void A_run_is_deleted_once()
    {
        _scene.Send(1);
        _scene.Delete(1);

        Assert.Equal(new Decision.Refuse(new Refusal.RunNotFound(Notation.Run(1))), _scene.Delete(1));
    }

    [Fact]
    public void The_id_of_a_deleted_run_is_used_up()
    {
        _scene.Send(1);
        _scene.Delete(1);

        Assert.Equal(new Decision.Ignore(), _scene.Send(1));
    }

    [Fact]
    public void A_late_word_of_a_deleted_run_is_ignored()
    {
        _scene.Send(1);
        var late = _scene.Holder;
        _scene.Delete(1);

        var decision = _scene.Do(new ThreadCommand.FailRun(late, new NodeFailure("agent", "Boom", "It broke.")));

        Assert.Equal(new Decision.Ignore(), decision);
    }

    [Fact]
    public void The_state_that_a_deleted_run_left_belongs_to_its_graph()
    {
        _scene.Send(1);
        _scene.ModelAnswers();

        _scene.Delete(1);

        Assert.Equal(TestGraphs.Agent.Id, _scene.Ledger.Graph);
    }

    [Fact]
    public void A_deleted_thread_is_as_if_it_had_never_been()
    {
        _scene.Send(1);
        _scene.ModelCalls();

        _scene.Do(new ThreadCommand.DeleteThread());

        Assert.Equal((false, null, 0), (_scene.Ledger.Exists, _scene.Ledger.Holder, _scene.Ledger.Runs.Count));
        Assert.Empty(_scene.Revisions);
    }

    [Fact]
    public void A_thread_that_is_not_there_cannot_be_deleted() => Assert.Equal(
        new Decision.Refuse(new Refusal.ThreadNotFound(Scene.ThreadId)), _scene.Do(new ThreadCommand.DeleteThread()));

    [Fact]
    public void What_the_run_of_a_deleted_thread_says_later_is_ignored()
    {
        _scene.Send(1);
        var late = _scene.Holder;
        _scene.Do(new ThreadCommand.DeleteThread());

        Assert.Equal(new Decision.Ignore(), _scene.Do(new ThreadCommand.PauseRun(late, [])));
    }

    [Fact]
    public void A_thread_can_begin_anew_under_the_id_of_a_deleted_one()
    {
        _scene.Send(1);
        _scene.ModelAnswers();
        _scene.Do(new ThreadCommand.DeleteThread());

        _scene.Send(2);

        Assert.Equal(("H2", "gone", "running"), (_scene.Transcript, _scene[1], _scene[2]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_thread_made_for_one_run_goes_with_that_run_however_it_goes(bool undone)
    {
        _scene.Submit(Scene.Request(1) with { Input = Scene.Saying(1), IsStateless = true });

        _ = undone ? _scene.Undo(1) : _scene.Delete(1);

        Assert.False(_scene.Ledger.Exists);
    }
}
