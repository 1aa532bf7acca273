using ActorRuns.Domain.Tests.Scenes;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Domain.Tests;

/// <summary>Runs that go on from an older revision of the state.</summary>
public sealed class ForkSpec
{
    private readonly Scene _scene = new();

    private ThreadPosition Position => _scene.Ledger.Position;

    [Fact]
    public void A_message_to_an_older_revision_leaves_out_what_came_after_it()
    {
        var older = Conversation();

        _scene.SendFrom(3, older);

        Assert.Equal("H1 A H3", _scene.Transcript);
    }

    [Fact]
    public void The_first_revision_of_a_fork_has_the_older_one_as_its_parent_and_counts_on_from_it()
    {
        var older = Conversation();

        _scene.SendFrom(3, older);

        var first = _scene.Revisions.First(revision => revision.RunId == Notation.Run(3));
        Assert.Equal<(CheckpointId?, int, CheckpointSource)>(
            (older.Id, older.Step + 1, CheckpointSource.Input), (first.Parent, first.Step, first.Source));
    }

    [Fact]
    public void Revisions_of_a_fork_sort_after_all_others()
    {
        var older = Conversation();
        var newest = Position.Head!.Id;

        _scene.Submit(Scene.Request(3) with { Fork = older });

        Assert.Equal(newest, _scene.NewestBefore);
    }

    [Fact]
    public void Without_input_the_nodes_that_were_next_there_are_executed_again()
    {
        _scene.Send(1);
        _scene.ModelCalls();
        var before = Position.Head!;
        _scene.ToolsEnd();
        _scene.ModelAnswers();

        _scene.Submit(Scene.Request(2) with { Fork = before });

        Assert.Equal(("H1 A*", "tools"), (_scene.Transcript, _scene.Next));
        Assert.Equal(CheckpointSource.Fork, Position.Head!.Source);
    }

    [Fact]
    public void The_revisions_of_the_other_branch_stay_in_the_history()
    {
        var older = Conversation();
        var before = _scene.Revisions.Select(revision => revision.Id).ToList();

        _scene.SendFrom(3, older);

        Assert.Equal(before, _scene.Revisions.Take(before.Count).Select(revision => revision.Id));
    }

    [Fact]
    public void A_rollback_of_a_fork_returns_to_where_the_thread_stood()
    {
        var older = Conversation();
        var stood = Position;
        _scene.SendFrom(3, older);
        _scene.ModelCalls();

        _scene.Undo(3);

        Assert.Equal(("H1 A H2 A", stood), (_scene.Transcript, Position));
    }

    [Fact]
    public void An_interrupt_of_a_fork_stays_on_its_branch()
    {
        var older = Conversation();
        _scene.SendFrom(3, older);
        _scene.ModelCalls();

        _scene.Send(4, MultitaskStrategy.Interrupt);

        Assert.Equal("H1 A H3 A* T? H4", _scene.Transcript);
    }

    [Fact]
    public void A_fork_that_waits_its_turn_forgets_what_the_run_before_it_wrote()
    {
        _scene.Send(1);
        _scene.ModelAnswers();
        var older = Position.Head!;
        _scene.Send(2);
        _scene.SendFrom(3, older);

        _scene.ModelAnswers();

        Assert.Equal(("success", "running", "H1 A H3"), (_scene[2], _scene[3], _scene.Transcript));
    }

    [Fact]
    public void A_fork_whose_process_is_lost_goes_on_from_its_own_last_step()
    {
        var older = Conversation();
        _scene.SendFrom(3, older);
        _scene.ModelCalls();

        _scene.Crash();

        Assert.Equal(("H1 A H3 A*", new Holder(Notation.Run(3), 2)), (_scene.Transcript, _scene.Holder));
    }

    [Fact]
    public void An_answer_that_names_the_revision_where_the_thread_stands_is_an_answer()
    {
        _scene.Send(1);
        _scene.ModelCalls();
        _scene.Asks("tools");

        _scene.Submit(Scene.Request(2) with
        {
            Command = new GraphCommand(System.Text.Json.JsonElement.Parse("7"), default, []),
            Fork = Position.Head,
        });

        Assert.Equal("ask-tools", Assert.Single(Position.Answers).Key);
    }

    [Fact]
    public void A_fork_leaves_the_questions_of_the_other_branch_behind()
    {
        _scene.Send(1);
        _scene.ModelAnswers();
        var older = Position.Head!;
        _scene.Send(2);
        _scene.Asks("agent");

        _scene.SendFrom(3, older);

        Assert.Empty(Position.Interrupts);
    }

    /// <summary>Two messages and their answers.</summary>
    /// <returns>The revision after the first answer.</returns>
    private Checkpoint Conversation()
    {
        _scene.Send(1);
        _scene.ModelAnswers();
        var older = Position.Head!; // An answer is a revision.
        _scene.Send(2);
        _scene.ModelAnswers();
        return older;
    }
}
