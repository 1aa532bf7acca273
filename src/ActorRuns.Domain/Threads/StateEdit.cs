using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Graphs;

namespace ActorRuns.Threads;

/// <summary>A change of the state from outside of any run.</summary>
/// <param name="Values">What to write, in the form of inputs, one after the other.</param>
/// <param name="AsNode">
/// The node that the state is to look as if it had just run; null for the one that ran last.
/// </param>
public sealed record StateEdit(ImmutableArray<JsonElement> Values, string? AsNode)
{
    /// <summary>Stands for the moment before an input is taken.</summary>
    public const string Input = "__input__";

    /// <summary>The nodes to go on at, besides those that follow <see cref="AsNode"/>; none when empty.</summary>
    public ImmutableArray<string> Goto { get; init; } = [];

    /// <summary>What to go on with besides: nodes, each with an input of its own.</summary>
    public ImmutableArray<Send> Sends { get; init; } = [];

    /// <summary>What other nodes are to look as if they did in the same step; these have none themselves.</summary>
    public ImmutableArray<StateEdit> Beside { get; init; } = [];
}
