using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Messages;
using ActorRuns.Threads;
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
        var questions = ImmutableArray.CreateBuilder<PendingInterrupt>();
        await foreach (var (result, asked) in AnswerAsync(context, calls, cancellationToken))
        {
            questions.AddRange(asked);
            if (result is null)
                continue;

            results[result.ToolCallId!] = result; // A result names its call: it is made below.
            if (results.Count < calls.Count)
                context.RecordResult(result); // The last one becomes durable with the step.
        }

        return questions.Count is 0
            ? NodeUpdate.Of(calls.Select(call => results[call.Id]))
            : throw new GraphInterruptException(questions.ToImmutable());
    }

    private static List<ToolCall> OpenCalls(NodeContext context) =>
    [
        .. from open in context.State.OpenCalls.DistinctBy(open => open.Id)
           where open.Channel == Channels.Messages
           let asking = context.Messages.Last(message => message.ToolCalls.Any(call => call.Id == open.Id))
           select asking.ToolCalls.First(call => call.Id == open.Id),
    ];

    private async IAsyncEnumerable<Answer> AnswerAsync(
        NodeContext context,
        List<ToolCall> calls,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!parallel)
        {
            foreach (var call in calls)
            {
                var answer = await AnswerAsync(context, call, cancellationToken);
                yield return answer;
                if (answer.Result is null)
                    yield break; // The next one waits for this one's answer.
            }

            yield break;
        }

        var running = calls.Select(call => AnswerAsync(context, call, cancellationToken)).ToArray();
        await foreach (var answer in Task.WhenEach(running).WithCancellation(cancellationToken))
            yield return await answer;
    }

    private async Task<Answer> AnswerAsync(NodeContext context, ToolCall call, CancellationToken cancellationToken)
    {
        try
        {
            return new Answer(await ResultAsync(context, call, cancellationToken), []);
        }
        catch (GraphInterruptException question)
        {
            return new Answer(null, question.Interrupts);
        }
    }

    private async Task<Message> ResultAsync(NodeContext context, ToolCall call, CancellationToken cancellationToken)
    {
        if (!tools.TryGetValue(call.Name, out var tool))
            return Failed(context, call, $"There is no tool '{call.Name}'. {Available()}");
        if (ArgumentsFault(context, call) is { } fault)
            return Failed(context, call, $"The arguments of '{call.Name}' must be one JSON object: {fault}");

        if (tool.GetService<ApprovalRequiredAIFunction>() is not null)
        {
            // Nobody is asked about a call that could not be made; one that may have been made is another matter.
            if (context.LossesOf(call.Id) is 0 && Unfit(context, call, tool) is { } unfit)
                return unfit;
            (call, var rejection) = new ToolApproval(context, call).Decide();
            if (rejection is not null)
                return Failed(context, call, rejection);
        }

        var contract = ToolContract.Of(tool);
        if (contract.Effect is ToolEffect.AtMostOnce && context.MayHaveLostCalls)
            return Failed(context, call, LostCall.MayHaveRun);
        if (contract.Effect is ToolEffect.AtMostOnce && context.LossesOf(call.Id) is > 0 and var losses)
        {
            var (repeats, known) = new LostCall(context, call, losses).Decide();
            if (!repeats)
            {
                return known.ValueKind is JsonValueKind.Undefined
                    ? Failed(context, call, LostCall.GivenUp)
                    : Result(context, call, ToolStatus.Success, ContentMapping.OfResult(known));
            }
        }

        // After the above: of a call that may have run, that is what matters.
        return Unfit(context, call, tool) ?? await InvokeAsync(context, call, tool, contract, cancellationToken);
    }

    private static Message? Unfit(NodeContext context, ToolCall call, AIFunction tool) =>
        ArgumentCheck.FaultsOf(tool.JsonSchema, call.Args) is { Count: > 0 } faults
            ? Failed(context, call, $"The arguments of '{call.Name}' do not fit: {string.Join(' ', faults)}")
            : null;

    /// <summary>
    /// Runs a tool until it answers, its deadline passes or the run is stopped. A tool that goes on all the same is
    /// watched, and what it answers is not heard.
    /// </summary>
    private static async Task<Message> InvokeAsync(
        NodeContext context, ToolCall call, AIFunction tool, ToolContract contract, CancellationToken cancellationToken)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var arguments = new ToolContext(context, call).ToArguments();

        // On the pool, because a tool that works before its first await would hold up the others, and its deadline.
        var timed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var work = Task.Run(() => InvokeAfterAsync(timed.Task, tool, arguments, stop.Token), CancellationToken.None);
        context.Watch(call, work, stop.Token);
        try
        {
            var answer = work.WaitAsync(
                contract.Deadline ?? Timeout.InfiniteTimeSpan, context.Time, cancellationToken);
            timed.SetResult(); // The deadline is counted before the tool begins, not some time after.
            var result = await answer;
            return ToolResultLimit.Bound(Result(context, call, ToolStatus.Success, ContentMapping.OfResult(result)));
        }
        catch (Exception stopped) when (stopped is GraphInterruptException
            || (stopped is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            throw;
        }
        catch (TimeoutException late) when (!ReferenceEquals(late, work.Exception?.InnerException))
        {
            _ = stop.CancelAsync(); // Not awaited: what a tool does when it is told must not hold up the run.
            return Failed(context, call, DeadlinePassed(contract));
        }
        catch (Exception failure) // A tool is foreign code: whatever it throws is for the model to deal with.
        {
            return Failed(context, call, failure.Message);
        }
        finally
        {
            if (work.IsCompleted)
                stop.Dispose(); // Late work may still use it; it holds nothing but a place in the run's.
        }
    }

    private static async Task<object?> InvokeAfterAsync(
        Task before, AIFunction tool, AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        await before;
        cancellationToken.ThrowIfCancellationRequested(); // Its turn came when it had been told to end.
        return await tool.InvokeAsync(arguments, cancellationToken);
    }

    private static string DeadlinePassed(ToolContract contract) => string.Create(
        CultureInfo.InvariantCulture,
        $"The tool did not answer within its deadline of {contract.Deadline} and was told to end.")
        + (contract.Effect is ToolEffect.None ? string.Empty : " Whether it had any effect is unknown.");

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

    /// <summary>What a call came to: a result, or questions to a human.</summary>
    private sealed record Answer(Message? Result, ImmutableArray<PendingInterrupt> Asked);
}
