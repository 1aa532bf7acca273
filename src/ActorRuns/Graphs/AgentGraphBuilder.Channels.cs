using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorRuns.Graphs;

/// <content>The channels of a graph, and which nodes see them.</content>
public sealed partial class AgentGraphBuilder
{
    private readonly ImmutableSortedDictionary<string, ChannelKind>.Builder _channels =
        ImmutableSortedDictionary.CreateBuilder<string, ChannelKind>(StringComparer.Ordinal);

    private readonly Dictionary<string, ChannelReducer> _reducers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> _defaults = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> _schemas = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (ImmutableArray<string>? Reads, ImmutableArray<string>? Writes)> _views =
        new(StringComparer.Ordinal);

    /// <summary>
    /// Declares a channel; one that is not declared keeps its last value, of several nodes of a step the last one's.
    /// </summary>
    /// <param name="channel">Its name.</param>
    /// <param name="kind">How it takes what is written to it.</param>
    /// <param name="initial">What it holds before anything is written to it; null for nothing.</param>
    /// <exception cref="ArgumentException">
    /// The channel is declared already, with another kind; or it is to be reduced and no function says how.
    /// </exception>
    public AgentGraphBuilder Channel(string channel, ChannelKind kind, JsonElement? initial = null)
    {
        if (kind is ChannelKind.Reduced && !_reducers.ContainsKey(channel))
            throw new ArgumentException($"Channel '{channel}' is to be reduced; say by which function.", nameof(kind));
        if (_channels.TryGetValue(channel, out var declared) && declared != kind)
            throw new ArgumentException($"Graph '{_name}' has '{channel}' already, as {declared}.", nameof(kind));

        _channels[channel] = kind;
        if (initial is { } value)
            _defaults[channel] = value;
        return this;
    }

    /// <summary>Declares a channel whose value a function makes of the present one and what is written.</summary>
    /// <param name="channel">Its name.</param>
    /// <param name="reducer">The function; pure, since what it returns is recorded and it is not asked again.</param>
    /// <param name="initial">What it holds before anything is written to it; null for nothing.</param>
    /// <exception cref="ArgumentException">The channel is declared already, with another kind.</exception>
    public AgentGraphBuilder Channel(string channel, ChannelReducer reducer, JsonElement? initial = null)
    {
        ArgumentNullException.ThrowIfNull(reducer);
        _reducers[channel] = reducer;
        return Channel(channel, ChannelKind.Reduced, initial);
    }

    /// <summary>
    /// Declares a channel of values, or of elements, of a type: the graph's description tells their JSON schema.
    /// </summary>
    /// <typeparam name="T">The type; of one element, if the channel is a list.</typeparam>
    /// <param name="channel">Its name.</param>
    /// <param name="kind">How it takes what is written to it.</param>
    /// <exception cref="ArgumentException">The channel is declared already, with another kind.</exception>
    public AgentGraphBuilder Channel<T>(string channel, ChannelKind kind = ChannelKind.LastValue)
    {
        _schemas[channel] = AIJsonUtilities.CreateJsonSchema(typeof(T));
        return Channel(channel, kind);
    }

    /// <summary>Lets a node see, and write to, certain channels only: others can be private to other nodes.</summary>
    /// <param name="node">The node.</param>
    /// <param name="reads">The channels that it sees; null for all.</param>
    /// <param name="writes">The channels that it may write to; null for all.</param>
    public AgentGraphBuilder View(
        string node, IEnumerable<string>? reads = null, IEnumerable<string>? writes = null)
    {
        _views[node] = (reads?.ToImmutableArray(), writes?.ToImmutableArray());
        return this;
    }

    private GraphNode Viewed(GraphNode node) => _views.TryGetValue(node.Name, out var view)
        ? node with { Reads = view.Reads, Writes = view.Writes }
        : node;
}
