using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Graphs;

namespace ActorRuns.Runs;

/// <summary>What a run is told to do instead of taking an input (the wire's <c>command</c>).</summary>
/// <param name="Resume">
/// The answer to what was asked: one value for all, or an object whose keys are the ids of the questions. Undefined
/// when nothing is answered.
/// </param>
/// <param name="Update">What to write to the state first, in the form of an input; undefined for nothing.</param>
/// <param name="Goto">The nodes to go on at; empty for those that are next anyway.</param>
public sealed record GraphCommand(JsonElement Resume, JsonElement Update, ImmutableArray<string> Goto)
{
    /// <summary>What to go on with besides: nodes, each with an input of its own.</summary>
    public ImmutableArray<Send> Sends { get; init; } = [];

    /// <summary>True when it goes on at what is next anyway.</summary>
    public bool GoesOn => Goto.IsEmpty && Sends.IsEmpty;

    /// <summary>True when the run brings an answer.</summary>
    public bool Resumes => Resume.ValueKind is not JsonValueKind.Undefined;
}
