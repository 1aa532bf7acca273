using System.Diagnostics;
using ActorRuns.Models.Tests.Providers;
using ActorRuns.Runs;
using Microsoft.Extensions.AI;
using Xunit;
using Xunit.Abstractions;

namespace ActorRuns.Models.Tests.Chat;

/// <summary>
/// A second message while the model still answers the first one, through everything but the HTTP front.
/// </summary>
public sealed class DoubleTextingSpec(ITestOutputHelper output)
{
    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task An_interrupt_in_mid_stream_closes_the_connection_at_once_and_the_transcript_is_accepted(
        string provider)
    {
        await using var stack = await ModelStack.StartAsync(provider);
        var thread = await stack.NewThreadAsync();
        var closed = new List<double>();
        for (var round = 0; round < 7; round++)
        {
            stack.Provider.Script(
                Reply.Says("Let me ", "think ") with { End = ReplyEnd.Stalled }, Reply.Says($"Answer {round}."));
            var first = await stack.SayAsync(thread, "One?");
            var exchange = await stack.Provider.StalledAsync();

            var sent = Stopwatch.GetTimestamp();
            var second = await stack.SayAsync(thread, "Two?", MultitaskStrategy.Interrupt);

            var closedAt = await exchange.Closed.WaitAsync(ModelStack.Patience);
            closed.Add(Stopwatch.GetElapsedTime(sent, closedAt).TotalMilliseconds);
            Assert.Equal(RunStatus.Interrupted, (await stack.EndOfAsync(thread, first)).Status);
            Assert.Equal(RunStatus.Success, (await stack.EndOfAsync(thread, second)).Status);
            Assert.Equal($"ai: Answer {round}.", (await stack.TranscriptAsync(thread))[^1]);
        }

        Assert.Empty(stack.Provider.Faults);
        closed.Sort();
        output.WriteLine($"{provider}: closed after {string.Join(", ", closed.Select(ms => $"{ms:F1}"))} ms");
        Assert.InRange(closed[closed.Count / 2], 0, 50);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task What_was_said_until_the_interrupt_is_given_to_the_model(string provider)
    {
        await using var stack = await ModelStack.StartAsync(provider);
        stack.Provider.Script(Reply.Says("Let me ", "think") with { End = ReplyEnd.Stalled }, Reply.Says("Done."));
        var thread = await stack.NewThreadAsync();
        await ModelStack.ToldAsync(await stack.SayAsync(thread, "One?"), "think");

        var second = await stack.SayAsync(thread, "Two?", MultitaskStrategy.Interrupt);

        await stack.EndOfAsync(thread, second);
        Assert.Equal(
            ["human: One?", "ai: Let me think", "human: Two?", "ai: Done."], await stack.TranscriptAsync(thread));
        Assert.Contains("Let me think", stack.Provider.Requests[1].ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task An_interrupt_while_the_model_writes_a_tool_call_leaves_no_call_behind(string provider)
    {
        var lookUp = AIFunctionFactory.Create((string q) => q, "look_up");
        await using var stack = await ModelStack.StartAsync(provider, [lookUp]);
        stack.Provider.Script(
            Reply.Asks(new Call("call_1", "look_up", "{\"q\":", "\"x")) with
            {
                Texts = ["Looking."],
                End = ReplyEnd.Stalled,
            },
            Reply.Says("Done."));
        var thread = await stack.NewThreadAsync();
        await stack.SayAsync(thread, "One?");
        await stack.Provider.StalledAsync();

        var second = await stack.SayAsync(thread, "Two?", MultitaskStrategy.Interrupt);

        Assert.Equal(RunStatus.Success, (await stack.EndOfAsync(thread, second)).Status);
        Assert.Empty(stack.Provider.Faults);
        Assert.DoesNotContain("look_up\",\"input", stack.Provider.Requests[1].ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task An_interrupt_while_a_tool_is_at_work_leaves_a_transcript_that_is_accepted(string provider)
    {
        var atWork = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = AIFunctionFactory.Create(
            async (CancellationToken cancellationToken) =>
            {
                atWork.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            },
            "slow");
        var quick = AIFunctionFactory.Create(() => "quick", "quick");
        await using var stack = await ModelStack.StartAsync(provider, [slow, quick]);
        stack.Provider.Script(
            Reply.Asks(new Call("call_1", "slow", "{}"), new Call("call_2", "quick", "{}")), Reply.Says("Done."));
        var thread = await stack.NewThreadAsync();
        await stack.SayAsync(thread, "One?");
        await atWork.Task.WaitAsync(ModelStack.Patience);

        var second = await stack.SayAsync(thread, "Two?", MultitaskStrategy.Interrupt);

        Assert.Equal(RunStatus.Success, (await stack.EndOfAsync(thread, second)).Status);
        Assert.Empty(stack.Provider.Faults);
        Assert.StartsWith("tool error: ", (await stack.TranscriptAsync(thread))[2], StringComparison.Ordinal);
    }
}
