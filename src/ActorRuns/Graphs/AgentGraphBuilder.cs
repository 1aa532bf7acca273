using System.Collections.Immutable;

namespace ActorRuns.Graphs;

/// <summary>Describes a graph step by step; <see cref="Build"/> checks that it can work.</summary>
/// <param name="name">The name the graph is known by.</param>
public sealed class AgentGraphBuilder(string name)
{
    private readonly Dictionary<string, GraphNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<NodeRouter>> _branches = new(StringComparer.Ordinal);
    private readonly ImmutableSortedDictionary<string, ChannelKind>.Builder _channels =
        ImmutableSortedDictionary.CreateBuilder<string, ChannelKind>(StringComparer.Ordinal);
    private readonly List<GraphEdge> _edges = [];

    /// <summary>Declares a channel.</summary>
    public AgentGraphBuilder Channel(string channel, ChannelKind kind)
    {
        _channels[channel] = kind;
        return this;
    }

    /// <summary>Adds a node.</summary>
    /// <exception cref="ArgumentException">The name is taken, empty, or one of <see cref="GraphNodes"/>.</exception>
    public AgentGraphBuilder Node(string node, NodeFunction run) => Add(new GraphNode(node, run, RunsTools: false));

    /// <summary>Adds a node that answers the open tool calls of the transcript.</summary>
    /// <exception cref="ArgumentException">The name is taken, empty, or one of <see cref="GraphNodes"/>.</exception>
    public AgentGraphBuilder ToolNode(string node, NodeFunction run) => Add(new GraphNode(node, run, RunsTools: true));

    /// <summary>After <paramref name="source"/> comes <paramref name="target"/>.</summary>
    public AgentGraphBuilder Edge(string source, string target)
    {
        _edges.Add(new GraphEdge(source, target, IsConditional: false));
        return this;
    }

    /// <summary>After <paramref name="source"/> the state decides where to go.</summary>
    /// <param name="source">Where the branch is.</param>
    /// <param name="route">Decides; may name several nodes, which are then executed in the same step.</param>
    /// <param name="targets">Every node that it may name.</param>
    public AgentGraphBuilder Branch(string source, NodeRouter route, params IReadOnlyList<string> targets)
    {
        _edges.AddRange(targets.Select(target => new GraphEdge(source, target, IsConditional: true)));
        if (!_branches.TryGetValue(source, out var routes))
            _branches[source] = routes = [];
        routes.Add(route);
        return this;
    }

    /// <summary>Makes the graph.</summary>
    /// <exception cref="InvalidOperationException">The graph cannot work; the message names every fault.</exception>
    public AgentGraph Build()
    {
        var faults = Faults().ToList();
        if (faults.Count > 0)
            throw new InvalidOperationException($"Graph '{name}' cannot work: {string.Join("; ", faults)}.");

        ImmutableArray<string> entry = _branches.ContainsKey(GraphNodes.Start)
            ? [GraphNodes.Start]
            : [.. Targets(GraphNodes.Start).Where(target => target != GraphNodes.End)];
        var routers = _edges.Select(edge => edge.Source).Distinct(StringComparer.Ordinal)
            .ToDictionary(source => source, RouterOf, StringComparer.Ordinal);
        var shape = new GraphShape(new GraphId(name), entry, _channels.ToImmutable());
        return new AgentGraph(shape, _nodes.Values, routers, [.. _edges]);
    }

    private AgentGraphBuilder Add(GraphNode node)
    {
        if (string.IsNullOrWhiteSpace(node.Name) || node.Name is GraphNodes.Start or GraphNodes.End)
            throw new ArgumentException($"Graph '{name}' cannot have a node named '{node.Name}'.", nameof(node));
        if (!_nodes.TryAdd(node.Name, node))
            throw new ArgumentException($"Graph '{name}' has a node '{node.Name}' already.", nameof(node));
        return this;
    }

    private NodeRouter RouterOf(string source)
    {
        var targets = Targets(source).ToImmutableArray();
        return _branches.TryGetValue(source, out var routes)
            ? state => targets.Concat(routes.SelectMany(route => route(state)))
            : _ => targets;
    }

    private IEnumerable<string> Targets(string source) =>
        _edges.Where(edge => edge.Source == source && !edge.IsConditional).Select(edge => edge.Target);

    private IEnumerable<string> Faults()
    {
        if (!_edges.Exists(edge => edge.Source is GraphNodes.Start))
            yield return "nothing follows the start";

        var ends = _edges.SelectMany(edge => new[] { edge.Source, edge.Target }).Distinct(StringComparer.Ordinal);
        foreach (var end in ends.Where(end => end is not (GraphNodes.Start or GraphNodes.End) && !_nodes.ContainsKey(end)))
            yield return $"there is no node '{end}'";
        foreach (var node in _nodes.Keys.Where(node => !Reachable().Contains(node)))
            yield return $"nothing leads to node '{node}'";
    }

    private HashSet<string> Reachable()
    {
        var reached = new HashSet<string>(StringComparer.Ordinal) { GraphNodes.Start };
        var waiting = new Queue<string>(reached);
        while (waiting.TryDequeue(out var source))
        {
            foreach (var edge in _edges.Where(edge => edge.Source == source && reached.Add(edge.Target)))
                waiting.Enqueue(edge.Target);
        }

        return reached;
    }
}
