using System.Collections.Immutable;
using ActorRuns.Graphs;
using ActorRuns.Threads;

namespace ActorRuns.Domain.Tests.Scenes;

/// <summary>The graphs of the tests: a catalog of shapes, since the rules never execute anything.</summary>
internal sealed class TestGraphs(params ImmutableArray<GraphShape> shapes) : IGraphCatalog
{
    public const string Messages = "messages";

    /// <summary>A model and its tools: nodes <c>agent</c> and <c>tools</c>, one channel of messages.</summary>
    public static GraphShape Agent { get; } = Shape("agent", "agent") with { NextAfter = NextAfter };

    /// <summary>A graph that keeps <c>messages</c> as a plain value.</summary>
    public static GraphShape Plain { get; } = Agent with
    {
        Id = new GraphId("plain"),
        Channels = ImmutableSortedDictionary<string, ChannelKind>.Empty,
    };

    public static TestGraphs All { get; } = new(Agent, Plain);

    public static TestGraphs None { get; } = new();

    public GraphShape? Find(GraphId id) => shapes.FirstOrDefault(shape => shape.Id == id);

    private static NextTasks? NextAfter(string node, ChannelValues values) => node switch
    {
        "agent" => NextTasks.Of(values.OpenCalls.IsEmpty ? [] : ["tools"], []),
        "tools" => NextTasks.Of(["agent"], []),
        _ => null,
    };

    private static GraphShape Shape(string name, params ImmutableArray<string> entry) => new(
        new GraphId(name),
        entry,
        ImmutableSortedDictionary<string, ChannelKind>.Empty.Add(Messages, ChannelKind.Messages));
}
