using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Domain.Tests.Scenes;
using ActorRuns.Messages;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Domain.Tests;

/// <summary>How a run comes into being, takes its steps and ends.</summary>
public sealed class RunLifeCycleSpec
{
    private readonly Scene _scene = new();

    [Fact]
    public void A_run_on_a_free_thread_starts_at_once()
    {
        _scene.Send(1);

        Assert.Equal(("running", "busy", "agent"), (_scene[1], _scene.Thread, _scene.Next));
        Assert.Equal(new Holder(Notation.Run(1), Attempt: 1), _scene.Ledger.Holder);
    }

    [Fact]
    public void The_input_is_two_revisions_the_moment_before_it_and_the_first_with_it()
    {
        _scene.Send(1);

        Assert.Equal(
            [(-1, CheckpointSource.Input, "__start__"), (0, CheckpointSource.Loop, "agent")],
            _scene.Facts.OfType<ThreadEvent.StepCommitted>().Select(e => (e.Step, e.Source, e.Next.Single())));
    }

    [Fact]
    public void Each_step_is_a_revision_whose_parent_is_the_one_before()
    {
        _scene.Send(1);
        var before = _scene.Ledger.Position.Head!;

        _scene.ModelCalls();

        var head = _scene.Ledger.Position.Head!;
        Assert.Equal((before.Id, before.Step + 1, "tools"), (head.Parent, head.Step, _scene.Next));
    }

    [Fact]
    public void A_step_is_one_batch_with_the_calls_that_it_starts()
    {
        _scene.Send(1);

        _scene.ModelCalls();

        Assert.Equal(
            ["MessageAppended", "StepCommitted", "ToolCallStarted"],
            _scene.Journal[^1].Select(fact => fact.GetType().Name));
    }

    [Fact]
    public void A_run_that_has_nothing_left_to_do_is_a_success_and_the_thread_is_idle()
    {
        _scene.Send(1);
        _scene.ModelCalls();
        _scene.ToolsEnd();

        _scene.ModelAnswers();

        Assert.Equal(("success", "idle", ""), (_scene[1], _scene.Thread, _scene.Next));
        Assert.Equal(new RunCause.Finished(), _scene.Ledger.Runs[Notation.Run(1)].Cause);
    }

    [Fact]
    public void A_run_that_stops_after_its_last_node_is_finished_for_there_is_nothing_to_go_on_with()
    {
        _scene.Send(1);

        _scene.Step("agent", [_scene.Ai("Hi.")], next: null, pauses: true);

        Assert.Equal(("success", "idle"), (_scene[1], _scene.Thread));
    }

    [Fact]
    public void A_run_that_fails_says_where_and_why_and_the_thread_is_in_error()
    {
        _scene.Send(1);

        _scene.Fails();

        Assert.Equal(("error", "error", "agent"), (_scene[1], _scene.Thread, _scene.Next));
        Assert.Equal(new RunCause.Failed("Boom", "It broke."), _scene.Ledger.Runs[Notation.Run(1)].Cause);
        Assert.Equal(new NodeFailure("agent", "Boom", "It broke."), _scene.Ledger.Position.Failure);
    }

    [Fact]
    public void A_run_without_input_tries_a_failed_step_again()
    {
        _scene.Send(1);
        _scene.Fails();

        _scene.GoOn(2);

        Assert.Equal(("running", "agent"), (_scene[2], _scene.Next));
        Assert.Null(_scene.Ledger.Position.Failure);
    }

    [Fact]
    public void A_failed_tool_step_leaves_no_call_without_a_result()
    {
        _scene.Send(1);
        _scene.ModelCalls(tools: 2);
        _scene.ToolAnswers();

        _scene.Fails();

        Assert.Equal("H1 A** T T?", _scene.Transcript);
        Assert.Empty(_scene.Ledger.Position.Values.OpenCalls);
    }

    [Fact]
    public void The_next_run_starts_in_the_batch_in_which_the_one_before_ends()
    {
        _scene.Send(1);
        _scene.Send(2);

        _scene.Step("agent", [_scene.Ai("Hi.")], next: null);

        Assert.Equal(("success", "running", "H1 A H2"), (_scene[1], _scene[2], _scene.Transcript));
    }

    [Fact]
    public void A_run_without_input_on_an_empty_thread_has_nothing_to_do()
    {
        _scene.GoOn(1);

        Assert.Equal(("success", "idle"), (_scene[1], _scene.Thread));
    }

