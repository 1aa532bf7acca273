using System.Text.Json;
using ActorRuns.Agents;
using ActorRuns.Graphs;
using ActorRuns.Threads;
using Microsoft.Extensions.AI;
using Xunit;
using static ActorRuns.Tests.Agents.Transcripts;

namespace ActorRuns.Tests.Agents;

/// <summary>Limits on how long an agent goes on, the form of its last answer, and what it thinks meanwhile.</summary>
public sealed class ChatAgentOptionsSpec
{
    private static readonly ChatResponseFormatJson Weather = ChatResponseFormat.ForJsonSchema(JsonElement.Parse(
        """{"type":"object","properties":{"degrees":{"type":"integer"}},"required":["degrees"]}"""));

    [Fact]
    public async Task A_model_that_was_called_often_enough_is_not_called_again_and_the_agent_says_so()
    {
        var client = Saying("more");
        var asked = RecordingNodeContext.StateOf(Human("hi"), Asks("a"), Answers("a"), Asks("b"), Answers("b"));

        var update = await RunAsync(client, new ChatAgentOptions { MaxModelCalls = 2 }, new(asked));

        var message = Assert.Single(update.Messages());
        Assert.Equal("I stopped here: the model has been called 2 times for this message.", message.Text);
        Assert.Equal(
            "max_model_calls", message.Extra["response_metadata"].GetProperty("finish_reason").GetString());
        Assert.Empty(client.Asked);
    }

    [Fact]
    public async Task The_next_message_of_the_human_may_have_as_many_calls_again()
    {
        var client = Saying("sure");
        var asked = RecordingNodeContext.StateOf(Human("hi"), Asks("a"), Answers("a"), Human("and now?"));

        var update = await RunAsync(client, new ChatAgentOptions { MaxModelCalls = 1 }, new(asked));

        Assert.Equal("sure", Assert.Single(update.Messages()).Text);
    }

    [Fact]
    public void A_limit_below_one_is_refused() => Assert.Throws<ArgumentException>(
        () => ChatAgent.Create("agent", Saying("never"), new ChatAgentOptions { MaxModelCalls = 0 }));

    [Fact]
    public async Task The_last_answer_is_asked_for_in_a_form_and_kept_as_JSON_beside_the_message()
    {
        var client = Saying("""{"degrees":18}""");

        var update = await RunAsync(client, new ChatAgentOptions { ResponseFormat = Weather }, new());

        var written = Assert.Single(update.Writes.OfType<ChannelWrite.SetValue>());
        Assert.Equal(("structured_response", """{"degrees":18}"""), (written.Channel, written.Value.GetRawText()));
        Assert.Equal("""{"degrees":18}""", Assert.Single(update.Messages()).Text);
        Assert.Same(Weather, client.Options?.ResponseFormat);
    }

    [Fact]
    public async Task What_asks_for_tools_is_not_the_last_answer()
    {
        var client = new ScriptedChatClient(
            new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("a", "search")]));

        var update = await RunAsync(client, new ChatAgentOptions { ResponseFormat = Weather }, new());

        Assert.Empty(update.Writes.OfType<ChannelWrite.SetValue>());
    }

    [Theory]
    [InlineData("18 degrees", "The model's answer is no JSON: ")]
    [InlineData("""{"degrees":"mild"}""", "The model's answer does not fit its schema: ")]
    public async Task An_answer_in_another_form_fails_with_what_is_wrong(string answer, string says)
    {
        var options = new ChatAgentOptions { ResponseFormat = Weather };

        var fault = await Assert.ThrowsAsync<StructuredAnswerException>(() => RunAsync(Saying(answer), options, new()));

        Assert.StartsWith(says, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_model_thinks_is_told_as_it_comes_apart_from_what_it_says()
    {
        var client = new ScriptedChatClient(
            new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("Hm. ")]),
            new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("Sunny?")]),
            new ChatResponseUpdate(ChatRole.Assistant, "It is sunny."));
        var context = new RecordingNodeContext();

        await RunAsync(client, new ChatAgentOptions(), context);

        Assert.Equal(
            [("Hm. ", ""), ("Sunny?", ""), ("", "It is sunny.")],
            context.Chunks.Select(chunk => (chunk.Reasoning, chunk.Text)));
    }

    private static ScriptedChatClient Saying(string text) => new(new ChatResponseUpdate(ChatRole.Assistant, text));

    private static Task<NodeUpdate> RunAsync(
        IChatClient client, ChatAgentOptions options, RecordingNodeContext context) =>
        ChatAgent.Create("agent", client, options).Find("agent")!.Run(context, CancellationToken.None);
}
