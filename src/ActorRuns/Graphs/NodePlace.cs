using System.Collections.Immutable;
using ActorRuns.Threads;

namespace ActorRuns.Graphs;

/// <summary>Where a node of an inner graph is at work.</summary>
/// <param name="Namespace">The inner graph: its node and task, with those around it in front.</param>
/// <param name="Node">The node.</param>
/// <param name="Step">The inner step that it is part of.</param>
/// <param name="TaskId">Its execution: the same for every attempt.</param>
internal sealed record NodePlace(string Namespace, string Node, int Step, Guid TaskId)
{
    /// <summary>Names the execution, with those around it in front.</summary>
    public string Path => $"{Namespace}{SubgraphPosition.Separator}{Node}:{TaskId:D}";
}

/// <summary>A step of an inner graph that is complete.</summary>
/// <param name="Namespace">The inner graph.</param>
/// <param name="Before">How far it had come; null before its first step.</param>
/// <param name="Ran">What its nodes wrote.</param>
/// <param name="Next">The tasks to execute next.</param>
internal sealed record InnerStep(
    string Namespace, SubgraphPosition? Before, ImmutableArray<NodeWrites> Ran, NextTasks Next);
