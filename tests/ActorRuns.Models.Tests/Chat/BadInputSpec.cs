using ActorRuns.Models.Tests.Providers;
using ActorRuns.Runs;
using Microsoft.Extensions.AI;
using Xunit;

namespace ActorRuns.Models.Tests.Chat;

/// <summary>What models and tools do wrong: the model is told, or the run says so; nothing hangs.</summary>
public sealed class BadInputSpec
{
    private static readonly AITool[] Tools =
    [
        AIFunctionFactory.Create((string text) => text, "echo"),
        AIFunctionFactory.Create(object () => new Loop(), "unwritable"),
        AIFunctionFactory.Create(() => new string('x', 10_485_760), "huge"),
    ];

    [Theory]
    [InlineData("openai", "nothing", "{}", "There is no tool 'nothing'. Available tools: echo, huge, unwritable.")]
    [InlineData("openai", "echo", "{\"text\":", "The arguments of 'echo' must be one JSON object: ")]
    [InlineData("openai", "echo", "{}", "'text'")]
    [InlineData("openai", "unwritable", "{}", "cycle")]
    [InlineData("anthropic", "nothing", "{}", "There is no tool 'nothing'. Available tools: echo, huge, unwritable.")]
    [InlineData("anthropic", "echo", "{}", "'text'")]
    [InlineData("anthropic", "unwritable", "{}", "cycle")]
    public async Task What_goes_wrong_with_a_call_is_told_to_the_model(
        string provider, string tool, string arguments, string told)
    {
        await using var stack = await ModelStack.StartAsync(provider, Tools);
        stack.Provider.Script(Reply.Asks(new Call("call_1", tool, arguments)), Reply.Says("I see."));
        var thread = await stack.NewThreadAsync();

        var run = await stack.EndOfAsync(thread, await stack.SayAsync(thread, "Go"));

        Assert.Equal(RunStatus.Success, run.Status);
        var transcript = await stack.TranscriptAsync(thread);
        Assert.StartsWith("tool error: ", transcript[2], StringComparison.Ordinal);
        Assert.Contains(told, transcript[2], StringComparison.Ordinal);
        Assert.Empty(stack.Provider.Faults);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task A_result_of_ten_megabytes_is_cut_and_says_so(string provider)
    {
        await using var stack = await ModelStack.StartAsync(provider, Tools);
        stack.Provider.Script(Reply.Asks(new Call("call_1", "huge", "{}")), Reply.Says("I see."));
        var thread = await stack.NewThreadAsync();

        await stack.EndOfAsync(thread, await stack.SayAsync(thread, "Go"));

        var result = (await stack.MessagesAsync(thread))[2].Text;
        Assert.True(result.Length < 300_000);
        Assert.EndsWith(
            "[Cut here: the result has 10485760 characters, of which these are the first 262144. Ask for less.]",
            result,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task Calls_of_one_id_are_told_apart(string provider)
    {
        await using var stack = await ModelStack.StartAsync(provider, Tools);
        stack.Provider.Script(
            Reply.Asks(new Call("call_1", "echo", "{\"text\":\"a\"}"), new Call("call_1", "echo", "{\"text\":\"b\"}")),
            Reply.Asks(new Call("call_1", "echo", "{\"text\":\"c\"}")),
            Reply.Says("Done."));
        var thread = await stack.NewThreadAsync();

        await stack.EndOfAsync(thread, await stack.SayAsync(thread, "Go"));

        Assert.Equal(
            ["human: Go", "ai: ", "tool: a", "tool: b", "ai: ", "tool: c", "ai: Done."],
            await stack.TranscriptAsync(thread));
        Assert.Empty(stack.Provider.Faults);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task An_answer_of_nothing_fails_the_run(string provider)
    {
        await using var stack = await ModelStack.StartAsync(provider);
        stack.Provider.Script(new Reply());

        var failure = await stack.FailureOfAsync("Hi");

        Assert.Equal(
            ("EmptyAnswerException", "The model answered with nothing (finish reason: stop)."),
            (failure.Error, failure.Message));
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task A_model_that_goes_in_circles_is_stopped(string provider)
    {
        await using var stack = await ModelStack.StartAsync(provider, Tools);
        stack.Provider.Otherwise = Reply.Asks(new Call("call_1", "echo", "{\"text\":\"again\"}"));
        var thread = await stack.NewThreadAsync();

        var run = await stack.EndOfAsync(thread, await stack.SayAsync(thread, "Go", recursionLimit: 6));

        Assert.Equal("GraphRecursionError", Assert.IsType<RunCause.Failed>(run.Cause).Error);
        Assert.Equal(3, stack.Provider.Requests.Count);
        Assert.Empty(stack.Provider.Faults);
    }

    private sealed class Loop
    {
        public Loop Self => this;
    }
}
