using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Messages;
using ActorRuns.Server.Agents;
using ActorRuns.Tests.Agents;
using ActorRuns.Threads;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ActorRuns.Server.Tests.Agents;

public sealed class WeatherAgentSpec
{
    private const string AtOnce = """{"model_delay_ms":0,"token_delay_ms":0,"tool_delay_ms":0}""";

    private const string Report =
        "The weather in san francisco is sunny and 18 degrees with a light wind from the west and no rain before the "
        + "evening so a coat can stay at home.";

    private static readonly AgentGraph Agent =
        DemoAgents.Create(DemoDelays.Realistic).First(graph => graph.Id.Value == "agent");

    [Theory]
    [InlineData("What's the weather in SF?", "weather in san francisco")]
    [InlineData("what's the WEATHER IN NYC? and elsewhere", "weather in new york city")]
    [InlineData("weather in  Paris ", "weather in paris")]
    [InlineData("weather in sf", "weather in sf")]
    [InlineData("tool explode, weather in SF", "weather in san francisco")]
    public async Task Asked_for_the_weather_the_model_calls_the_search_and_says_nothing(string said, string query)
    {
        var context = new RecordingNodeContext(RecordingNodeContext.StateOf(Human(said)), "agent", AtOnce);

        var message = Assert.Single(await RunAsync("agent", context));

        var call = Assert.Single(message.ToolCalls);
        Assert.Equal(("ai", string.Empty), (message.Type, message.Text));
        Assert.Equal("tavily_search_results_json", call.Name);
        Assert.Equal($$"""{"query":"{{query}}"}""", call.Args.GetRawText());
        var chunk = Assert.Single(context.Chunks);
        Assert.Equal((message.Id, call.Id, call.Name), (chunk.MessageId, chunk.ToolCall!.Id, chunk.ToolCall.Name));
    }

    [Fact]
    public async Task Anything_else_is_repeated_token_by_token()
    {
        var context = new RecordingNodeContext(RecordingNodeContext.StateOf(Human("hello you")), "agent", AtOnce);

        var message = Assert.Single(await RunAsync("agent", context));

        Assert.Equal("You said: hello you", message.Text);
        Assert.Equal(["You ", "said: ", "hello ", "you"], context.Chunks.Select(chunk => chunk.Text));
        Assert.All(context.Chunks, chunk => Assert.Equal(message.Id, chunk.MessageId));
    }

    [Fact]
    public async Task A_found_result_is_reported()
    {
        var context = Searched(ToolStatus.Success, "san francisco: sunny, 18 degrees");

        Assert.Equal(Report, Assert.Single(await RunAsync("agent", context)).Text);
    }

    [Fact]
    public async Task A_failed_search_is_reported()
    {
        var context = Searched(ToolStatus.Error, "tool exploded");

        Assert.Equal("The search failed: tool exploded", Assert.Single(await RunAsync("agent", context)).Text);
    }

    [Fact]
    public async Task The_model_explodes_when_told_to()
    {
        var context = new RecordingNodeContext(
            RecordingNodeContext.StateOf(Human("tool explode and explode")), "agent", AtOnce);

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync("agent", context));

        Assert.Equal("model exploded", failure.Message);
    }

    [Theory]
    [InlineData("weather in SF", "san francisco: sunny, 18 degrees", ToolStatus.Success)]
    [InlineData("tool explode, weather in SF", "tool exploded", ToolStatus.Error)]
    public async Task The_search_finds_sunshine_unless_told_to_explode(string said, string found, ToolStatus status)
    {
        var call = new ToolCall(
            "call", "tavily_search_results_json", JsonElement.Parse("""{"query":"weather in san francisco"}"""));
        var state = RecordingNodeContext.StateOf(Human(said), Ai() with { ToolCalls = [call] });

        var result = Assert.Single(await RunAsync("tools", new RecordingNodeContext(state, "tools", AtOnce)));

        Assert.Equal(
            ("tool", "call", call.Name, status, found),
            (result.Type, result.ToolCallId, result.Name, result.Status, result.Text));
    }

    [Fact]
    public async Task A_question_goes_through_the_model_the_search_and_the_model_again()
    {
        var state = RecordingNodeContext.StateOf(Human("What's the weather in SF?"));
        var next = Agent.Next([GraphNodes.Start], state).Tasks;
        var walked = new List<string>();
        while (!next.IsEmpty)
        {
            var node = Assert.Single(next);
            walked.Add(node);
            var context = new RecordingNodeContext(state, node, AtOnce);
            var update = await Agent.Find(node)!.Run(context, CancellationToken.None);
            state = update.Writes.Aggregate(state, (values, write) => values.With(write));
            next = Agent.Next([node], state).Tasks;
        }

        Assert.Equal(["agent", "tools", "agent"], walked);
        Assert.Equal(Report, state.MessagesOf(Channels.Messages).Messages[^1].Text);
    }

    [Fact]
    public async Task Delays_are_the_servers_unless_the_run_sets_its_own()
    {
        var time = new FakeTimeProvider();
        var state = RecordingNodeContext.StateOf(Human("hi"));
        var context = new RecordingNodeContext(state, "agent", """{"token_delay_ms":0}""", time);
        var running = RunAsync("agent", context);

        time.Advance(DemoDelays.Realistic.Model - TimeSpan.FromMilliseconds(1));
        var before = context.Chunks.Count;
        time.Advance(TimeSpan.FromMilliseconds(1));
        await running.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(0, before);
        Assert.Equal(3, context.Chunks.Count);
    }

    [Theory]
    [InlineData("agent")]
    [InlineData("tools")]
    public async Task A_stopped_run_waits_no_longer(string node)
    {
        using var stop = new CancellationTokenSource();
        var state = RecordingNodeContext.StateOf(Human("hi"), Ai() with
        {
            ToolCalls = [new("call", "tavily_search_results_json", JsonElement.Parse("""{"query":"x"}"""))],
        });
        var context = new RecordingNodeContext(state, node, "{}", new FakeTimeProvider());
        var running = Agent.Find(node)!.Run(context, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    private static RecordingNodeContext Searched(ToolStatus status, string text)
    {
        var asking = Ai() with { ToolCalls = [new("call", "search", JsonElement.Parse("{}"))] };
        var result = new Message
        {
            Id = "result",
            Type = MessageType.Tool,
            ToolCallId = "call",
            Status = status,
            Content = MessageContent.Of(text),
        };
        return new(RecordingNodeContext.StateOf(Human("weather in SF?"), asking, result), "agent", AtOnce);
    }

    private static Message Human(string text) =>
        new() { Id = "human", Type = MessageType.Human, Content = MessageContent.Of(text) };

    private static Message Ai() => new() { Id = "ai", Type = MessageType.Ai };

    private static async Task<IReadOnlyList<Message>> RunAsync(string node, RecordingNodeContext context) =>
    [
        .. (await Agent.Find(node)!.Run(context, CancellationToken.None)).Writes
            .Cast<ChannelWrite.AppendMessage>()
            .Select(write => write.Message),
    ];
}
