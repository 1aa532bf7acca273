using ActorRuns.Domain.Tests.Scenes;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Domain.Tests;

/// <summary>Messages to the run at work: heard between its steps, never between a tool call and its result.</summary>
public sealed class SteerSpec
{
    [Fact]
    public void What_steers_stands_behind_the_results_of_all_tools_in_the_revision_of_their_step()
    {
        var scene = new Scene();
        scene.Send(1);
        scene.ModelCalls(tools: 2);
        scene.Steer(2);

        scene.ToolAnswers();
        Assert.Equal("H1 A**", scene.Transcript);
        scene.ToolsEnd();

        Assert.Equal(("H1 A** T T H2", "agent"), (scene.Transcript, scene.Next));
        Assert.Equal(["tools"], scene.Revisions[^1].Ran.AsEnumerable());
    }

    [Fact]
    public void A_run_that_was_heard_is_at_what_its_hearer_is_at_and_ends_as_that_does()
    {
        var scene = Heard();
        Assert.Equal(("running", "running"), (scene[1], scene[2]));

        scene.ModelAnswers();

        Assert.Equal(("success", "success, joined 1"), (scene[1], scene[2]));
        Assert.Equal("idle", scene.Thread);
    }

    [Theory]
    [InlineData("asks", "success, joined 1")]
    [InlineData("fails", "error, joined 1")]
    [InlineData("is cancelled", "interrupted, joined 1")]
    [InlineData("is superseded", "interrupted, joined 1")]
    public void A_run_that_was_heard_ends_with_its_hearer_however_that_ends(string ending, string fate)
    {
        var scene = Heard();

        _ = ending switch
        {
            "asks" => scene.Asks("agent"),
            "fails" => scene.Fails(),
            "is cancelled" => scene.Cancel(1),
            _ => scene.Send(3, MultitaskStrategy.Interrupt),
        };

        Assert.Equal(fate, scene[2]);
    }

    [Fact]
    public void To_be_heard_and_the_step_are_one_batch()
    {
        var scene = new Scene();
        scene.Send(1);
        scene.ModelCalls();
        scene.Steer(2);
        var batches = scene.Journal.Count;

        scene.ToolsEnd();

        Assert.Equal(batches + 1, scene.Journal.Count);
        Assert.Contains(scene.Journal[^1], fact => fact is ThreadEvent.RunJoined);
    }

    [Fact]
    public void A_crash_before_the_step_is_complete_loses_nothing()
    {
        var scene = new Scene();
        scene.Send(1);
        scene.ModelCalls();
        scene.Steer(2);

        scene.Crash();
        scene.ToolsEnd();

        Assert.Equal("H1 A* T H2", scene.Transcript);
    }

    [Fact]
    public void A_crash_behind_it_says_nothing_twice()
    {
        var scene = Heard();

        scene.Crash();
        scene.PlayToTheEnd();

        Assert.Equal("H1 A* T H2 A* T A", scene.Transcript);
        Assert.Equal("success, joined 1", scene[2]);
    }

    [Fact]
    public void Who_was_not_heard_when_the_run_ends_is_next()
    {
        var scene = new Scene();
        scene.Send(1);
        scene.Steer(2);

        scene.ModelAnswers();

        Assert.Equal(("success", "running", "H1 A H2"), (scene[1], scene[2], scene.Transcript));
    }

    [Fact]
    public void A_run_that_stops_for_a_human_does_not_hear_and_the_message_is_next()
    {
        var scene = new Scene();
        scene.Send(1);
        scene.Steer(2);

        scene.ModelCallsAndPauses();

        Assert.Equal(("success, asked", "running", "H1 A* T- H2"), (scene[1], scene[2], scene.Transcript));
    }

    [Fact]
    public void A_message_that_is_due_later_is_not_heard_before()
    {
        var scene = new Scene();
        scene.Send(1);
        scene.ModelCalls();
        scene.Submit(Scene.Request(2) with
        {
            Steers = true, Input = Scene.Saying(2), Delay = TimeSpan.FromSeconds(4),
        });

        scene.ToolsEnd();

        Assert.Equal(("H1 A* T", "pending"), (scene.Transcript, scene[2]));
    }

    [Fact]
    public void A_run_of_another_assistant_is_not_steered()
    {
        var scene = new Scene();
        scene.Send(1);
        scene.ModelCalls();
        scene.Submit(Scene.Request(2) with
        {
            Steers = true, Input = Scene.Saying(2), AssistantId = new(Guid.AllBitsSet),
        });

        scene.ToolsEnd();

        Assert.Equal("pending", scene[2]);
    }

    [Fact]
    public void An_undone_run_gives_back_what_it_heard()
    {
        var scene = Heard();

        scene.Undo(1);

        Assert.Equal(("gone", "running", "H2"), (scene[1], scene[2], scene.Transcript));
    }

    [Fact]
    public void A_message_that_is_to_be_undone_takes_its_hearer_with_it_and_does_not_come_back()
    {
        var scene = Heard();
        scene.Send(3);

        scene.Undo(2);

        Assert.Equal(("gone", "gone", "running"), (scene[1], scene[2], scene[3]));
        Assert.Equal("H3", scene.Transcript);
    }

    [Fact]
    public void Messages_come_back_before_those_that_came_after_them()
    {
        var scene = new Scene();
        scene.Send(1);
        scene.ModelCalls();
        scene.Steer(2);
        scene.Steer(3);
        scene.Send(4);
        scene.ToolsEnd();

        scene.Undo(1);

        Assert.Equal("running", scene[2]);
        Assert.Equal([3, 4], scene.Ledger.Queue.Select(Notation.NumberOf));
    }

    [Fact]
    public void Who_stops_a_run_that_was_heard_stops_the_run_that_hears_it()
    {
        var scene = Heard();

        scene.Cancel(2);

        Assert.Equal(("interrupted, cancelled", "interrupted, joined 1"), (scene[1], scene[2]));
    }

    [Fact]
    public void Who_deletes_a_run_that_was_heard_stops_the_run_that_hears_it()
    {
        var scene = Heard();

        scene.Delete(2);

        Assert.Equal(("interrupted, cancelled", "gone"), (scene[1], scene[2]));
        Assert.Empty(scene.Ledger.Runs[Notation.Run(1)].Joined);
    }

    [Fact]
    public void A_command_does_not_steer()
    {
        var scene = new Scene();
        scene.Send(1);

        var decision = scene.Submit(Scene.Request(2) with
        {
            Steers = true, Command = new GraphCommand(default, default, ["tools"]),
        });

        Assert.IsType<Refusal.InvalidInput>(Assert.IsType<Decision.Refuse>(decision).Reason);
    }

    private static Scene Heard()
    {
        var scene = new Scene();
        scene.Send(1);
        scene.ModelCalls();
        scene.Steer(2);
        scene.ToolsEnd();
        return scene;
    }
}
