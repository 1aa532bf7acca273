using System.Text.Json;
using ActorRuns.Domain.Tests.Scenes;
using ActorRuns.Graphs;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Domain.Tests;

/// <summary>Runs that stop to ask a human, and what answers them.</summary>
public sealed class HumanInTheLoopSpec
{
    private readonly Scene _scene = new();

    private ThreadPosition Position => _scene.Ledger.Position;

    private static Decision NothingAsked => new Decision.Refuse(new Refusal.NothingAsked(Scene.ThreadId));

    private string Questions => string.Join(' ', Position.Interrupts.Select(interrupt => interrupt.Id));

    private string Answers =>
        string.Join(' ', Position.Answers.Select(answer => $"{answer.Key}={answer.Value.GetRawText()}"));

    [Fact]
    public void A_question_stops_the_run_as_a_success_and_the_thread_waits()
    {
        _scene.Send(1);

        _scene.Asks("agent");

        Assert.Equal(("success, asked", "interrupted", "agent"), (_scene[1], _scene.Thread, _scene.Next));
        Assert.Equal("ask-agent", Questions);
    }

    [Fact]
    public void A_stop_before_a_node_asks_nothing_and_waits_all_the_same()
    {
        _scene.Send(1);

        _scene.ModelCallsAndPauses();

        Assert.Equal(("success, asked", "interrupted", "tools"), (_scene[1], _scene.Thread, _scene.Next));
        Assert.Equal("H1 A*", _scene.Transcript);
    }

    [Fact]
    public void Results_that_tools_had_got_when_one_of_them_asked_are_kept()
    {
        _scene.Send(1);
        _scene.ModelCalls(tools: 2);
        _scene.ToolAnswers();

        _scene.Asks("tools");

        Assert.Equal("H1 A** T", _scene.Transcript);
        Assert.Single(Position.Values.OpenCalls);
    }

    [Theory]
    [InlineData("\"yes\"")]
    [InlineData("false")]
    [InlineData("null")]
    [InlineData("""{"ok":1}""")]
    [InlineData("{}")]
    public void Any_value_answers_the_question(string answer)
    {
        _scene.Send(1);
        _scene.Asks("agent");

        _scene.Resume(2, answer);

        Assert.Equal(("running", "agent", ""), (_scene[2], _scene.Next, Questions));
        Assert.Equal($"ask-agent={answer}", Answers);
    }

    [Fact]
    public void One_value_answers_all_questions()
    {
        _scene.Send(1);
        _scene.Asks("one", "two");

        _scene.Resume(2, "7");

        Assert.Equal("ask-one=7 ask-two=7", Answers);
    }

    [Fact]
    public void A_map_answers_the_questions_it_names_and_the_others_stay_open()
    {
        _scene.Send(1);
        _scene.Asks("one", "two");

        _scene.Resume(2, """{"ask-two":2}""");

        Assert.Equal(("ask-one", "ask-two=2"), (Questions, Answers));
    }

    [Fact]
    public void Answers_add_up_when_questions_are_answered_one_after_the_other()
    {
        _scene.Send(1);
        _scene.Asks("one", "two");
        _scene.Resume(2, """{"ask-two":2}""");
        _scene.Asks("one");

        _scene.Resume(3, """{"ask-one":1}""");

        Assert.Equal(("", "ask-one=1 ask-two=2"), (Questions, Answers));
    }

    [Fact]
    public void A_map_may_name_a_question_twice_and_questions_that_nobody_asked()
    {
        _scene.Send(1);
        _scene.Asks("one", "two");

        _scene.Resume(2, """{"ask-one":1,"ask-one":11,"ask-three":3}""");

        Assert.Equal(("ask-two", "ask-one=11"), (Questions, Answers));
    }

    [Fact]
    public void An_answer_is_forgotten_when_the_step_that_it_was_for_is_complete()
    {
        _scene.Send(1);
        _scene.Asks("agent");
        _scene.Resume(2, "7");

        _scene.ModelCalls();

        Assert.Equal(("", ""), (Questions, Answers));
    }

    [Fact]
    public void An_answer_outlives_the_attempt_that_it_was_brought_to()
    {
        _scene.Send(1);
        _scene.Asks("agent");
        _scene.Resume(2, "7");

        _scene.Crash();

        Assert.Equal("ask-agent=7", Answers);
    }

    [Fact]
    public void An_answer_when_nothing_was_asked_is_refused()
    {
        _scene.Send(1);
        _scene.PlayToTheEnd();

        Assert.Equal(NothingAsked, _scene.Resume(2, "7"));
        Assert.Equal(("gone", "idle", "H1 A* T A"), (_scene[2], _scene.Thread, _scene.Transcript));
    }

    [Fact]
    public void An_answer_may_wait_for_a_question_that_the_run_before_it_asks()
    {
        _scene.Send(1);
        _scene.Resume(2, "7");

        _scene.Asks("agent");

        Assert.Equal(("running", "ask-agent=7"), (_scene[2], Answers));
    }

    [Fact]
    public void An_answer_that_waited_for_a_question_which_did_not_come_fails_and_changes_nothing()
    {
        _scene.Send(1);
        _scene.Resume(2, "7");

        _scene.ModelAnswers();

        Assert.Equal(("error", "error", "H1 A"), (_scene[2], _scene.Thread, _scene.Transcript));
        Assert.Equal("NothingAsked", Position.Failure?.Error);
    }

    [Fact]
    public void An_answer_to_an_older_revision_is_refused_for_its_questions_are_gone()
    {
        _scene.Send(1);
        _scene.ModelCalls();
        var older = Position.Head;
        _scene.ToolsEnd();
        _scene.Asks("agent");

        var command = new GraphCommand(JsonElement.Parse("7"), default, []);

        Assert.Equal(NothingAsked, _scene.Submit(Scene.Request(2) with { Command = command, Fork = older }));
    }

