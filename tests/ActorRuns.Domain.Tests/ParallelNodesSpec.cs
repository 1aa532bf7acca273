using System.Collections.Immutable;
using ActorRuns.Domain.Tests.Scenes;
using ActorRuns.Messages;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Domain.Tests;

/// <summary>Steps of several nodes: what one of them has done is kept when another one is not done.</summary>
public sealed class ParallelNodesSpec
{
    private readonly Scene _scene = new();

    private string Finished => string.Join(' ', _scene.Ledger.Position.Finished.Select(ran => ran.Node));

    public ParallelNodesSpec()
    {
        _scene.Send(1);
        Step(["agent"], next: ["left", "right"]);
    }

    [Fact]
    public void A_node_that_is_done_first_is_known_to_be_and_the_state_is_as_it_was()
    {
        _scene.NodeFinishes("left");

        Assert.Equal(("left", "left right"), (Finished, _scene.Next));
        Assert.Empty(_scene.Ledger.Position.Values.Values);
    }

    [Fact]
    public void Its_writes_are_kept_when_another_node_asks_a_human()
    {
        _scene.NodeFinishes("left");

        _scene.Asks("right");

        Assert.Equal(("left", "interrupted"), (Finished, _scene.Thread));
    }

    [Fact]
    public void Its_writes_are_kept_when_another_node_fails()
    {
        _scene.NodeFinishes("left");

        _scene.Fails();

        Assert.Equal(("left", "error"), (Finished, _scene.Thread));
    }

    [Fact]
    public void Its_writes_are_kept_when_the_process_dies()
    {
        _scene.NodeFinishes("left");

        _scene.Crash();

        Assert.Equal(("left", 2), (Finished, _scene.Holder.Attempt));
    }

    [Fact]
    public void They_are_there_for_the_run_that_brings_the_answer()
    {
        _scene.NodeFinishes("left");
        _scene.Asks("right");

        _scene.Resume(2, "7");

        Assert.Equal("left", Finished);
    }

    [Fact]
    public void They_are_forgotten_when_the_step_is_complete()
    {
        _scene.NodeFinishes("left");

        Step(["left", "right"], next: ["agent"]);

        Assert.Equal("", Finished);
    }

    [Fact]
    public void They_are_forgotten_when_a_message_passes_over_the_step()
    {
        _scene.NodeFinishes("left");
        _scene.Asks("right");

        _scene.Send(2);

        Assert.Equal(("", "agent"), (Finished, _scene.Next));
    }

    [Fact]
    public void They_are_forgotten_with_a_run_that_is_undone()
    {
        _scene.NodeFinishes("left");

        _scene.Undo(1);

        Assert.Equal("", Finished);
    }

    [Fact]
    public void A_node_that_is_not_of_the_step_or_is_done_twice_says_nothing_new()
    {
        _scene.NodeFinishes("left");

        Assert.Equal(new Decision.Ignore(), _scene.NodeFinishes("left"));
        Assert.Equal(new Decision.Ignore(), _scene.NodeFinishes("agent"));
    }

    [Fact]
    public void The_results_of_its_tools_are_the_transcripts_at_once_and_once()
    {
        var call = _scene.Calling(1);
        var result = _scene.Answering(call.ToolCalls[0].Id);
        Step(["left", "right"], next: ["left", "right"], call);

        _scene.Do(new ThreadCommand.RecordNode(_scene.Holder, Ran("left", result)));
        _scene.Asks("right");

        Assert.Equal("H1 A* T", _scene.Transcript);
        Assert.Empty(_scene.Ledger.Position.Finished[0].Writes);
    }

    [Fact]
    public void Two_questions_are_answered_one_after_the_other_and_none_is_lost()
    {
        _scene.Asks("left", "right");
        _scene.Resume(2, """{"ask-right":2}""");
        _scene.NodeFinishes("right");
        _scene.Asks("left");

        _scene.Resume(3, """{"ask-left":1}""");

        Assert.Equal("right", Finished);
        Assert.Equal(["ask-left", "ask-right"], _scene.Ledger.Position.Answers.Keys);
    }

    private void Step(ImmutableArray<string> ran, ImmutableArray<string> next, params Message[] messages)
    {
        var writes = ran.Select((node, at) => at is 0 ? Ran(node, messages) : Ran(node));
        _scene.Do(new ThreadCommand.CommitStep(_scene.Holder, [.. writes], next, [], Pauses: false));
    }

    private static NodeWrites Ran(string node, params Message[] messages) => new(
        node, [.. messages.Select(message => new ChannelWrite.AppendMessage(TestGraphs.Messages, message))]);
}
