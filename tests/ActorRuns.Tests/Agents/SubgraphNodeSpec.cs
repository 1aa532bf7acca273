using ActorRuns.Graphs;
using Xunit;
using static ActorRuns.Tests.Agents.Transcripts;

namespace ActorRuns.Tests.Agents;

public sealed class SubgraphNodeSpec
{
    [Fact]
    public async Task The_inner_graph_reads_what_it_has_written_and_the_outer_node_writes_it_all()
    {
        var inner = AgentGraph.Create("inner")
            .Channel(Channels.Messages, ChannelKind.Messages)
            .Node("first", Counts)
            .Node("second", Counts)
            .Edge(GraphNodes.Start, "first")
            .Edge("first", "second")
            .Build();
        var context = new RecordingNodeContext(RecordingNodeContext.StateOf(Human("hello")), "outer");

        var update = await Outer(inner).Run(context, CancellationToken.None);

        Assert.Equal(["first saw 1", "second saw 2"], update.Messages().Select(message => message.Text));
    }

    [Fact]
    public async Task An_inner_graph_that_goes_in_circles_fails()
    {
        var inner = AgentGraph.Create("circle")
            .Node("again", (_, _) => Task.FromResult(NodeUpdate.None))
            .Edge(GraphNodes.Start, "again")
            .Edge("again", "again")
            .Build();

        var fault = await Assert.ThrowsAsync<GraphRecursionException>(
            () => Outer(inner).Run(new RecordingNodeContext(), CancellationToken.None));

        Assert.Equal("Graph 'circle' took 25 steps without coming to an end.", fault.Message);
    }

    private static GraphNode Outer(AgentGraph inner) =>
        AgentGraph.Create("outer").Node("outer", inner).Edge(GraphNodes.Start, "outer").Build().Find("outer")!;

    private static Task<NodeUpdate> Counts(NodeContext context, CancellationToken cancellationToken) =>
        Task.FromResult(NodeUpdate.Of(Ai($"{context.Node} saw {context.Messages.Count}", context.NewMessageId())));
}
