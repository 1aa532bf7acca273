using System.Text;
using System.Text.Json;
using ActorRuns.AspNetCore.Wire;
using ActorRuns.Graphs;
using ActorRuns.Json;
using Xunit;

namespace ActorRuns.AspNetCore.Tests.Wire;

/// <summary>A graph within a graph is drawn as one node, or as its own nodes.</summary>
public sealed class GraphDrawingSpec
{
    private static readonly AgentGraph Innermost = AgentGraph.Create("innermost")
        .Node("deep", Nothing)
        .Edge(GraphNodes.Start, "deep")
        .Edge("deep", GraphNodes.End)
        .Build();

    private static readonly AgentGraph Inner = AgentGraph.Create("inner")
        .Node("first", Nothing)
        .Node("nested", Innermost)
        .Edge(GraphNodes.Start, "first")
        .Branch("first", _ => [], "nested", GraphNodes.End)
        .Edge("nested", GraphNodes.End)
        .Build();

    private static readonly AgentGraph Outer = AgentGraph.Create("outer")
        .Node("before", Nothing)
        .Node("child", Inner)
        .Edge(GraphNodes.Start, "before")
        .Edge("before", "child")
        .Edge("child", GraphNodes.End)
        .Build();

    [Fact]
    public void A_graph_within_is_one_node_when_only_the_graph_itself_is_drawn() => Assert.Equal(
        "before child: __start__>before before>child child>__end__", Draw(depth: 0));

    [Fact]
    public void Down_to_a_depth_its_nodes_stand_in_its_place() => Assert.Equal(
        "before child:first child:nested: __start__>before before>child:first "
        + "child:first>__end__? child:first>child:nested? child:nested>__end__",
        Draw(depth: 1));

    [Fact]
    public void All_of_it_is_drawn_when_the_depth_is_not_bounded() => Assert.Contains(
        "child:first>child:nested:deep?", Draw(int.MaxValue), StringComparison.Ordinal);

    [Fact]
    public void The_graphs_within_are_listed_with_their_names_from_the_outside_in() => Assert.Equal(
        ["child", "child|nested"], SchemaJson.SubgraphsOf(Outer).Select(inner => inner.Name));

    private static Task<NodeUpdate> Nothing(NodeContext context, CancellationToken cancellationToken) =>
        Task.FromResult(NodeUpdate.Of());

    private static string Draw(int depth)
    {
        var json = StateJson.Write(new GraphDrawing(Outer, depth).Write);
        var drawing = JsonElement.Parse(json.AsSpan());
        var text = new StringBuilder();
        text.AppendJoin(' ', drawing.GetProperty("nodes").EnumerateArray()
            .Where(node => node.GetProperty("type").GetString() is "runnable")
            .Select(node => node.GetProperty("id").GetString()));
        text.Append(": ");
        text.AppendJoin(' ', drawing.GetProperty("edges").EnumerateArray().Select(edge =>
            $"{edge.GetProperty("source")}>{edge.GetProperty("target")}"
            + (edge.GetProperty("conditional").GetBoolean() ? "?" : "")).Order(StringComparer.Ordinal));
        return text.ToString();
    }
}
