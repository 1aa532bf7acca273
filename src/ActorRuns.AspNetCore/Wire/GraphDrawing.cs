using System.Text.Json;
using ActorRuns.Graphs;

namespace ActorRuns.AspNetCore.Wire;

/// <summary>
/// The nodes and ways of a graph. Graphs within it are drawn as one node, or, down to a depth, with their own nodes in
/// its place; these are named after it, and the ways lead into and out of them.
/// </summary>
internal sealed class GraphDrawing
{
    private readonly List<string> _nodes = [];
    private readonly HashSet<GraphEdge> _edges = [];

    /// <param name="graph">The graph.</param>
    /// <param name="depth">How many graphs deep it is drawn; 0 for the graph itself.</param>
    public GraphDrawing(AgentGraph graph, int depth) => Add(graph, prefix: string.Empty, depth);

    /// <summary>Writes the drawing.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("nodes");
        WriteNode(writer, GraphNodes.Start, "schema");
        foreach (var node in _nodes.Order(StringComparer.Ordinal))
            WriteNode(writer, node, "runnable");
        WriteNode(writer, GraphNodes.End, "schema");
        writer.WriteEndArray();
        writer.WriteStartArray("edges");
        foreach (var edge in _edges)
        {
            writer.WriteStartObject();
            writer.WriteString("source", edge.Source);
            writer.WriteString("target", edge.Target);
            writer.WriteBoolean("conditional", edge.IsConditional);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void Add(AgentGraph graph, string prefix, int depth)
    {
        foreach (var node in graph.Nodes)
        {
            if (Opened(node, depth) is { } inner)
                Add(inner, $"{prefix}{node.Name}:", depth - 1);
            else
                _nodes.Add($"{prefix}{node.Name}");
        }

        var isOutermost = prefix.Length is 0;
        foreach (var edge in graph.Edges)
        {
            // The ways from the start and to the end of a graph within are drawn by the graph around it.
            if (!isOutermost && (edge.Source is GraphNodes.Start || edge.Target is GraphNodes.End))
                continue;
            foreach (var (source, leaves) in Ends(graph, edge.Source, prefix, depth, isEntry: false))
            {
                foreach (var (target, enters) in Ends(graph, edge.Target, prefix, depth, isEntry: true))
                    _edges.Add(new GraphEdge(source, target, edge.IsConditional || leaves || enters));
            }
        }
    }

    /// <summary>
    /// The drawn nodes that stand for a node where a way leads to it, or from it, and whether a branch within decides.
    /// </summary>
    private static IEnumerable<(string Node, bool IsConditional)> Ends(
        AgentGraph graph, string name, string prefix, int depth, bool isEntry)
    {
        if (graph.Find(name) is not { } node)
            return [(name, false)]; // The start, or the end.
        if (Opened(node, depth) is not { } inner)
            return [($"{prefix}{name}", false)];

        var within = $"{prefix}{name}:";
        return
            from edge in inner.Edges
            where isEntry ? edge.Source is GraphNodes.Start : edge.Target is GraphNodes.End
            let end = isEntry ? edge.Target : edge.Source
            where end is not (GraphNodes.Start or GraphNodes.End)
            from drawn in Ends(inner, end, within, depth - 1, isEntry)
            select (drawn.Node, drawn.IsConditional || edge.IsConditional);
    }

    private static AgentGraph? Opened(GraphNode node, int depth) => depth > 0 ? node.Subgraph : null;

    private static void WriteNode(Utf8JsonWriter writer, string name, string type)
    {
        writer.WriteStartObject();
        writer.WriteString("id", name);
        writer.WriteString("type", type);
        writer.WriteStartObject("data");
        writer.WriteString("name", name);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
