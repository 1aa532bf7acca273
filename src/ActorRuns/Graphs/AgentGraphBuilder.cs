using System.Collections.Frozen;
using System.Collections.Immutable;
using ActorRuns.Agents;
using ActorRuns.Threads;

namespace ActorRuns.Graphs;

/// <summary>Describes a graph step by step; <see cref="Build"/> checks that it can work.</summary>
public sealed partial class AgentGraphBuilder
{
    private readonly string _name;
    private readonly OrderedDictionary<string, GraphNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<NodeRouter>> _branches = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<NodeSender>> _senders = new(StringComparer.Ordinal);
    private readonly List<GraphEdge> _edges = [];
    private readonly Dictionary<string, ToolContract> _contracts = new(StringComparer.Ordinal);

    internal AgentGraphBuilder(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        _name = name;
    }

    /// <summary>Adds a node.</summary>
    /// <exception cref="ArgumentException">The name is taken, empty, or one of <see cref="GraphNodes"/>.</exception>
    public AgentGraphBuilder Node(string node, NodeFunction run) => Add(new GraphNode(node, run, RunsTools: false));

    /// <summary>
    /// Adds a node that executes a whole graph, on the same channels. Each of its steps is durable before the next one
    /// begins; what it wrote becomes the thread's state when all of it is done.
    /// </summary>
    /// <exception cref="ArgumentException">The name is taken, empty, or one of <see cref="GraphNodes"/>.</exception>
    public AgentGraphBuilder Node(string node, AgentGraph graph) =>
        Contracts(graph.Contracts)
            .Add(new GraphNode(node, new SubgraphNode(graph).RunAsync, RunsTools: false) { Subgraph = graph });

    /// <summary>Adds a node that answers the open tool calls of the transcript.</summary>
    /// <exception cref="ArgumentException">The name is taken, empty, or one of <see cref="GraphNodes"/>.</exception>
    public AgentGraphBuilder ToolNode(string node, NodeFunction run) =>
        Add(new GraphNode(node, run, RunsTools: true));

    /// <summary>Says what the tools that a node runs say of themselves.</summary>
    internal AgentGraphBuilder Contracts(IEnumerable<KeyValuePair<string, ToolContract>> tools)
    {
        foreach (var (tool, contract) in tools)
            _contracts[tool] = contract;
        return this;
    }

    /// <summary>After <paramref name="source"/> comes <paramref name="target"/>.</summary>
    public AgentGraphBuilder Edge(string source, string target)
    {
        _edges.Add(new GraphEdge(source, target, IsConditional: false));
        return this;
    }

    /// <summary>After <paramref name="source"/> the state decides where to go.</summary>
    /// <param name="source">Where the branch is.</param>
    /// <param name="route">Decides; may name several nodes, which are then executed in the same step.</param>
    /// <param name="targets">Every node that it may name; at least one.</param>
    /// <exception cref="ArgumentException">There are no targets.</exception>
    public AgentGraphBuilder Branch(string source, NodeRouter route, params IReadOnlyList<string> targets)
    {
        if (targets.Count is 0)
            throw new ArgumentException($"The branch after '{source}' names no node.", nameof(targets));

        _edges.AddRange(targets.Select(target => new GraphEdge(source, target, IsConditional: true)));
        if (!_branches.TryGetValue(source, out var routes))
            _branches[source] = routes = [];
        routes.Add(route);
        return this;
    }

    /// <summary>
    /// After <paramref name="source"/> a node is executed as often as the state asks for, in one step, each time with
    /// an input of its own (<see cref="NodeContext.Input"/>). What follows that node comes when all of them are done.
    /// </summary>
    /// <param name="source">Where it fans out.</param>
    /// <param name="send">Decides what is sent, and to which node; nothing when there is nothing to do.</param>
    /// <param name="targets">Every node that it may send to; at least one.</param>
    /// <exception cref="ArgumentException">There are no targets.</exception>
    public AgentGraphBuilder FanOut(string source, NodeSender send, params IReadOnlyList<string> targets)
    {
        if (targets.Count is 0)
            throw new ArgumentException($"The fan-out after '{source}' names no node.", nameof(targets));

        _edges.AddRange(targets.Select(target => new GraphEdge(source, target, IsConditional: true)));
        if (!_senders.TryGetValue(source, out var senders))
            _senders[source] = senders = [];
        senders.Add(send);
        return this;
    }

    /// <summary>Makes the graph.</summary>
    /// <exception cref="InvalidOperationException">The graph cannot work; the message names every fault.</exception>
    public AgentGraph Build()
    {
        var faults = Faults().ToList();
        if (faults.Count > 0)
            throw new InvalidOperationException($"Graph '{_name}' cannot work: {string.Join("; ", faults)}.");

        var senders = _senders.ToDictionary(
            source => source.Key,
            source => new NodeSender(state => source.Value.SelectMany(send => send(state))),
            StringComparer.Ordinal);
        ImmutableArray<string> entry = _branches.ContainsKey(GraphNodes.Start) || _senders.ContainsKey(GraphNodes.Start)
            ? [GraphNodes.Start]
            : [.. Targets(GraphNodes.Start).Where(target => target != GraphNodes.End)];
        var routers = _edges.Select(edge => edge.Source).Distinct(StringComparer.Ordinal)
            .ToDictionary(source => source, RouterOf, StringComparer.Ordinal);
        var shape = new GraphShape(new GraphId(_name), entry, _channels.ToImmutable())
        {
            Reducers = _reducers.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Defaults = _defaults.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
        return new AgentGraph(shape, _nodes.Values.Select(Viewed), routers, senders, [.. _edges], _contracts)
        {
            Schemas = _schemas.ToFrozenDictionary(StringComparer.Ordinal),
        };
    }

    private AgentGraphBuilder Add(GraphNode node)
    {
        if (string.IsNullOrWhiteSpace(node.Name) || node.Name is GraphNodes.Start or GraphNodes.End)
            throw new ArgumentException($"Graph '{_name}' cannot have a node named '{node.Name}'.", nameof(node));
        if (node.Name.IndexOfAny([NextTasks.Separator, SubgraphPosition.Separator]) >= 0)
        {
            throw new ArgumentException(
                $"Graph '{_name}' cannot have a node named '{node.Name}': ':' and '|' part the names of tasks.",
                nameof(node));
        }

        if (!_nodes.TryAdd(node.Name, node))
            throw new ArgumentException($"Graph '{_name}' has a node '{node.Name}' already.", nameof(node));
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

        if (_edges.Exists(edge => edge.Target is GraphNodes.Start))
            yield return "nothing can lead to the start";
        if (_edges.Exists(edge => edge.Source is GraphNodes.End))
            yield return "nothing can follow the end";

        var known = _nodes.Keys.Append(GraphNodes.Start).Append(GraphNodes.End).ToHashSet(StringComparer.Ordinal);
        var named = _edges.SelectMany(edge => new[] { edge.Source, edge.Target }).Concat(_views.Keys);
        foreach (var unknown in named.Where(known.Add))
            yield return $"there is no node '{unknown}'";

        var reachable = Reachable();
        foreach (var node in _nodes.Keys.Where(node => !reachable.Contains(node)))
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
