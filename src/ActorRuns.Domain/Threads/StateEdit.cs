using System.Collections.Immutable;
using System.Text.Json;

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
}
