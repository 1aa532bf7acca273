using System.Runtime.CompilerServices;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Messages;
using Microsoft.Extensions.AI;

namespace ActorRuns.Agents;

/// <summary>
/// Answers every open tool call of the transcript. Whatever goes wrong with a tool becomes a result that the model can
/// act on; only a stopped run ends the node without one.
/// </summary>
/// <param name="tools">The tools by name.</param>
/// <param name="parallel">True when the calls run at the same time.</param>
internal sealed class ToolNode(IReadOnlyDictionary<string, AIFunction> tools, bool parallel)
{
    public async Task<NodeUpdate> RunAsync(NodeContext context, CancellationToken cancellationToken)
    {
        var calls = OpenCalls(context);
        var results = new Dictionary<string, Message>(StringComparer.Ordinal);
        await foreach (var result in AnswerAsync(context, calls, cancellationToken))
        {
            results[result.ToolCallId!] = result; // A result names its call: it is made below.
            if (results.Count < calls.Count)
                context.RecordResult(result); // The last one becomes durable with the step.
        }

        return NodeUpdate.Of(calls.Select(call => results[call.Id]));
    }

    private static List<ToolCall> OpenCalls(NodeContext context) =>
    [
        .. from open in context.State.OpenCalls.DistinctBy(open => open.Id)
           where open.Channel == Channels.Messages
           let asking = context.Messages.Last(message => message.ToolCalls.Any(call => call.Id == open.Id))
           select asking.ToolCalls.First(call => call.Id == open.Id),
    ];

    private async IAsyncEnumerable<Message> AnswerAsync(
        NodeContext context,
        List<ToolCall> calls,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!parallel)
        {
            foreach (var call in calls)
                yield return await AnswerAsync(context, call, cancellationToken);
            yield break;
        }

        // On the pool, because a tool that works before its first await would hold up the others.
        var running = calls
            .Select(call => Task.Run(() => AnswerAsync(context, call, cancellationToken), cancellationToken))
            .ToArray();
        await foreach (var answer in Task.WhenEach(running).WithCancellation(cancellationToken))
            yield return await answer;
    }

    private async Task<Message> AnswerAsync(NodeContext context, ToolCall call, CancellationToken cancellationToken)
    {
        if (!tools.TryGetValue(call.Name, out var tool))
            return Failed(context, call, $"There is no tool '{call.Name}'. {Available()}");
        if (ArgumentsFault(context, call) is { } fault)
            return Failed(context, call, $"The arguments of '{call.Name}' must be one JSON object: {fault}");

        try
        {
            var result = await tool.InvokeAsync(new ToolContext(context, call).ToArguments(), cancellationToken);
            return Result(context, call, ToolStatus.Success, ContentMapping.OfResult(result));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception failure) // A tool is foreign code: whatever it throws is for the model to deal with.
        {
            return Failed(context, call, failure.Message);
        }
    }

    private string Available() => tools.Count is 0
        ? "No tools are available."
        : $"Available tools: {string.Join(", ", tools.Keys.Order(StringComparer.Ordinal))}.";

    private static string? ArgumentsFault(NodeContext context, ToolCall call) =>
        call.Args.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined or JsonValueKind.Null)
            ? $"they are {call.Args.ValueKind}."
            : InvalidCalls.FaultOf(context.Messages, call.Id);

    private static Message Failed(NodeContext context, ToolCall call, string text) =>
        Result(context, call, ToolStatus.Error, MessageContent.Of(text));

    private static Message Result(
        NodeContext context, ToolCall call, ToolStatus status, MessageContent content) => new()
    {
        Id = context.NewMessageId(),
        Type = MessageType.Tool,
        ToolCallId = call.Id,
        Name = call.Name,
        Status = status,
        Content = content,
    };
}
