using System.Text.Json;
using ActorRuns.Graphs;
using Xunit;

namespace ActorRuns.Tests.Threads;

/// <summary>A graph as a node of another one, over the actors: each of its steps is done once.</summary>
public sealed class SubgraphRunsSpec() : GraphRunsTest(spec => ((SubgraphRunsSpec)spec).Outer())
{
    [Fact]
    public void A_question_within_is_answered_within_and_what_was_done_before_it_is_not_done_again()
    {
        var thread = Begin("ask");
        var paused = EndedBy(thread, 1);

        Send(thread, Answer("\"yes\""));

        var ended = EndedBy(thread, 2);
        Assert.Equal(["ask", "beside"], Assert.Single(paused.Position.Subgraphs.Values).Next.AsEnumerable());
        Assert.Equal(["ask", "ask", "beside", "first", "last"], Executed);
        Assert.Equal("\"yes\"", Value(ended, "answer"));
        Assert.Equal("\"first\"", Value(ended, "first"));
        Assert.Equal("\"beside\"", Value(ended, "beside"));
        Assert.Empty(ended.Position.Subgraphs);
    }

    [Fact]
    public void After_a_crash_it_goes_on_from_its_last_step()
    {
        var thread = Begin("wait");
        AwaitAssert(() => Assert.Contains("ask", Executed));

        LoseThem();
        Gate.SetResult();

        var ended = EndedBy(thread, 1);
        Assert.Single(Executed, "first");
        Assert.Equal("\"done\"", Value(ended, "answer"));
    }

    [Fact]
    public void What_a_node_beside_the_one_that_asks_has_done_survives_a_crash_too()
    {
        var thread = Begin("ask");
        EndedBy(thread, 1);

        LoseThem();
        Send(thread, Answer("\"yes\""));

        var ended = EndedBy(thread, 2);
        Assert.Single(Executed, "beside");
        Assert.Equal("\"beside\"", Value(ended, "beside"));
    }

    [Fact]
    public void A_copy_of_a_thread_that_waits_within_can_be_answered_there()
    {
        var thread = Begin("ask");
        EndedBy(thread, 1);

        var copy = Copy(thread);
        Send(copy, Answer("7"));

        Assert.Equal("7", Value(EndedBy(copy, 1), "answer"));
        Assert.Single(Executed, "first");
    }

    [Fact]
    public async Task Its_events_are_told_in_its_namespace_if_asked_for_and_alike_when_read_back()
    {
        var thread = Begin("go", Request() with { StreamSubgraphs = true });
        var run = Assert.Single(EndedBy(thread, 1).Order);

        var live = await FramesOf(thread, run);
        LoseThem();
        var readBack = await FramesOf(thread, run);

        var updates = live.Where(frame => frame.StartsWith("updates", StringComparison.Ordinal)).ToList();
        Assert.Matches("^updates\\|child:[0-9a-f-]{36} {\"first\"", updates[0]);
        Assert.Matches("^updates\\|child:[0-9a-f-]{36} {\"ask\"", updates[1]);
        Assert.Matches("^updates\\|child:[0-9a-f-]{36} {\"beside\"", updates[2]);
        Assert.Matches("^updates\\|child:[0-9a-f-]{36}\\|deep:[0-9a-f-]{36} {\"last\"", updates[3]);
        Assert.Matches("^updates\\|child:[0-9a-f-]{36} {\"deep\"", updates[4]);
        Assert.StartsWith("updates {\"child\"", updates[5], StringComparison.Ordinal);
        Assert.Equal(6, updates.Count);
        Assert.Equal(live, readBack);
    }

    [Fact]
    public async Task Without_being_asked_for_none_of_its_events_is_told()
    {
        var thread = Begin("go");
        var run = Assert.Single(EndedBy(thread, 1).Order);

        var frames = await FramesOf(thread, run);

        Assert.DoesNotContain(frames, frame => frame.Contains('|', StringComparison.Ordinal));
    }

    private AgentGraph Outer()
    {
        var deep = AgentGraph.Create("deep")
            .Node("last", Write("last", _ => Json("1")))
            .Edge(GraphNodes.Start, "last")
            .Build();
        var child = AgentGraph.Create("child")
            .Node("first", Write("first", _ => Json("\"first\"")))
            .Node("ask", AskAsync)
            .Node("beside", Write("beside", _ => Json("\"beside\"")))
            .Node("deep", deep)
            .Edge(GraphNodes.Start, "first")
            .Edge("first", "ask")
            .Edge("first", "beside")
            .Edge("ask", "deep")
            .Build();
        return AgentGraph.Create("outer").Node("child", child).Edge(GraphNodes.Start, "child").Build();
    }

    private NodeFunction Write(string node, Func<NodeContext, JsonElement> value) => (context, _) =>
    {
        Note(node);
        return Task.FromResult(NodeUpdate.None.With(node, value(context)));
    };

    private async Task<NodeUpdate> AskAsync(NodeContext context, CancellationToken cancellationToken)
    {
        Note("ask");
        Assert.Equal("first", context.State.Values["first"].GetString());
        var says = context.State.Values["says"].GetString();
        if (says is "wait")
            await Gate.Task.WaitAsync(cancellationToken);
        return NodeUpdate.None.With("answer", says is "ask" ? context.Interrupt(Json("\"?\"")) : Json("\"done\""));
    }
}
