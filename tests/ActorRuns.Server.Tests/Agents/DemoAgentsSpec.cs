using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Messages;
using ActorRuns.Server.Agents;
using ActorRuns.Tests.Agents;
using ActorRuns.Threads;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ActorRuns.Server.Tests.Agents;

public sealed class DemoAgentsSpec
{
    [Fact]
    public void There_are_the_six_agents_of_the_wire_contract()
    {
        var names = DemoAgents.Create(DemoDelays.Realistic).Select(graph => graph.Id.Value);

        Assert.Equal(["agent", "echo", "approval", "two_questions", "nested", "slow"], names);
    }

    [Theory]
    [InlineData("{}", "echo: hi")]
    [InlineData("""{"prefix":"parrot"}""", "parrot: hi")]
    [InlineData("""{"prefix":null}""", "echo: hi")]
    public async Task Echo_repeats_and_counts(string configurable, string answer)
    {
        var state = RecordingNodeContext.StateOf(Human("hi")).WithValue("count", JsonElement.Parse("2"));
        var context = new RecordingNodeContext(state, "echo", configurable);

        var update = await RunAsync("echo", "echo", context);

        Assert.Equal(answer, TextOf(update));
        Assert.Equal("3", Assert.Single(update.Writes.OfType<ChannelWrite.SetValue>()).Value.GetRawText());
        Assert.Equal(["""{"echoed":"hi"}"""], context.Customs);
        Assert.Empty(context.Chunks);
    }

    [Theory]
    [InlineData("approval", "ask", "Proceed?")]
    [InlineData("two_questions", "ask_one", "One?")]
    [InlineData("two_questions", "ask_two", "Two?")]
    public async Task Some_agents_ask_a_human(string graph, string node, string question)
    {
        var asked = await Assert.ThrowsAsync<GraphInterruptException>(
            () => RunAsync(graph, node, new RecordingNodeContext()));

        Assert.Equal($$"""{"question":"{{question}}"}""", Assert.Single(asked.Interrupts).Value.GetRawText());
    }

    [Theory]
    [InlineData("approval", "ask", "\"yes, \\u00fc\"", "approved: yes, ü")]
    [InlineData("approval", "ask", "false", "approved: false")]
    [InlineData("approval", "ask", "null", "approved: null")]
    [InlineData("approval", "ask", """{ "ok" : 1, "why": "ü" }""", """approved: {"ok":1,"why":"ü"}""")]
    [InlineData("two_questions", "ask_one", "1", "one: 1")]
    [InlineData("two_questions", "ask_two", "[ 2 ]", "two: [2]")]
    public async Task Answers_that_are_no_text_are_written_as_compact_JSON(
        string graph, string node, string answer, string text)
    {
        var context = new RecordingNodeContext { Answers = [JsonElement.Parse(answer)] };

        Assert.Equal(text, TextOf(await RunAsync(graph, node, context)));
    }

    [Fact]
    public void The_two_questions_are_asked_in_one_step() => Assert.Equal<string>(
        ["ask_one", "ask_two"], Find("two_questions").Next([GraphNodes.Start], ChannelValues.Empty).Tasks);

    [Fact]
    public async Task The_nested_agents_say_their_words()
    {
        Assert.Equal("outer", TextOf(await RunAsync("nested", "outer", new RecordingNodeContext())));
        Assert.Equal("inner", TextOf(await RunAsync("nested", "child", new RecordingNodeContext())));
    }

    [Fact]
    public async Task Slow_waits_before_each_step_and_tells_it()
    {
        var time = new FakeTimeProvider();
        var state = ChannelValues.Empty
            .WithValue("steps", JsonElement.Parse("2"))
            .WithValue("ms", JsonElement.Parse("600"));
        var context = new RecordingNodeContext(state, "slow", time: time);

        var running = RunAsync("slow", "slow", context);
        var before = context.Customs.Count;
        var update = await AdvanceUntilAsync(running, time);

        Assert.Equal(0, before);
        Assert.Equal(["""{"step":1}""", """{"step":2}"""], context.Customs);
        Assert.Equal("2", Assert.Single(update.Writes.OfType<ChannelWrite.SetValue>()).Value.GetRawText());
    }

    private static async Task<NodeUpdate> AdvanceUntilAsync(Task<NodeUpdate> running, FakeTimeProvider time)
    {
        while (!running.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(600));
            await Task.Yield(); // What the clock has released goes on elsewhere, and then waits for the clock again.
        }

        return await running;
    }

    private static AgentGraph Find(string graph) =>
        DemoAgents.Create(DemoDelays.Realistic).First(one => one.Id.Value == graph);

    private static Task<NodeUpdate> RunAsync(string graph, string node, RecordingNodeContext context) =>
        Find(graph).Find(node)!.Run(context, CancellationToken.None);

    private static string TextOf(NodeUpdate update) =>
        Assert.Single(update.Writes.OfType<ChannelWrite.AppendMessage>()).Message.Text;

    private static Message Human(string text) =>
        new() { Id = "human", Type = MessageType.Human, Content = MessageContent.Of(text) };
}
