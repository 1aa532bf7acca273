using ActorRuns.Graphs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Tests.Agents;

public sealed class AgentGraphBuilderSpec
{
    private static readonly NodeFunction Nothing = (_, _) => Task.FromResult(NodeUpdate.None);

    [Fact]
    public void A_graph_that_cannot_work_is_refused_with_every_fault_named()
    {
        var broken = AgentGraph.Create("broken")
            .Node("lonely", Nothing)
            .Edge("ghost", GraphNodes.Start)
            .Edge(GraphNodes.End, "phantom");

        var refusal = Assert.Throws<InvalidOperationException>(broken.Build);

        Assert.Equal(
            "Graph 'broken' cannot work: nothing follows the start; nothing can lead to the start; nothing can follow "
            + "the end; there is no node 'ghost'; there is no node 'phantom'; nothing leads to node 'lonely'.",
            refusal.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(GraphNodes.Start)]
    [InlineData(GraphNodes.End)]
    [InlineData("taken")]
    public void A_node_needs_a_name_of_its_own(string name)
    {
        var builder = AgentGraph.Create("graph").Node("taken", Nothing);

        Assert.Throws<ArgumentException>(() => builder.Node(name, Nothing));
    }

    [Fact]
    public void A_channel_is_not_declared_in_two_ways()
    {
        var builder = AgentGraph.Create("graph").Channel("notes", ChannelKind.LastValue);

        Assert.Throws<ArgumentException>(() => builder.Channel("notes", ChannelKind.Messages));
    }

    [Fact]
    public void A_branch_that_leads_nowhere_is_refused()
    {
        var builder = AgentGraph.Create("graph").Node("one", Nothing);

        Assert.Throws<ArgumentException>(() => builder.Branch("one", _ => []));
    }

    [Fact]
    public void Nodes_that_follow_the_same_one_are_executed_in_one_step_each_once()
    {
        var graph = AgentGraph.Create("graph")
            .Node("one", Nothing).Node("two", Nothing).Node("join", Nothing)
            .Edge(GraphNodes.Start, "one").Edge(GraphNodes.Start, "two")
            .Edge("one", "join").Edge("two", "join")
            .Build();

        Assert.Equal<string>(["one", "two"], graph.Next([GraphNodes.Start], ChannelValues.Empty).Tasks);
        Assert.Equal<string>(["join"], graph.Next(["one", "two"], ChannelValues.Empty).Tasks);
        Assert.Empty(graph.Next(["join"], ChannelValues.Empty).Tasks);
        Assert.Equal<string>(["one", "two"], graph.Shape.Entry);
    }

    [Fact]
    public void A_branch_at_the_start_is_decided_at_run_time()
    {
        var graph = AgentGraph.Create("graph")
            .Node("one", Nothing)
            .Branch(GraphNodes.Start, state => state.Values.ContainsKey("go") ? ["one"] : [], "one", GraphNodes.End)
            .Build();

        Assert.Equal<string>([GraphNodes.Start], graph.Shape.Entry);
        Assert.Empty(graph.Next([GraphNodes.Start], ChannelValues.Empty).Tasks);
    }

    [Fact]
    public void A_branch_to_a_node_that_is_not_there_fails_by_name()
    {
        var graph = AgentGraph.Create("graph")
            .Node("one", Nothing)
            .Edge(GraphNodes.Start, "one")
            .Branch("one", _ => ["elsewhere"], GraphNodes.End)
            .Build();

        var fault = Assert.Throws<InvalidOperationException>(() => graph.Next(["one"], ChannelValues.Empty).Tasks);

        Assert.Contains("'elsewhere'", fault.Message, StringComparison.Ordinal);
    }
}
