using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Domain.Tests.Scenes;
using ActorRuns.Graphs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Domain.Tests;

/// <summary>Changes of the state from outside of any run.</summary>
public sealed class StateEditSpec
{
    private readonly Scene _scene = new();

    private Checkpoint Head => _scene.Ledger.Position.Head!; // Each test has a revision before it asks.

    [Fact]
    public void An_edit_makes_a_revision_behind_the_last_one()
    {
        Answered();
        var before = Head;

        _scene.Edit(asNode: null, from: null, Scene.Saying(7));

        Assert.Equal("H1 A H7", _scene.Transcript);
        Assert.Equal<(CheckpointId?, int, CheckpointSource)>(
            (before.Id, before.Step + 1, CheckpointSource.Update), (Head.Parent, Head.Step, Head.Source));
        Assert.Null(Head.RunId);
    }

    [Fact]
    public void An_edit_counts_as_the_node_that_ran_last()
    {
        _scene.Send(1);
        _scene.ModelCallsAndPauses();

        _scene.Edit(asNode: null, from: null, JsonElement.Parse("{}"));

        Assert.Equal(("tools", "agent"), (_scene.Next, Head.Ran.Single()));
    }

    [Fact]
    public void What_comes_next_is_as_if_the_named_node_had_just_run()
    {
        Answered();

        _scene.Edit("tools", from: null, Scene.Saying(7));

        Assert.Equal("agent", _scene.Next);
    }

    [Fact]
    public void An_edit_goes_on_where_it_says_besides_what_follows_its_node()
    {
        Answered();
        var input = JsonElement.Parse("7");

        _scene.Edit(new StateEdit([], "tools")
        {
            Goto = ["tools", GraphNodes.End],
            Sends = [new Send("agent", input)],
        });

        Assert.Equal<string>(["tools", "agent", "agent:0"], Head.Next);
        Assert.Equal("7", Head.Inputs["agent:0"].GetRawText());
    }

