using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Threads;

namespace ActorRuns.Graphs;

/// <summary>What the rules need to know of a graph: where it begins and how its channels reduce.</summary>
/// <param name="Id">The graph.</param>
/// <param name="Entry">
/// The nodes that follow the start; <see cref="GraphNodes.Start"/> alone when a branch decides it at run time.
/// </param>
/// <param name="Channels">The declared channels; one that is not declared keeps its last value.</param>
public sealed record GraphShape(
    GraphId Id,
    ImmutableArray<string> Entry,
    ImmutableSortedDictionary<string, ChannelKind> Channels)
{
    /// <summary>The nodes that run the tools which a model asked for.</summary>
    public ImmutableHashSet<string> ToolNodes { get; init; } = [];

    /// <summary>The tools whose calls can be undone in the world when their run is rolled back.</summary>
    public ImmutableHashSet<string> Compensated { get; init; } = [];

    /// <summary>What to execute after a step of this node, by the state after it; null for an unknown node.</summary>
    public Func<string, ChannelValues, NextTasks?> NextAfter { get; init; } = (_, _) => null;

    /// <summary>The functions of the channels that are <see cref="ChannelKind.Reduced"/>.</summary>
    public ImmutableSortedDictionary<string, ChannelReducer> Reducers { get; init; } =
        ImmutableSortedDictionary.Create<string, ChannelReducer>(StringComparer.Ordinal);

    /// <summary>What channels hold before anything is written to them, once a run has begun.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Defaults { get; init; } = NextTasks.NoInputs;

    /// <summary>How a channel takes what is written to it.</summary>
    public ChannelKind KindOf(string channel) => Channels.GetValueOrDefault(channel, ChannelKind.LastValue);
}
