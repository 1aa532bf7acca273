using ActorRuns.Domain.Tests.Scenes;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Domain.Tests;

/// <summary>Runs that take longer than they may.</summary>
public sealed class RunTimeoutSpec
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Scene _scene = new();

    [Fact]
    public void A_run_whose_time_is_up_ends_as_timeout_and_the_thread_is_at_fault()
    {
        Send(1);

        _scene.Pass(Limit);

        Assert.Equal(("timeout, timed out", "error", "agent"), (_scene[1], _scene.Thread, _scene.Next));
        Assert.Equal(("TimeoutError", "The run did not end within 00:00:30."),
            (_scene.Ledger.Position.Failure?.Error, _scene.Ledger.Position.Failure?.Message));
    }

    [Fact]
    public void A_run_goes_on_until_the_very_instant()
    {
        Send(1);

        _scene.Pass(Limit - TimeSpan.FromTicks(1));

        Assert.Equal("running", _scene[1]);
    }

    [Fact]
    public void Its_text_is_kept_and_its_calls_are_closed()
    {
        Send(1);
        _scene.ModelCalls(tools: 2);
        _scene.ToolAnswers();
        _scene.Pass(Limit);
        Send(2);
        _scene.ModelStreams("It is");

        _scene.Pass(Limit);

        Assert.Equal("H1 A** T T? H2 A~", _scene.Transcript);
    }

    [Fact]
    public void What_waits_behind_it_starts_at_once_and_has_its_own_time()
    {
        Send(1);
        Send(2);

        _scene.Pass(Limit);

        Assert.Equal(("timeout, timed out", "running"), (_scene[1], _scene[2]));
        Assert.Equal(Scene.Beginning + Limit + Limit, _scene.Ledger.Deadline);
    }

    [Fact]
    public void Waiting_for_its_turn_does_not_count()
    {
        Send(1);
        Send(2);
        _scene.Pass(Limit - TimeSpan.FromSeconds(1));
        _scene.ModelAnswers();

        _scene.Pass(TimeSpan.FromSeconds(29));

        Assert.Equal("running", _scene[2]);
    }

    [Fact]
    public void A_lost_process_does_not_give_it_more_time()
    {
        Send(1);
        _scene.Pass(Limit / 2);
        _scene.Crash();

        _scene.Pass(Limit / 2);

        Assert.Equal("timeout, timed out", _scene[1]);
    }

    [Fact]
    public void A_process_that_comes_back_too_late_does_not_try_again()
    {
        Send(1);
        _scene.JournalIsDown = true; // Nobody is there when its time is up.
        _scene.Pass(Limit);
        _scene.JournalIsDown = false;

        _scene.Crash();

        Assert.Equal(("timeout, timed out", 1), (_scene[1], _scene.Ledger.Runs[Notation.Run(1)].Attempt));
    }

    [Fact]
    public void A_server_has_a_limit_for_runs_that_name_none()
    {
        var scene = new Scene { Policy = new ThreadPolicy { RunTimeout = Limit } };
        scene.Send(1);

        scene.Pass(Limit);

        Assert.Equal("timeout, timed out", scene[1]);
    }

    [Fact]
    public void A_run_may_take_as_long_as_it_likes_if_it_says_so()
    {
        var scene = new Scene { Policy = new ThreadPolicy { RunTimeout = Limit } };
        scene.Submit(Scene.Request(1) with { Input = Scene.Saying(1), Config = Scene.Within(TimeSpan.Zero) });

        scene.Pass(TimeSpan.FromDays(400));

        Assert.Equal(("running", null), (scene[1], scene.Ledger.Deadline));
    }

    [Fact]
    public void What_a_run_without_input_goes_on_from_is_where_the_other_was_stopped()
    {
        Send(1);
        _scene.Pass(Limit);

        _scene.GoOn(2);
        _scene.PlayToTheEnd();

        Assert.Equal(("success", "H1 A* T A"), (_scene[2], _scene.Transcript));
    }

    private void Send(int run) =>
        _scene.Submit(Scene.Request(run) with { Input = Scene.Saying(run), Config = Scene.Within(Limit) });
}
