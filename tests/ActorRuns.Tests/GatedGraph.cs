using System.Collections.Concurrent;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Messages;

namespace ActorRuns.Tests;

/// <summary>
/// A graph with the nodes <c>agent</c> and <c>tools</c> that does what the test says: each execution of a node shows up
/// as a <see cref="Visit"/>, and waits there for the test's word.
/// </summary>
public sealed class GatedGraph
{
    private readonly BlockingCollection<Visit> _visits = [];

    public static GraphId Id { get; } = new("gated");

    public AgentGraph Build() => AgentGraph.Create(Id.Value)
        .Channel(Channels.Messages, ChannelKind.Messages)
        .Node("agent", Hold)
        .ToolNode("tools", Hold)
        .Edge(GraphNodes.Start, "agent")
        .Branch("agent", state => [state.OpenCalls.IsEmpty ? GraphNodes.End : "tools"], "tools", GraphNodes.End)
        .Edge("tools", "agent")
        .Build();

    /// <summary>The next execution of a node, once it has begun.</summary>
    public Visit Next() => _visits.TryTake(out var visit, TimeSpan.FromSeconds(10))
        ? visit
        : throw new TimeoutException("No node was executed within 10 s.");

    /// <summary>True when no node is being executed that the test has not seen.</summary>
    public bool IsQuiet => _visits.Count is 0;

    private Task<NodeUpdate> Hold(NodeContext context, CancellationToken cancellationToken)
    {
        var visit = new Visit(context, cancellationToken);
        _visits.Add(visit, CancellationToken.None);
        return visit.Outcome;
    }
}

/// <summary>One execution of a node, held until the test says what comes of it.</summary>
public sealed class Visit
{
    private readonly TaskCompletionSource<NodeUpdate> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Visit(NodeContext context, CancellationToken cancellationToken)
    {
        Context = context;
        Cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cancellationToken.Register(() => Cancelled.TrySetResult());
    }

    public NodeContext Context { get; }

    /// <summary>Completes when the node is told to end; it does not, until the test lets it.</summary>
    public TaskCompletionSource Cancelled { get; }

    public Task<NodeUpdate> Outcome => _outcome.Task;

    public string Says => Context.Messages[^1].Text;

    public void Answer(string text) => Return(new Message
    {
        Id = Context.NewMessageId(),
        Type = MessageType.Ai,
        Content = MessageContent.Of(text),
    });

    public void Call(params string[] tools) => Return(new Message
    {
        Id = Context.NewMessageId(),
        Type = MessageType.Ai,
        ToolCalls = [.. tools.Select(tool => new ToolCall($"call-{tool}", tool, JsonElement.Parse("{}")))],
    });

    public static Message Result(string tool, string text) => new()
    {
        Id = $"result-{tool}",
        Type = MessageType.Tool,
        ToolCallId = $"call-{tool}",
        Name = tool,
        Status = ToolStatus.Success,
        Content = MessageContent.Of(text),
    };

    public void Return(params Message[] messages) => _outcome.TrySetResult(NodeUpdate.Of(messages));

    public void Throw(Exception failure) => _outcome.TrySetException(failure);
}
