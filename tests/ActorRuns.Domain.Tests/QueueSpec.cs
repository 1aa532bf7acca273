using System.Text.Json;
using ActorRuns.Domain.Tests.Scenes;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Domain.Tests;

/// <summary>The runs that wait for their turn: edited, put into another order, put first.</summary>
public sealed class QueueSpec
{
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(4);

    [Fact]
    public void A_run_that_waits_says_what_it_was_edited_to_say()
    {
        var scene = ThreeInARow();

        scene.Do(Edit(2, new RunEdit { Input = Scene.Saying(7) }));
        scene.PlayToTheEnd();

        Assert.Equal("H1 A* T A H7 A* T A H3 A* T A", scene.Transcript);
    }

    [Fact]
    public void A_run_that_has_begun_is_not_edited_any_more()
    {
        var scene = ThreeInARow();

        var decision = scene.Do(Edit(1, new RunEdit { Input = Scene.Saying(7) }));

        Assert.Equal(new Decision.Refuse(new Refusal.RunBegan(Notation.Run(1), RunStatus.Running)), decision);
    }

    [Fact]
    public void An_input_that_does_not_fit_the_graph_is_refused_and_the_run_stays_what_it_was()
    {
        var scene = ThreeInARow();

        var decision = scene.Do(Edit(2, new RunEdit { Input = JsonElement.Parse("[7]") }));

        Assert.IsType<Refusal.InvalidInput>(Assert.IsType<Decision.Refuse>(decision).Reason);
        Assert.Equal(Scene.Saying(2).GetRawText(), scene.Ledger.Runs[Notation.Run(2)].Request.Input.GetRawText());
    }

    [Fact]
    public void What_an_edit_does_not_name_stays()
    {
        var scene = ThreeInARow();
        scene.Do(Edit(2, new RunEdit { InterruptBefore = ["tools"] }));

        scene.Do(Edit(2, new RunEdit { Metadata = RunRequest.NoMetadata.Add("k", Scene.Saying(1)) }));

        var request = scene.Ledger.Runs[Notation.Run(2)].Request;
        Assert.Equal(["tools"], request.InterruptBefore.AsEnumerable());
        Assert.Equal("""{"messages":"2"}""", request.Input.GetRawText());
        Assert.True(request.Metadata.ContainsKey("k"));
    }

    [Fact]
    public void An_input_takes_the_place_of_a_command_and_a_command_that_of_an_input()
    {
        var scene = ThreeInARow();
        scene.Do(Edit(2, new RunEdit { Command = new GraphCommand(default, default, ["tools"]) }));
        Assert.False(scene.Ledger.Runs[Notation.Run(2)].Request.HasInput);

        scene.Do(Edit(2, new RunEdit { Input = Scene.Saying(7) }));

        Assert.True(scene.Ledger.Runs[Notation.Run(2)].Request.HasInput);
    }

    [Fact]
    public void A_run_that_is_put_off_lets_the_next_one_go_first()
    {
        var scene = ThreeInARow();

        scene.Do(Edit(2, new RunEdit { Delay = Later }));
        scene.PlayToTheEnd();

        Assert.Equal("H1 A* T A H3 A* T A H2 A* T A", scene.Transcript);
    }

    [Fact]
    public void A_run_that_is_made_due_on_a_free_thread_starts_with_the_edit()
    {
        var scene = new Scene();
        scene.Send(1, delay: Later);

        scene.Do(Edit(1, new RunEdit { Delay = TimeSpan.Zero }));

        Assert.Equal("running", scene[1]);
    }

    [Fact]
    public void Runs_start_in_the_order_they_were_put_into()
    {
        var scene = ThreeInARow();

        scene.Do(Reorder(3, 2));
        scene.PlayToTheEnd();

        Assert.Equal("H1 A* T A H3 A* T A H2 A* T A", scene.Transcript);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(2, 2)]
    [InlineData(2, 3, 3)]
    [InlineData(1, 2, 3)]
    [InlineData(2, 9)]
    public void An_order_of_other_runs_than_those_that_wait_is_refused(params int[] order)
    {
        var scene = ThreeInARow();

        var decision = scene.Do(Reorder(order));

        var refusal = Assert.IsType<Refusal.QueueChanged>(Assert.IsType<Decision.Refuse>(decision).Reason);
        Assert.Equal([2, 3], refusal.Queue.Select(Notation.NumberOf));
        Assert.Equal([2, 3], scene.Ledger.Queue.Select(Notation.NumberOf));
    }

    [Fact]
    public void The_order_that_is_there_already_is_no_news()
    {
        var scene = ThreeInARow();

        Assert.Equal(new Decision.Ignore(), scene.Do(Reorder(2, 3)));
    }

    [Fact]
    public void A_run_that_is_promoted_goes_next_and_what_runs_comes_to_its_end()
    {
        var scene = ThreeInARow();

        scene.Do(Promote(3));
        scene.PlayToTheEnd();

        Assert.Equal("H1 A* T A H3 A* T A H2 A* T A", scene.Transcript);
        Assert.Equal("success", scene[1]);
    }

    [Theory]
    [InlineData(MultitaskStrategy.Interrupt, "H1 A* T? H3 A* T A H2 A* T A", "interrupted by 3")]
    [InlineData(MultitaskStrategy.Rollback, "H3 A* T A H2 A* T A", "gone")]
    public void A_run_can_go_at_once_in_the_place_of_what_runs(MultitaskStrategy over, string end, string first)
    {
        var scene = ThreeInARow();
        scene.ModelCalls();
        var batches = scene.Journal.Count;

        scene.Do(Promote(3, over));

        Assert.Equal((first, "running", "pending"), (scene[1], scene[3], scene[2]));
        Assert.Equal(batches + 1, scene.Journal.Count);
        scene.PlayToTheEnd();
        Assert.Equal(end, scene.Transcript);
    }

    [Fact]
    public void A_run_that_is_promoted_does_not_wait_for_its_time_any_more()
    {
        var scene = new Scene();
        scene.Send(1, delay: Later);

        scene.Do(Promote(1));

        Assert.Equal("running", scene[1]);
    }

    [Fact]
    public void A_run_that_has_ended_is_not_promoted()
    {
        var scene = new Scene();
        scene.Send(1);
        scene.PlayToTheEnd();

        Assert.Equal(
            new Decision.Refuse(new Refusal.RunBegan(Notation.Run(1), RunStatus.Success)), scene.Do(Promote(1)));
    }

    [Fact]
    public void A_crash_keeps_every_edit_and_the_order()
    {
        var scene = ThreeInARow();
        scene.Do(Edit(2, new RunEdit { Input = Scene.Saying(7) }));
        scene.Do(Promote(3));

        scene.Crash();
        scene.PlayToTheEnd();

        Assert.Equal("H1 A* T A H3 A* T A H7 A* T A", scene.Transcript);
    }

    private static Scene ThreeInARow()
    {
        var scene = new Scene();
        scene.Send(1);
        scene.Send(2);
        scene.Send(3);
        return scene;
    }

    private static ThreadCommand Edit(int run, RunEdit edit) => new ThreadCommand.EditRun(Notation.Run(run), edit);

    private static ThreadCommand Reorder(params int[] runs) =>
        new ThreadCommand.ReorderQueue([.. runs.Select(Notation.Run)]);

    private static ThreadCommand Promote(int run, MultitaskStrategy over = MultitaskStrategy.Enqueue) =>
        new ThreadCommand.PromoteRun(Notation.Run(run), over);
}