    [Fact]
    public void Runs_that_have_nothing_to_do_do_not_keep_the_next_one_waiting()
    {
        _scene.Send(1);
        _scene.Command(2, new GraphCommand(default, Scene.Saying(2), []));
        _scene.GoOn(3);
        _scene.Send(4);

        _scene.Step("agent", [_scene.Ai("Hi.")], next: null);

        Assert.Equal(("success", "success", "running"), (_scene[2], _scene[3], _scene[4]));
        Assert.Equal("H1 A H2 H4", _scene.Transcript);
    }

    [Fact]
    public void A_run_that_is_submitted_twice_is_one_run()
    {
        _scene.Send(1);

        var again = _scene.Send(1, MultitaskStrategy.Rollback);

        Assert.Equal(new Decision.Ignore(), again);
    }

    [Fact]
    public void A_run_that_was_undone_is_not_run_when_it_is_submitted_again()
    {
        _scene.Send(1);
        _scene.Send(2, MultitaskStrategy.Rollback);

        var again = _scene.Send(1, MultitaskStrategy.Rollback);

        Assert.Equal(new Decision.Ignore(), again);
        Assert.Equal("running", _scene[2]);
    }

    [Fact]
    public void Any_uuid_names_a_run_also_the_empty_one()
    {
        _scene.Send(0);

        Assert.Equal("running", _scene[0]);
    }

    [Fact]
    public void A_run_on_a_thread_that_is_not_there_is_refused_unless_it_makes_it()
    {
        var submit = new ThreadCommand.SubmitRun(
            Scene.Request(1), ImmutableSortedDictionary<string, JsonElement>.Empty, CreatesThread: false);

        Assert.Equal(new Decision.Refuse(new Refusal.ThreadNotFound(Scene.ThreadId)), _scene.Do(submit));
        Assert.IsType<Decision.Accept>(_scene.Do(submit with { CreatesThread = true }));
        Assert.True(_scene.Ledger.Exists);
    }

    [Fact]
    public void A_run_of_a_graph_that_nobody_registered_is_refused()
    {
        _scene.Graphs = TestGraphs.None;

        var decision = _scene.Send(1);

        Assert.Equal(new Decision.Refuse(new Refusal.UnknownGraph(TestGraphs.Agent.Id)), decision);
    }

    [Fact]
    public void A_run_whose_graph_is_gone_when_its_turn_comes_fails_and_the_next_one_starts()
    {
        var soon = TimeSpan.FromSeconds(1);
        _scene.Send(1, delay: soon);
        _scene.Submit(OfAnotherGraph(2) with { Delay = soon });
        _scene.Graphs = new TestGraphs(TestGraphs.Plain);

        _scene.Pass(soon);

        Assert.Equal(("error", "running"), (_scene[1], _scene[2]));
    }

    [Theory]
    [InlineData("42", "input")]
    [InlineData("""{"messages":[{"content":"Who says so?"}]}""", "input.messages")]
    public void An_input_that_does_not_fit_is_refused_and_names_the_field(string input, string field)
    {
        var decision = _scene.Submit(Scene.Request(1) with { Input = JsonElement.Parse(input) });

        var refusal = Assert.IsType<Refusal.InvalidInput>(Assert.IsType<Decision.Refuse>(decision).Reason);
        Assert.Equal(field, refusal.Field);
        Assert.False(_scene.Ledger.Exists);
    }

    [Fact]
    public void What_the_run_says_of_itself_wins_over_the_thread_and_that_over_the_assistant()
    {
        _scene.Do(new ThreadCommand.CreateThread(Metadata("thread", "a", "b"), MayExist: false, Past: []));
        var request = Scene.Request(1) with { Metadata = Metadata("run", "a") };

        _scene.Do(new ThreadCommand.SubmitRun(request, Metadata("assistant", "a", "b", "c"), CreatesThread: false));

        var metadata = _scene.Ledger.Runs[Notation.Run(1)].Request.Metadata;
        Assert.Equal(
            "a=run b=thread c=assistant", string.Join(' ', metadata.Select(pair => $"{pair.Key}={pair.Value}")));
    }

    [Fact]
    public void A_thread_is_made_once()
    {
        var create = new ThreadCommand.CreateThread(Metadata("thread", "a"), MayExist: false, Past: []);
        _scene.Do(create);

        Assert.Equal(new Decision.Refuse(new Refusal.ThreadExists(Scene.ThreadId)), _scene.Do(create));
        Assert.Equal(new Decision.Ignore(), _scene.Do(create with { MayExist = true }));
    }

    [Fact]
    public void A_late_word_from_a_run_that_lost_the_thread_is_ignored()
    {
        _scene.Send(1);
        var lost = _scene.Holder;
        _scene.Send(2, MultitaskStrategy.Interrupt);

        var late = _scene.Do(new ThreadCommand.FailRun(lost, new NodeFailure("agent", "Boom", "It broke.")));

        Assert.Equal(new Decision.Ignore(), late);
    }

