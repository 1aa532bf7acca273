using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Messages;
using ActorRuns.Threads;

namespace ActorRuns.Tests.Simulation;

/// <summary>
/// An agent that does by itself what the last human message says: <c>call 3</c> calls three tools, <c>ask</c> asks a
/// human, <c>fail</c> fails, <c>think</c> (the model) and <c>hold</c> (a tool) go on until they are told to end, and
/// anything else is answered.
/// </summary>
internal sealed class PlayedGraph(Func<NodeContext, CancellationToken, Task>? latency = null)
{
    private const string Held = "hold";

    private readonly ConcurrentDictionary<ThreadId, int> _holding = new();

    public static GraphId Id { get; } = new("played");

    /// <summary>What was wrong with the transcripts that models were given; empty when nothing was.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();

    public AgentGraph Build() => AgentGraph.Create(Id.Value)
        .Channel(Channels.Messages, ChannelKind.Messages)
        .Node("agent", ThinkAsync)
        .ToolNode("tools", CallAsync)
        .Edge(GraphNodes.Start, "agent")
        .Branch("agent", state => [state.OpenCalls.IsEmpty ? GraphNodes.End : "tools"], "tools", GraphNodes.End)
        .Edge("tools", "agent")
        .Build();

    /// <summary>True while a node of the thread goes on until it is told to end.</summary>
    public bool IsHolding(ThreadId thread) => _holding.GetValueOrDefault(thread) > 0;

    private async Task<NodeUpdate> ThinkAsync(NodeContext context, CancellationToken cancellationToken)
    {
        Check(context);
        await PassAsync(context, cancellationToken);
        var last = context.Messages[^1];
        var words = last.Type is MessageType.Human ? last.Text.Split(' ') : ["done"];
        switch (words[0])
        {
            case "call":
                var calls = int.Parse(words[1], CultureInfo.InvariantCulture);
                return Ask(context, [.. Enumerable.Range(1, calls).Select(n => Call(last, "search", n))]);
            case Held:
                return Ask(context, [Call(last, Held, 1)]);
            case "think":
                await HoldAsync(context, cancellationToken);
                return Say(context, "nobody hears this");
            case "ask":
                return Say(context, $"you said {context.Interrupt(JsonElement.Parse("\"Proceed?\""))}");
            case "fail":
                throw new InvalidOperationException("It broke.");
            default:
                return Say(context, $"re {last.Text}");
        }
    }

    private async Task<NodeUpdate> CallAsync(NodeContext context, CancellationToken cancellationToken)
    {
        foreach (var call in context.State.OpenCalls)
        {
            await PassAsync(context, cancellationToken);
            if (call.Name is Held)
                await HoldAsync(context, cancellationToken);
            context.RecordResult(Result(call));
        }

        return NodeUpdate.Of([.. context.State.OpenCalls.Select(Result)]);
    }

    private Task PassAsync(NodeContext context, CancellationToken cancellationToken) =>
        latency?.Invoke(context, cancellationToken) ?? Task.CompletedTask;

    private async Task HoldAsync(NodeContext context, CancellationToken cancellationToken)
    {
        _holding.AddOrUpdate(context.ThreadId, 1, (_, others) => others + 1);
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.Time, cancellationToken);
        }
        finally
        {
            _holding.AddOrUpdate(context.ThreadId, 0, (_, others) => others - 1); // Another attempt may hold by now.
        }
    }

    /// <summary>I7: whatever a model is given, each call has one result, behind the message that asks for it.</summary>
    private void Check(NodeContext context)
    {
        HashSet<string> asked = new(StringComparer.Ordinal);
        HashSet<string> open = new(StringComparer.Ordinal);
        foreach (var message in context.Messages)
        {
            if (message.ToolCallId is { } answered && !open.Remove(answered))
                Faults.Enqueue($"{context.ThreadId}: a result answers '{answered}', which is not open");
            open.UnionWith(message.ToolCalls.Select(call => call.Id).Where(asked.Add));
        }

        if (open.Count > 0)
            Faults.Enqueue($"{context.ThreadId}: the model sees calls without result: {string.Join(", ", open)}");
    }

    private static ToolCall Call(Message human, string tool, int number) =>
        new($"{human.Id}-{tool}-{number}", tool, JsonElement.Parse("{}"));

    private static NodeUpdate Ask(NodeContext context, ToolCall[] calls) => NodeUpdate.Of(
        new Message { Id = context.NewMessageId(), Type = MessageType.Ai, ToolCalls = [.. calls] });

    private static NodeUpdate Say(NodeContext context, string text) => NodeUpdate.Of(
        new Message { Id = context.NewMessageId(), Type = MessageType.Ai, Content = MessageContent.Of(text) });

    private static Message Result(OpenToolCall call) => new()
    {
        Id = $"result-{call.Id}",
        Type = MessageType.Tool,
        ToolCallId = call.Id,
        Name = call.Name,
        Status = ToolStatus.Success,
        Content = MessageContent.Of("found"),
    };
}
