using System.Text.Json;
using ActorRuns.Agents;
using ActorRuns.Graphs;
using ActorRuns.Messages;
using Microsoft.Extensions.AI;
using Xunit;
using static ActorRuns.Tests.Agents.Transcripts;

namespace ActorRuns.Tests.Agents;

public sealed class ChatAgentSpec
{
    private static readonly AIFunction Search = AIFunctionFactory.Create((string query) => query, "search");

    [Fact]
    public void It_has_the_nodes_and_ways_that_LangGraphs_agents_have()
    {
        var graph = ChatAgent.Create("agent", new ScriptedChatClient());

        Assert.Equal(["agent", "tools"], graph.Nodes.Select(node => node.Name));
        Assert.True(graph.Find("tools")!.RunsTools);
        Assert.Equal<GraphEdge>(
        [
            new GraphEdge(GraphNodes.Start, "agent", IsConditional: false),
            new GraphEdge("agent", "tools", IsConditional: true),
            new GraphEdge("agent", GraphNodes.End, IsConditional: true),
            new GraphEdge("tools", "agent", IsConditional: false),
        ], graph.Edges);
        Assert.Equal<string>(["tools"], graph.Next(["agent"], RecordingNodeContext.StateOf(Asks("a"))).Tasks);
        Assert.Empty(graph.Next(["agent"], RecordingNodeContext.StateOf(Asks("a"), Answers("a"))).Tasks);
    }

    [Fact]
    public async Task Text_is_told_piece_by_piece_under_the_id_of_the_message_it_becomes()
    {
        var usage = new UsageDetails { InputTokenCount = 3, OutputTokenCount = 2 };
        var client = new ScriptedChatClient(
            new ChatResponseUpdate(ChatRole.Assistant, "Hello ") { ModelId = "m-1", ResponseId = "r-1" },
            new ChatResponseUpdate(ChatRole.Assistant, "Ann"),
            new ChatResponseUpdate { FinishReason = ChatFinishReason.Stop },
            new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(usage)]));
        var context = new RecordingNodeContext(RecordingNodeContext.StateOf(Human("hi")));

        var message = Assert.Single(await AnswerAsync(client, context));

        Assert.Equal(["Hello ", "Ann"], context.Chunks.Select(chunk => chunk.Text));
        Assert.All(context.Chunks, chunk => Assert.Equal(message.Id, chunk.MessageId));
        Assert.Equal(("ai", "Hello Ann"), (message.Type, message.Text));
        Assert.Equal(
            """{"model_name":"m-1","finish_reason":"stop","id":"r-1"}""",
            message.Extra["response_metadata"].GetRawText());
        Assert.Equal(
            """{"input_tokens":3,"output_tokens":2,"total_tokens":5}""",
            message.Extra["usage_metadata"].GetRawText());
    }

    [Fact]
    public async Task A_tool_call_is_told_as_one_piece()
    {
        var arguments = new Dictionary<string, object?> { ["query"] = "x" };
        var client = Calling(new FunctionCallContent("a", "search", arguments));
        var context = new RecordingNodeContext();

        var message = Assert.Single(await AnswerAsync(client, context));

        var chunk = Assert.Single(context.Chunks);
        Assert.Equal(new ToolCallChunk(0, "a", "search", """{"query":"x"}"""), chunk.ToolCall);
        Assert.Equal((message.Id, string.Empty), (chunk.MessageId, chunk.Text));
        Assert.Equal("a", Assert.Single(message.ToolCalls).Id);
    }

    [Fact]
    public async Task Calls_with_an_id_that_the_transcript_has_or_with_none_get_one_of_their_own()
    {
        var client = Calling(
            new FunctionCallContent("a", "search"),
            new FunctionCallContent("", "search"),
            new FunctionCallContent("b", "search"));
        var context = new RecordingNodeContext(RecordingNodeContext.StateOf(Human("hi"), Asks("a"), Answers("a")));

        var message = Assert.Single(await AnswerAsync(client, context));

        var ids = message.ToolCalls.Select(call => call.Id).ToList();
        Assert.Equal("b", ids[2]);
        Assert.Equal(3, ids.Except(["", "a"]).Count());
        Assert.Equal(ids, context.Chunks.Select(chunk => chunk.ToolCall!.Id));
    }

    [Fact]
    public async Task Broken_arguments_keep_the_call_and_say_what_is_wrong()
    {
        var client = Calling(new FunctionCallContent("a", "search") { Exception = new JsonException("no quote") });

        var message = Assert.Single(await AnswerAsync(client, new RecordingNodeContext()));

        Assert.Equal("{}", Assert.Single(message.ToolCalls).Args.GetRawText());
        Assert.Contains("no quote", message.Extra["invalid_tool_calls"].GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_model_is_asked_with_a_sound_transcript_its_instructions_and_its_tools()
    {
        var client = new ScriptedChatClient(new ChatResponseUpdate(ChatRole.Assistant, "ok"));
        var options = new ChatAgentOptions
        {
            Instructions = "Be brief.",
            Tools = [Search],
            ParallelToolCalls = false,
            ModelOptions = new ChatOptions { Temperature = 0.5f },
        };
        var context = new RecordingNodeContext(RecordingNodeContext.StateOf(Human("hi"), Asks("a"), Human("well?")));

        await ChatAgent.Create("agent", client, options).Find("agent")!.Run(context, CancellationToken.None);

        Assert.Equal(
            [ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.User],
            client.Asked.Select(message => message.Role));
        Assert.Equal(("Be brief.", 0.5f, false),
            (client.Options!.Instructions, client.Options.Temperature, client.Options.AllowMultipleToolCalls));
        Assert.Equal([Search], client.Options.Tools);
    }

    [Fact]
    public void A_client_that_calls_functions_by_itself_is_refused()
    {
        using var client = new ChatClientBuilder(new ScriptedChatClient()).UseFunctionInvocation().Build();

        var refusal = Assert.Throws<ArgumentException>(() => ChatAgent.Create("agent", client));

        Assert.Contains("FunctionInvokingChatClient", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_calls_functions_by_itself_is_refused_when_it_is_chosen_per_run()
    {
        using var client = new ChatClientBuilder(new ScriptedChatClient()).UseFunctionInvocation().Build();
        var graph = ChatAgent.Create("agent", _ => client);

        await Assert.ThrowsAsync<ArgumentException>(
            () => graph.Find("agent")!.Run(new RecordingNodeContext(), CancellationToken.None));
    }

    [Theory]
    [InlineData("twice", "has the name of another one")]
    [InlineData("declared", "is only declared")]
    public void Tools_that_cannot_be_run_are_refused(string which, string reason)
    {
        IReadOnlyList<AITool> tools = which switch
        {
            "twice" => [Search, Search],
            _ => [Search.AsDeclarationOnly()],
        };

        var refusal = Assert.Throws<ArgumentException>(
            () => ChatAgent.Create("agent", new ScriptedChatClient(), new ChatAgentOptions { Tools = tools }));

        Assert.Contains($"Tool 'search' {reason}", refusal.Message, StringComparison.Ordinal);
    }

    private static ScriptedChatClient Calling(params AIContent[] calls) =>
        new(new ChatResponseUpdate(ChatRole.Assistant, [.. calls]));

    private static async Task<IReadOnlyList<Message>> AnswerAsync(IChatClient client, NodeContext context) =>
        (await ChatAgent.Create("agent", client).Find("agent")!.Run(context, CancellationToken.None)).Messages();
}