    [Fact]
    public void A_plain_message_passes_over_the_question_and_is_never_taken_for_its_answer()
    {
        _scene.Send(1);
        _scene.ModelCalls();
        _scene.Asks("tools");

        _scene.Send(2);

        Assert.Equal(("running", "agent", "H1 A* T? H2"), (_scene[2], _scene.Next, _scene.Transcript));
        Assert.Equal(("", ""), (Questions, Answers));
    }

    [Fact]
    public void A_run_without_input_goes_on_and_nothing_is_answered()
    {
        _scene.Send(1);
        _scene.ModelCallsAndPauses();

        _scene.GoOn(2);
        _scene.PlayToTheEnd();

        Assert.Equal(("success", "H1 A* T A"), (_scene[2], _scene.Transcript));
    }

    [Fact]
    public void A_tool_that_a_human_let_pass_is_known_to_have_started()
    {
        _scene.Graphs = new TestGraphs(TestGraphs.Agent with { ToolNodes = ["tools"] });
        _scene.Send(1);
        _scene.ModelCallsAndPauses();
        _scene.GoOn(2);

        _scene.Cancel(2);

        Assert.Equal("H1 A* T?", _scene.Transcript);
    }

    [Fact]
    public void A_run_that_is_cancelled_after_it_went_on_is_not_mistaken_for_one_that_waits()
    {
        _scene.Send(1);
        _scene.ModelCallsAndPauses();
        _scene.GoOn(2);

        _scene.Cancel(2);

        Assert.Equal(("interrupted, cancelled", "idle"), (_scene[2], _scene.Thread));
    }

    [Fact]
    public void A_question_that_was_left_open_is_not_open_once_the_run_that_went_on_is_cancelled()
    {
        _scene.Send(1);
        _scene.Asks("one", "two");
        _scene.Resume(2, """{"ask-two":2}""");

        _scene.Cancel(2);

        Assert.Equal(NothingAsked, _scene.Resume(3, "7"));
        Assert.Equal(("", "ask-two=2"), (Questions, Answers));
    }

    [Fact]
    public void A_question_that_was_left_open_is_not_open_once_the_run_that_went_on_has_failed()
    {
        _scene.Send(1);
        _scene.Asks("one", "two");
        _scene.Resume(2, """{"ask-two":2}""");

        _scene.Fails();

        Assert.Equal(("error", ""), (_scene.Thread, Questions));
    }

    [Fact]
    public void Undoing_the_answer_asks_again()
    {
        _scene.Send(1);
        _scene.Asks("agent");
        _scene.Resume(2, "7");

        _scene.Undo(2);

        Assert.Equal(("interrupted", "ask-agent", ""), (_scene.Thread, Questions, Answers));
    }

    [Fact]
    public void A_message_that_was_superseded_before_its_turn_leaves_the_question_to_its_answer()
    {
        _scene.Send(1);
        _scene.Asks("agent");
        _scene.Send(2, delay: TimeSpan.FromSeconds(4));
        var answer = new GraphCommand(JsonElement.Parse("7"), default, []);

        _scene.Submit(Scene.Request(3) with { Command = answer, Strategy = MultitaskStrategy.Interrupt });

        Assert.Equal(("H1 H2", "ask-agent=7"), (_scene.Transcript, Answers));
    }

    [Fact]
    public void An_update_changes_the_state_and_the_question_stays()
    {
        _scene.Send(1);
        _scene.Asks("agent");

        _scene.Command(2, new GraphCommand(default, Scene.Saying(2), []));

        Assert.Equal(("success", "interrupted", "H1 H2"), (_scene[2], _scene.Thread, _scene.Transcript));
        Assert.Equal("ask-agent", Questions);
    }

    [Fact]
    public void An_update_that_does_not_fit_is_refused()
    {
        var decision = _scene.Command(1, new GraphCommand(default, JsonElement.Parse("42"), []));

        var refusal = Assert.IsType<Refusal.InvalidInput>(Assert.IsType<Decision.Refuse>(decision).Reason);
        Assert.Equal("command.update", refusal.Field);
    }

    [Fact]
    public void An_answer_may_bring_an_update_with_it()
    {
        _scene.Send(1);
        _scene.Asks("agent");

        _scene.Command(2, new GraphCommand(JsonElement.Parse("7"), Scene.Saying(2), []));

        Assert.Equal(("running", "H1 H2", "ask-agent=7"), (_scene[2], _scene.Transcript, Answers));
    }

    [Fact]
    public void Sent_elsewhere_a_run_executes_the_nodes_it_is_told_and_the_question_is_passed_over()
    {
        _scene.Send(1);
        _scene.Asks("agent");

        _scene.Command(2, new GraphCommand(default, default, ["tools"]));

        Assert.Equal(("running", "tools", ""), (_scene[2], _scene.Next, Questions));
    }

    [Fact]
    public void Sent_to_the_end_a_run_is_finished()
    {
        _scene.Send(1);
        _scene.Asks("agent");

        _scene.Command(2, new GraphCommand(default, default, [GraphNodes.End]));

        Assert.Equal(("success", "idle", ""), (_scene[2], _scene.Thread, _scene.Next));
    }

    [Fact]
    public void The_step_that_was_asked_in_stays_the_same_whatever_is_changed_meanwhile()
    {
        _scene.Send(1);
        _scene.Asks("agent");
        var asked = Position.StepFrom;

        _scene.Command(2, new GraphCommand(default, Scene.Saying(2), []));
        _scene.Resume(3, "7");

        Assert.Equal(asked, Position.StepFrom);
    }
}