    [Fact]
    public void A_tool_result_outlives_the_attempt_that_got_it_and_stays_out_of_the_state_until_the_step_is_complete()
    {
        _scene.Send(1);
        _scene.ModelCalls(tools: 2);

        _scene.ToolAnswers();

        Assert.Equal("H1 A**", _scene.Transcript);
        Assert.Equal("H1 A** T", Notation.Write(_scene.Ledger.Working));
    }

    [Fact]
    public void A_call_is_answered_once()
    {
        _scene.Send(1);
        _scene.ModelCalls(tools: 2);
        var call = _scene.Ledger.Working.OpenCalls[0].Id;
        _scene.ToolAnswers();

        var again = _scene.Do(new ThreadCommand.RecordToolResult(
            _scene.Holder, "tools", TestGraphs.Messages, _scene.Answering(call)));

        Assert.Equal(new Decision.Ignore(), again);
    }

    [Fact]
    public void A_result_that_was_recorded_and_comes_again_with_the_step_is_there_once()
    {
        _scene.Send(1);
        _scene.ModelCalls(tools: 2);
        _scene.ToolAnswers();
        var recorded = _scene.Ledger.Working.MessagesOf(TestGraphs.Messages).Messages[^1];

        _scene.Step("tools", [recorded, _scene.Answering(_scene.Ledger.Working.OpenCalls[0].Id)], "agent");

        Assert.Equal("H1 A** T T", _scene.Transcript);
        Assert.Empty(_scene.Ledger.Working.OpenCalls);
    }

    [Fact]
    public void An_input_that_answers_a_call_is_its_result()
    {
        _scene.Send(1);
        _scene.Step("agent", [_scene.Calling(2)], next: null);
        var call = _scene.Ledger.Position.Values.OpenCalls[0].Id;
        var result = $$"""{"messages":[{"role":"tool","tool_call_id":"{{call}}","content":"Sunny."}]}""";

        _scene.Submit(Scene.Request(2) with { Input = JsonElement.Parse(result) });

        Assert.Equal("H1 A** T T-", _scene.Transcript);
    }

    [Fact]
    public void Open_calls_and_partial_text_are_left_as_they_are_where_the_server_wants_that()
    {
        var scene = new Scene { Policy = new ThreadPolicy { CloseToolCalls = false, KeepPartialText = false } };
        scene.Send(1);
        scene.ModelCalls();
        scene.ModelStreams("It is");

        scene.Send(2, MultitaskStrategy.Interrupt);

        Assert.Equal("H1 A* H2", scene.Transcript);
    }

    [Fact]
    public void Text_that_is_kept_of_a_stopped_run_asks_for_no_tools()
    {
        _scene.Send(1);
        var half = _scene.Calling(1) with { Content = MessageContent.Of("Let me") };
        _scene.Partials = [new PartialMessage("agent", TestGraphs.Messages, half)];

        _scene.Send(2, MultitaskStrategy.Interrupt);

        Assert.Equal("H1 A~ H2", _scene.Transcript);
    }

    [Fact]
    public void A_rollback_gives_the_state_back_to_the_graph_it_belonged_to()
    {
        _scene.Send(1);
        _scene.Step("agent", [_scene.Ai("Hi.")], next: null);
        _scene.Submit(OfAnotherGraph(2));

        _scene.Undo(2);

        Assert.Equal(TestGraphs.Agent.Id, _scene.Ledger.LastRequest!.GraphId);
        Assert.Equal("H1 A", _scene.Transcript);
    }

    [Fact]
    public void A_channel_that_another_graph_keeps_differently_has_one_value()
    {
        _scene.Send(1);
        _scene.ModelCallsAndPauses();

        _scene.Submit(OfAnotherGraph(2));

        var values = _scene.Ledger.Position.Values;
        Assert.Equal((0, 1, 0), (values.Transcripts.Count, values.Values.Count, values.OpenCalls.Count));
    }

    [Fact]
    public void Every_fact_of_a_decision_has_the_time_of_the_decision()
    {
        _scene.Send(1);

        Assert.All(_scene.Facts, fact => Assert.Equal(Scene.Beginning, fact.At));
    }

    private static RunRequest OfAnotherGraph(int run) =>
        Scene.Request(run) with { GraphId = TestGraphs.Plain.Id, Input = Scene.Saying(run) };

    private static ImmutableSortedDictionary<string, JsonElement> Metadata(string value, params string[] keys) =>
        keys.ToImmutableSortedDictionary(key => key, _ => JsonElement.Parse($"\"{value}\""), StringComparer.Ordinal);
}
