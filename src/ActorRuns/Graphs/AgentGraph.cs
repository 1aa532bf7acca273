using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Agents;
using ActorRuns.Threads;

namespace ActorRuns.Graphs;

/// <summary>What a node does.</summary>
/// <param name="context">What it is given.</param>
/// <param name="cancellationToken">Cancelled when the run is stopped; the node's work must end then.</param>
/// <returns>What it writes to the state.</returns>
public delegate Task<NodeUpdate> NodeFunction(NodeContext context, CancellationToken cancellationToken);

/// <summary>Decides where to go on from a node, by the state after the step; pure.</summary>
/// <param name="state">The state.</param>
/// <returns>The nodes to execute next; <see cref="GraphNodes.End"/> or none when this way ends.</returns>
public delegate IEnumerable<string> NodeRouter(ChannelValues state);

/// <summary>Decides what to send to nodes, by the state after the step; pure.</summary>
/// <param name="state">The state.</param>
/// <returns>What is sent, in order: a node is executed once for each, in the same step.</returns>
public delegate IEnumerable<Send> NodeSender(ChannelValues state);

/// <summary>A program made of named nodes and the ways between them; immutable, made by <see cref="Create"/>.</summary>
public sealed class AgentGraph
{
    private readonly FrozenDictionary<string, GraphNode> _nodes;
    private readonly FrozenDictionary<string, NodeRouter> _routers;
    private readonly FrozenDictionary<string, NodeSender> _senders;

    internal AgentGraph(
        GraphShape shape,
        IEnumerable<GraphNode> nodes,
        IReadOnlyDictionary<string, NodeRouter> routers,
        IReadOnlyDictionary<string, NodeSender> senders,
        ImmutableArray<GraphEdge> edges,
        IReadOnlyDictionary<string, ToolContract> contracts)
    {
        Nodes = [.. nodes];
        _nodes = Nodes.ToFrozenDictionary(node => node.Name, StringComparer.Ordinal);
        _routers = routers.ToFrozenDictionary(StringComparer.Ordinal);
        _senders = senders.ToFrozenDictionary(StringComparer.Ordinal);
        Edges = edges;
        Contracts = contracts.ToFrozenDictionary(StringComparer.Ordinal);
        Shape = shape with
        {
            Compensated = [.. contracts.Where(tool => tool.Value.Compensate is not null).Select(tool => tool.Key)],
            ToolNodes = [.. _nodes.Values.Where(node => node.RunsTools).Select(node => node.Name)],
            NextAfter = (node, state) => _nodes.ContainsKey(node) ? Next([node], state) : null,
        };
    }

    /// <summary>The graph's name.</summary>
    public GraphId Id => Shape.Id;

    /// <summary>What the rules need to know of it.</summary>
    public GraphShape Shape { get; }

    /// <summary>The nodes, in the order they were declared.</summary>
    public ImmutableArray<GraphNode> Nodes { get; }

    /// <summary>The ways between nodes, in the order they were declared.</summary>
    public ImmutableArray<GraphEdge> Edges { get; }

    /// <summary>The JSON schemas of the channels whose types were declared.</summary>
    public FrozenDictionary<string, JsonElement> Schemas { get; internal init; } =
        FrozenDictionary<string, JsonElement>.Empty;

    /// <summary>What the tools that its nodes run say of themselves, those of inner graphs included.</summary>
    internal FrozenDictionary<string, ToolContract> Contracts { get; }

    /// <summary>Begins to describe a graph.</summary>
    /// <param name="name">The name it is known by; not empty.</param>
    public static AgentGraphBuilder Create(string name) => new(name);

    /// <summary>The node of this name, or null.</summary>
    public GraphNode? Find(string name) => _nodes.GetValueOrDefault(name);

    /// <summary>What to execute after a step.</summary>
    /// <param name="ran">The tasks of the step; <see cref="GraphNodes.Start"/> for the input.</param>
    /// <param name="state">The state after the step.</param>
    /// <returns>
    /// Each node once, in the order of the ways that lead to it, and then what is sent; nothing when all is done.
    /// </returns>
    /// <exception cref="InvalidOperationException">A branch names a node that the graph does not have.</exception>
    public NextTasks Next(IEnumerable<string> ran, ChannelValues state)
    {
        var nodes = new List<string>();
        var sends = new List<Send>();

        // A node that ran several times in the step leads on once.
        foreach (var node in ran.Select(NextTasks.NodeOf).Distinct(StringComparer.Ordinal))
        {
            if (_routers.TryGetValue(node, out var route))
                nodes.AddRange(route(state).Where(target => IsThere(target, node) && !nodes.Contains(target)));
            if (_senders.TryGetValue(node, out var sender))
                sends.AddRange(sender(state).Where(send => IsThere(send.Node, node)));
        }

        return NextTasks.Of(nodes, sends);
    }

    /// <summary>True for a node, false for the end.</summary>
    private bool IsThere(string target, string source)
    {
        if (target == GraphNodes.End)
            return false;
        return _nodes.ContainsKey(target)
            ? true
            : throw new InvalidOperationException(
                $"The branch after '{source}' leads to '{target}', which graph '{Id}' does not have.");
    }
}

/// <summary>A named part of a graph.</summary>
/// <param name="Name">Its name, unique in the graph.</param>
/// <param name="Run">What it does.</param>
/// <param name="RunsTools">True when it answers the open tool calls of the transcript.</param>
public sealed record GraphNode(string Name, NodeFunction Run, bool RunsTools)
{
    /// <summary>The graph that it executes; null when it is a function.</summary>
    public AgentGraph? Subgraph { get; init; }

    /// <summary>The only channels that it sees; null for all.</summary>
    public ImmutableArray<string>? Reads { get; init; }

    /// <summary>The only channels that it may write to; null for all.</summary>
    public ImmutableArray<string>? Writes { get; init; }

    /// <summary>Executes it, as far as it sees and may write.</summary>
    /// <exception cref="InvalidUpdateException">It writes to a channel that is not its own.</exception>
    internal async Task<NodeUpdate> ExecuteAsync(NodeContext context, CancellationToken cancellationToken)
    {
        var update = await Run(context, cancellationToken);
        return Writes is { } own && update.Writes.FirstOrDefault(write => !own.Contains(write.Channel)) is { } foreign
            ? throw new InvalidUpdateException(
                $"Node '{Name}' writes to channel '{foreign.Channel}'; it may write to {string.Join(", ", own)} only.")
            : update;
    }

    /// <summary>The values that it sees.</summary>
    internal ChannelValues Seen(ChannelValues state) => Reads is { } own ? state.Only(own) : state;
}

/// <summary>A way from one node to another.</summary>
/// <param name="Source">Where it begins.</param>
/// <param name="Target">Where it leads.</param>
/// <param name="IsConditional">True when a branch decides whether it is taken.</param>
public sealed record GraphEdge(string Source, string Target, bool IsConditional);
