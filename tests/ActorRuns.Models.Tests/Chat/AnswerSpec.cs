using ActorRuns.Models.Tests.Providers;
using ActorRuns.Runs;
using Microsoft.Extensions.AI;
using Xunit;

namespace ActorRuns.Models.Tests.Chat;

/// <summary>What providers answer, as threads keep it and streams tell it.</summary>
public sealed class AnswerSpec
{
    private static readonly AIFunction Weather =
        AIFunctionFactory.Create((string city) => $"{city}: sunny", "weather", "Looks the weather up.");

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task Text_is_streamed_as_it_comes_and_kept_with_what_it_cost(string provider)
    {
        await using var stack = await ModelStack.StartAsync(provider);
        stack.Provider.Script(Reply.Says("Hello ", "Ann", "."));
        var thread = await stack.NewThreadAsync();

        var run = await stack.SayAsync(thread, "Hi");

        var end = await stack.EndOfAsync(thread, run);
        Assert.Equal(new RunCause.Finished(), end.Cause);
        Assert.Equal(["human: Hi", "ai: Hello Ann."], await stack.TranscriptAsync(thread));
        Assert.Equal(["Hello ", "Ann", "."], (await stack.ChunksOfAsync(thread, run))
            .Select(chunk => chunk.GetProperty("content").GetString()).Where(text => text!.Length > 0));
        var answer = (await stack.MessagesAsync(thread))[^1];
        Assert.Equal(
            provider is "openai" ? "gpt-test" : "claude-test",
            answer.Extra["response_metadata"].GetProperty("model_name").GetString());
        var usage = answer.Extra["usage_metadata"];
        Assert.Equal("stop", answer.Extra["response_metadata"].GetProperty("finish_reason").GetString());
        Assert.Equal(10, usage.GetProperty("output_tokens").GetInt32());
        Assert.Equal(16, usage.GetProperty("input_token_details").GetProperty("cache_read").GetInt32());
        if (provider is "anthropic")
            Assert.Contains("\"cache_creation\":5", usage.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task Calls_are_streamed_in_the_pieces_they_come_in_and_answered_in_parallel(string provider)
    {
        await using var stack = await ModelStack.StartAsync(provider, [Weather]);
        stack.Provider.Script(
            Reply.Asks(
                new Call("call_1", "weather", "{\"ci", "ty\":\"Rome\"}"),
                new Call("call_2", "weather", "{\"city\":", "\"Oslo\"}")),
            Reply.Says("Sunny everywhere."));
        var thread = await stack.NewThreadAsync();

        var run = await stack.SayAsync(thread, "Rome and Oslo?");

        Assert.Equal(new RunCause.Finished(), (await stack.EndOfAsync(thread, run)).Cause);
        Assert.Equal(
            ["human: Rome and Oslo?", "ai: ", "tool: Rome: sunny", "tool: Oslo: sunny", "ai: Sunny everywhere."],
            await stack.TranscriptAsync(thread));
        var pieces = (await stack.ChunksOfAsync(thread, run))
            .Where(chunk => chunk.TryGetProperty("tool_call_chunks", out _))
            .SelectMany(chunk => chunk.GetProperty("tool_call_chunks").EnumerateArray())
            .Where(piece => piece.GetProperty("args").GetString()!.Length > 0)
            .Select(piece => $"{piece.GetProperty("index")} {piece.GetProperty("args").GetString()}");
        Assert.Equal(["0 {\"ci", "0 ty\":\"Rome\"}", "1 {\"city\":", "1 \"Oslo\"}"], pieces);
        Assert.Empty(stack.Provider.Faults);
        Assert.Equal(2, stack.Provider.Requests.Count);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task Reasoning_is_kept_apart_from_the_answer_and_given_back(string provider)
    {
        await using var stack = await ModelStack.StartAsync(provider);
        stack.Provider.Script(
            new Reply { Thoughts = ["Ann asks ", "politely."], Texts = ["Yes."] },
            Reply.Says("Again: yes."));
        var thread = await stack.NewThreadAsync();
        await stack.EndOfAsync(thread, await stack.SayAsync(thread, "May I?"));

        await stack.EndOfAsync(thread, await stack.SayAsync(thread, "Sure?"));

        var blocks = (await stack.MessagesAsync(thread))[1].Content.Blocks.EnumerateArray().ToList();
        Assert.Equal("Ann asks politely.", blocks[0].GetProperty("reasoning").GetString());
        Assert.Equal("Yes.", blocks[1].GetProperty("text").GetString());
        Assert.Equal("ai: Again: yes.", (await stack.TranscriptAsync(thread))[^1]);
        Assert.Empty(stack.Provider.Faults);
        if (provider is "anthropic")
            Assert.Contains("c2ln", stack.Provider.Requests[1].ToJsonString(), StringComparison.Ordinal);
    }
}
