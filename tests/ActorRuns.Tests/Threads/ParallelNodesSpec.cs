using ActorRuns.Graphs;
using Xunit;

namespace ActorRuns.Tests.Threads;

/// <summary>A step of two nodes: what the one has done is not done again because of the other.</summary>
public sealed class ParallelNodesSpec() : GraphRunsTest(spec => ((ParallelNodesSpec)spec).Pair())
{
    [Fact]
    public void Only_the_node_that_asked_is_executed_again_and_the_step_takes_the_writes_of_both()
    {
        var thread = Begin("left asks");

        var paused = EndedBy(thread, 1);
        Send(thread, Answer("\"yes\""));

        var ended = EndedBy(thread, 2);
        Assert.Equal(["left", "left", "right"], Executed);
        Assert.Single(paused.Position.Interrupts);
        Assert.Equal(("\"yes\"", "\"done\""), (Value(ended, "left"), Value(ended, "right")));
    }

    [Fact]
    public void Two_questions_are_answered_in_any_order_one_at_a_time()
    {
        var thread = Begin("both ask");
        var questions = EndedBy(thread, 1).Position.Interrupts;
        var (left, right) = (questions.Single(q => q.Node is "left").Id, questions.Single(q => q.Node is "right").Id);

        Send(thread, Answer($$"""{"{{right}}":2}"""));
        var half = EndedBy(thread, 2);
        Send(thread, Answer($$"""{"{{left}}":1}"""));

        var ended = EndedBy(thread, 3);
        Assert.Equal([left], half.Position.Interrupts.Select(question => question.Id));
        Assert.Equal(("1", "2"), (Value(ended, "left"), Value(ended, "right")));
    }

    [Fact]
    public void A_node_that_was_done_when_the_process_died_is_not_executed_again()
    {
        var thread = Begin("left waits");
        AwaitAssert(() => Assert.Single(ReadFrom(thread).Position.Finished));

        LoseThem();
        Gate.SetResult();

        var ended = EndedBy(thread, 1);
        Assert.Equal(["left", "left", "right"], Executed);
        Assert.Equal("\"done\"", Value(ended, "right"));
    }

    [Fact]
    public void A_node_that_was_done_when_another_failed_is_not_executed_again()
    {
        var thread = Begin("left fails");
        EndedBy(thread, 1);

        Send(thread, Request() with { Input = Json("null") });

        EndedBy(thread, 2);
        Assert.Equal(["left", "left", "right"], Executed);
    }

    private AgentGraph Pair() => AgentGraph.Create("pair")
        .Node("left", LeftAsync)
        .Node("right", RightAsync)
        .Edge(GraphNodes.Start, "left")
        .Edge(GraphNodes.Start, "right")
        .Build();

    private async Task<NodeUpdate> LeftAsync(NodeContext context, CancellationToken cancellationToken)
    {
        Note("left");
        var says = context.State.Values["says"].GetString();
        if (says is "left waits")
            await Gate.Task.WaitAsync(cancellationToken);
        if (says is "left fails")
            throw new InvalidOperationException("broken");
        if (says is "left waits")
            return NodeUpdate.None;
        return NodeUpdate.None.With("left", context.Interrupt(Json("\"left?\"")));
    }

    private Task<NodeUpdate> RightAsync(NodeContext context, CancellationToken cancellationToken)
    {
        Note("right");
        var asks = context.State.Values["says"].GetString() is "both ask";
        var value = asks ? context.Interrupt(Json("\"right?\"")) : Json("\"done\"");
        return Task.FromResult(NodeUpdate.None.With("right", value));
    }
}
