using ActorRuns.Domain.Tests.Scenes;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Domain.Tests;

/// <summary>Runs that are due later: they start in the order of their submission, and hold nobody back.</summary>
public sealed class DelayedRunSpec
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Scene _scene = new();

    [Fact]
    public void A_run_does_not_start_before_it_is_due()
    {
        _scene.Send(1, delay: 4 * Second);

        _scene.Pass(4 * Second - TimeSpan.FromTicks(1));

        Assert.Equal(("pending", "busy", ""), (_scene[1], _scene.Thread, _scene.Transcript));
    }

    [Fact]
    public void A_run_starts_at_the_instant_it_is_due()
    {
        _scene.Send(1, delay: 4 * Second);

        _scene.Pass(4 * Second);

        Assert.Equal("running", _scene[1]);
    }

    [Fact]
    public void A_thread_says_when_it_next_has_something_to_do()
    {
        _scene.Send(1, delay: 4 * Second);
        _scene.Send(2, delay: 2 * Second);

        Assert.Equal(Scene.Beginning + 2 * Second, _scene.Ledger.WakeAt);
    }

    [Fact]
    public void A_run_that_is_due_later_does_not_hold_back_the_one_sent_after_it()
    {
        _scene.Send(1, delay: 4 * Second);

        _scene.Send(2);

        Assert.Equal(("pending", "running"), (_scene[1], _scene[2]));
    }

    [Fact]
    public void Of_runs_that_are_due_the_one_sent_first_starts_first()
    {
        _scene.Send(9);
        _scene.Send(1, delay: 4 * Second);
        _scene.Send(2, delay: 2 * Second);
        _scene.Pass(5 * Second);

        _scene.ModelAnswers();

        Assert.Equal(("running", "pending"), (_scene[1], _scene[2]));
    }

    [Fact]
    public void A_run_that_becomes_due_while_another_has_the_thread_waits_for_it()
    {
        _scene.Send(1, delay: 2 * Second);
        _scene.Send(2);

        _scene.Pass(3 * Second);

        Assert.Equal(("pending", "running"), (_scene[1], _scene[2]));
    }

    [Fact]
    public void Asking_what_is_due_when_nothing_is_changes_nothing()
    {
        _scene.Send(1, delay: 2 * Second);

        Assert.Equal(new Decision.Ignore(), _scene.Do(new ThreadCommand.StartDueRuns()));
    }

    [Fact]
    public void A_run_that_is_superseded_before_it_is_due_never_starts()
    {
        _scene.Send(1, delay: 4 * Second);
        _scene.Send(2, Runs.MultitaskStrategy.Interrupt);

        _scene.PlayToTheEnd();
        _scene.Pass(5 * Second);

        Assert.Equal(("interrupted by 2", "success"), (_scene[1], _scene[2]));
        Assert.Equal("H1 H2 A* T A", _scene.Transcript);
    }
}