    [Fact]
    public void What_an_edit_cannot_go_on_at_is_named()
    {
        Answered();

        var decision = _scene.Edit(new StateEdit([], "tools") { Goto = ["nowhere"] });

        var refusal = Assert.IsType<Refusal.InvalidInput>(Assert.IsType<Decision.Refuse>(decision).Reason);
        Assert.Equal("command.goto", refusal.Field);
        Assert.Contains("'nowhere'", refusal.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void Edits_of_one_step_make_one_revision_and_go_on_at_what_follows_any_of_them()
    {
        Answered();
        var before = Head;

        _scene.Edit(new StateEdit([Scene.Saying(7)], GraphNodes.Start)
        {
            Beside = [new StateEdit([Scene.Saying(8)], "tools") { Goto = ["tools"] }],
        });

        Assert.Equal(("H1 A H7 H8", before.Step + 1), (_scene.Transcript, Head.Step));
        Assert.Equal<string>(["tools", "agent"], Head.Next);
    }

    [Fact]
    public void An_edit_as_the_start_goes_on_at_the_entry()
    {
        Answered();

        _scene.Edit(GraphNodes.Start, from: null, Scene.Saying(7));

        Assert.Equal(("H1 A H7", "agent"), (_scene.Transcript, _scene.Next));
    }

    [Fact]
    public void An_edit_as_the_input_is_the_moment_before_the_input_and_writes_nothing_yet()
    {
        Answered();

        _scene.Edit(StateEdit.Input, from: null, Scene.Saying(7));

        Assert.Equal(("H1 A", GraphNodes.Start, CheckpointSource.Input), (_scene.Transcript, _scene.Next, Head.Source));
        Assert.Equal("agent", Assert.Single(Head.Ran));
    }

    [Fact]
    public void Several_values_are_one_revision()
    {
        Answered();
        var before = _scene.Revisions.Count;

        _scene.Edit(asNode: null, from: null, Scene.Saying(7), Scene.Saying(8));

        Assert.Equal(("H1 A H7 H8", before + 1), (_scene.Transcript, _scene.Revisions.Count));
    }

    [Fact]
    public void A_message_is_replaced_by_its_id_and_taken_away_by_a_removal()
    {
        Answered();
        var ids = Head.Values.MessagesOf(TestGraphs.Messages).Messages.Select(message => message.Id).ToList();

        var edit = $$"""[{"type":"human","id":"{{ids[0]}}","content":"9"},{"type":"remove","id":"{{ids[1]}}"}]""";
        _scene.Edit(asNode: null, from: null, JsonElement.Parse($$"""{"messages":{{edit}}}"""));

        Assert.Equal("H9", _scene.Transcript);
    }

    [Fact]
    public void An_edit_while_a_run_is_active_is_refused()
    {
        _scene.Send(1);

        Assert.Equal(Refused(new Refusal.ThreadBusy(Scene.ThreadId)), _scene.Edit(null, null, Scene.Saying(7)));
    }

    [Fact]
    public void An_edit_while_a_run_waits_for_its_time_is_refused()
    {
        _scene.Send(1, delay: TimeSpan.FromMinutes(1));

        Assert.Equal(Refused(new Refusal.ThreadBusy(Scene.ThreadId)), _scene.Edit(null, null, Scene.Saying(7)));
    }

    [Fact]
    public void An_edit_of_a_thread_that_is_not_there_is_refused() => Assert.Equal(
        Refused(new Refusal.ThreadNotFound(Scene.ThreadId)), _scene.Edit(null, null, Scene.Saying(7)));

    [Fact]
    public void An_edit_of_a_thread_without_a_graph_is_refused()
    {
        _scene.Do(Begin());

        Assert.IsType<Refusal.InvalidInput>(Reason(_scene.Edit(null, null, Scene.Saying(7))));
    }

    [Fact]
    public void A_node_that_the_graph_does_not_have_is_refused_by_its_field()
    {
        Answered();

        Assert.Equal("as_node", Assert.IsType<Refusal.InvalidInput>(Reason(_scene.Edit("nobody", null))).Field);
    }

    [Fact]
    public void Values_that_do_not_fit_the_graph_are_refused_and_nothing_changes()
    {
        Answered();
        var before = Head;

        var refusal = Reason(_scene.Edit(null, null, JsonElement.Parse("""{"messages":[{"content":"no type"}]}""")));

        Assert.Equal("values.messages", Assert.IsType<Refusal.InvalidInput>(refusal).Field);
        Assert.Equal(before, Head);
    }

    [Fact]
    public void Values_that_a_branch_cannot_decide_on_are_refused_with_its_words()
    {
        Answered();
        _scene.Graphs = new TestGraphs(TestGraphs.Agent with
        {
            NextAfter = (_, _) => throw new InvalidOperationException("no way from here"),
        });

        var refusal = Assert.IsType<Refusal.InvalidInput>(Reason(_scene.Edit(null, null, Scene.Saying(7))));

        Assert.Contains("no way from here", refusal.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void A_question_can_be_answered_after_an_edit_that_leaves_its_node_next()
    {
        _scene.Send(1);
        _scene.ModelCalls();
        _scene.Asks("tools");

        _scene.Edit(asNode: null, from: null, Scene.Saying(7));
        var status = _scene.Thread;
        _scene.Resume(2, "7");

        Assert.Equal(("interrupted", "running"), (status, _scene[2]));
        Assert.Equal("ask-tools", Assert.Single(_scene.Ledger.Position.Answers).Key);
    }

    [Fact]
    public void A_question_is_gone_after_an_edit_as_the_node_that_asked_it()
    {
        _scene.Send(1);
        _scene.ModelCalls();
        _scene.Asks("tools");

        _scene.Edit("tools", from: null, JsonElement.Parse("{}"));

        Assert.Equal(("idle", "agent"), (_scene.Thread, _scene.Next));
        Assert.Empty(_scene.Ledger.Position.Interrupts);
    }

    [Fact]
    public void An_edit_from_an_older_revision_leaves_out_what_came_after_it()
    {
        Answered();
        var older = Head;
        _scene.Send(2);
        _scene.ModelAnswers();

        _scene.Edit(asNode: null, older, Scene.Saying(7));

        Assert.Equal(("H1 A H7", older.Id), (_scene.Transcript, Head.Parent!.Value));
    }

    [Fact]
    public void The_revision_of_an_edit_sorts_after_all_others_also_when_it_is_made_from_an_older_one()
    {
        Answered();
        var older = Head;
        _scene.Send(2);
        _scene.ModelAnswers();
        var newest = Head.Id;

        _scene.Edit(asNode: null, older, Scene.Saying(7));

        Assert.Equal(newest, _scene.NewestBefore);
    }

    [Fact]
    public void A_thread_can_begin_with_a_past()
    {
        var graph = Map("graph_id", "\"agent\"");

        _scene.Do(new ThreadCommand.CreateThread(graph, MayExist: false,
        [
            new StateEdit([Scene.Saying(1)], GraphNodes.Start),
            new StateEdit([Scene.Saying(2)], "tools"),
        ]));

        Assert.Equal(("H1 H2", "agent", 2), (_scene.Transcript, _scene.Next, _scene.Revisions.Count));
    }

    [Fact]
    public void A_thread_whose_past_is_wrong_does_not_begin()
    {
        var graph = Map("graph_id", "\"agent\"");

        _scene.Do(new ThreadCommand.CreateThread(graph, MayExist: false, [new StateEdit([Scene.Saying(1)], "nobody")]));

        Assert.False(_scene.Ledger.Exists);
    }

    private void Answered()
    {
        _scene.Send(1);
        _scene.ModelAnswers();
    }

    private static ThreadCommand.CreateThread Begin() => new(Map("user", "1"), MayExist: false, []);

    private static ImmutableSortedDictionary<string, JsonElement> Map(string key, string json) =>
        ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal).Add(key, JsonElement.Parse(json));

    private static Decision.Refuse Refused(Refusal reason) => new(reason);

    private static Refusal Reason(Decision decision) => Assert.IsType<Decision.Refuse>(decision).Reason;
}
