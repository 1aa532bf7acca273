using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using ActorRuns.Agents;
using ActorRuns.Graphs;
using ActorRuns.Messages;
using ActorRuns.Threads;

namespace ActorRuns.Tests.Simulation;

/// <summary>
/// An agent that does by itself what the last human message says: <c>call 3</c> calls three tools, <c>book 1</c> one
/// that must not run twice, <c>pay 1</c> one that a human must approve, <c>inner</c> runs a graph within it, <c>ask</c>
/// asks a human, <c>fail</c> fails, <c>think</c> (the model) and <c>hold</c> (a tool) go on until they are told to end,
/// and anything else is answered.
/// </summary>
internal sealed class PlayedGraph(Func<NodeContext, CancellationToken, Task>? latency = null)
{
    private const string Held = "hold";
    private const string Book = "book";
    private const string Pay = "pay";
    private const string Inner = "inner";

    private readonly ConcurrentDictionary<ThreadId, int> _holding = new();

    public static GraphId Id { get; } = new("played");

    /// <summary>What was wrong with the transcripts that models were given; empty when nothing was.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();

    /// <summary>Undoes a call; null when none can be undone.</summary>
    public Func<ToolCompensation, CancellationToken, Task>? Compensate { get; init; }

    /// <summary>Told of the key of each call that must not run twice.</summary>
    public Action<string>? Done { get; init; }

    /// <summary>True while a node of the thread goes on until it is told to end.</summary>
    public bool IsHolding(ThreadId thread) => _holding.GetValueOrDefault(thread) > 0;

    public AgentGraph Build() => AgentGraph.Create(Id.Value)
        .Channel(Channels.Messages, ChannelKind.Messages)
        .Contracts(
        [
            KeyValuePair.Create(Book, new ToolContract { Effect = ToolEffect.AtMostOnce, Compensate = Compensate }),
            KeyValuePair.Create(Pay, new ToolContract { Compensate = Compensate, CompensatesIdempotently = true }),
        ])
        .Node("agent", ThinkAsync)
        .ToolNode("tools", CallAsync)
        .Node(Inner, BuildInner())
        .Edge(GraphNodes.Start, "agent")
        .Branch("agent", Route, "tools", Inner, GraphNodes.End)
        .Edge("tools", "agent")
        .Edge(Inner, GraphNodes.End)
        .Build();

    private AgentGraph BuildInner() => AgentGraph.Create("inside")
        .Channel(Channels.Messages, ChannelKind.Messages)
        .Node("draft", DraftAsync)
        .Node("review", ReviewAsync)
        .Edge(GraphNodes.Start, "draft")
        .Edge("draft", "review")
        .Edge("review", GraphNodes.End)
        .Build();

    private static string[] Route(ChannelValues state) =>
        !state.OpenCalls.IsEmpty ? ["tools"]
        : state.MessagesOf(Channels.Messages).Messages is [.., { Type: MessageType.Human, Text: Inner }] ? [Inner]
        : [GraphNodes.End];

    private async Task<NodeUpdate> ThinkAsync(NodeContext context, CancellationToken cancellationToken)
    {
        Check(context);
        await PassAsync(context, cancellationToken);
        var last = context.Messages[^1];
        var words = last.Type is MessageType.Human ? last.Text.Split(' ') : ["done"];
        switch (words[0])
        {
            case "call" or Book or Pay:
                var calls = int.Parse(words[1], CultureInfo.InvariantCulture);
                return Ask(context, [.. Enumerable.Range(1, calls).Select(n => Call(last, words[0], n))]);
            case Held:
                return Ask(context, [Call(last, Held, 1)]);
            case Inner:
                return NodeUpdate.None;
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

    private async Task<NodeUpdate> DraftAsync(NodeContext context, CancellationToken cancellationToken)
    {
        await PassAsync(context, cancellationToken);
        return Say(context, "a draft");
    }

    private async Task<NodeUpdate> ReviewAsync(NodeContext context, CancellationToken cancellationToken)
    {
        await PassAsync(context, cancellationToken);
        return Say(context, $"reviewed: {context.Interrupt(JsonElement.Parse("\"Is it good?\""))}");
    }

    private async Task<NodeUpdate> CallAsync(NodeContext context, CancellationToken cancellationToken)
    {
        List<Message> results = [];
        foreach (var open in context.State.OpenCalls)
        {
            var call = Find(context, open);
            var refusal = call.Name switch
            {
                Pay => new ToolApproval(context, call).Decide().Rejection,
                Book when context.LossesOf(call.Id) is > 0 and var losses =>
                    new LostCall(context, call, losses).Decide().Repeats ? null : LostCall.GivenUp,
                _ => null,
            };
            if (refusal is null && call.Name is Book)
                Done?.Invoke(new ToolContext(context, call).IdempotencyKey);
            if (refusal is null)
                await PassAsync(context, cancellationToken);
            if (call.Name is Held)
                await HoldAsync(context, cancellationToken);
            results.Add(Result(open, refusal));
            context.RecordResult(results[^1]);
        }

        return NodeUpdate.Of(results);
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
                Faults.Enqueue($"I7: {context.ThreadId}: a result answers '{answered}', which is not open");
            open.UnionWith(message.ToolCalls.Select(call => call.Id).Where(asked.Add));
        }

        if (open.Count > 0)
            Faults.Enqueue($"I7: {context.ThreadId}: the model sees calls without result: {string.Join(", ", open)}");
    }

    private static ToolCall Find(NodeContext context, OpenToolCall open) => context.Messages
        .SelectMany(message => message.ToolCalls).Last(call => call.Id == open.Id);

    private static ToolCall Call(Message human, string tool, int number) =>
        new($"{human.Id}-{tool}-{number}", tool, JsonElement.Parse("{}"));

    private static NodeUpdate Ask(NodeContext context, ToolCall[] calls) => NodeUpdate.Of(
        new Message { Id = context.NewMessageId(), Type = MessageType.Ai, ToolCalls = [.. calls] });

    private static NodeUpdate Say(NodeContext context, string text) => NodeUpdate.Of(
        new Message { Id = context.NewMessageId(), Type = MessageType.Ai, Content = MessageContent.Of(text) });

    private static Message Result(OpenToolCall call, string? refusal) => new()
    {
        Id = $"result-{call.Id}",
        Type = MessageType.Tool,
        ToolCallId = call.Id,
        Name = call.Name,
        Status = refusal is null ? ToolStatus.Success : ToolStatus.Error,
        Content = MessageContent.Of(refusal ?? "found"),
    };
}
