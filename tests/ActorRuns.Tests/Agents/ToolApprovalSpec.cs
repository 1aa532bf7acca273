using System.Text.Json;
using ActorRuns.Agents;
using ActorRuns.Graphs;
using ActorRuns.Messages;
using Microsoft.Extensions.AI;
using Xunit;
using static ActorRuns.Tests.Agents.Transcripts;

namespace ActorRuns.Tests.Agents;

/// <summary>A tool that a human must approve does nothing before, and only what was approved then.</summary>
public sealed class ToolApprovalSpec
{
    private readonly List<int> _paid = [];

    [Fact]
    public async Task Before_it_is_approved_nothing_is_done_and_the_question_tells_the_call()
    {
        var question = await Assert.ThrowsAsync<GraphInterruptException>(() => RunAsync([]));

        var asked = Assert.Single(question.Interrupts).Value;
        Assert.Equal(
            ("tool_approval", "pay", "1", 5),
            (Text(asked, "type"), Text(asked, "tool"), Text(asked, "tool_call_id"),
                asked.GetProperty("args").GetProperty("amount").GetInt32()));
        Assert.Empty(_paid);
    }

    [Theory]
    [InlineData("\"approve\"", 5)]
    [InlineData("true", 5)]
    [InlineData("""{"action":"approve"}""", 5)]
    [InlineData("""{"type":"approve"}""", 5)]
    [InlineData("""{"action":"edit","args":{"amount":3}}""", 3)]
    public async Task Once_approved_it_is_run_with_what_the_human_agreed_to(string answer, int amount)
    {
        var result = await RunAsync(new() { ["1/approval/0"] = JsonElement.Parse(answer) });

        Assert.Equal((ToolStatus.Success, "paid"), (result.Status, result.Text));
        Assert.Equal([amount], _paid);
    }

    [Theory]
    [InlineData("\"reject\"", "Not run: a human rejected this call.")]
    [InlineData("false", "Not run: a human rejected this call.")]
    [InlineData("""{"action":"reject","reason":"too much"}""", "Not run: a human rejected this call: too much")]
    public async Task Once_rejected_the_model_is_told_and_nothing_is_done(string answer, string text)
    {
        var result = await RunAsync(new() { ["1/approval/0"] = JsonElement.Parse(answer) });

        Assert.Equal((ToolStatus.Error, text), (result.Status, result.Text));
        Assert.Empty(_paid);
    }

    [Theory]
    [InlineData("\"yes, please\"")]
    [InlineData("7")]
    [InlineData("""{"action":"edit"}""")]
    public async Task An_answer_that_nobody_understands_is_asked_for_again(string answer)
    {
        var question = await Assert.ThrowsAsync<GraphInterruptException>(
            () => RunAsync(new() { ["1/approval/0"] = JsonElement.Parse(answer) }));

        Assert.Equal("1/approval/1", Assert.Single(question.Interrupts).Id);
        Assert.Empty(_paid);
    }

    [Fact]
    public async Task Nobody_is_asked_about_a_call_whose_arguments_do_not_fit()
    {
        var result = await RunAsync([], """{"amount":"much"}""");

        Assert.Equal(ToolStatus.Error, result.Status);
        Assert.StartsWith("The arguments of 'pay' do not fit: ", result.Text, StringComparison.Ordinal);
        Assert.Empty(_paid);
    }

    [Fact]
    public async Task What_a_human_made_of_the_arguments_is_checked_as_well()
    {
        var answer = JsonElement.Parse("""{"action":"edit","args":{"amount":"less"}}""");

        var result = await RunAsync(new() { ["1/approval/0"] = answer });

        Assert.Equal(ToolStatus.Error, result.Status);
        Assert.Empty(_paid);
    }

    private static string? Text(JsonElement question, string name) => question.GetProperty(name).GetString();

    private async Task<Message> RunAsync(Dictionary<string, JsonElement> answers, string args = """{"amount":5}""")
    {
        AIFunction pay = new ApprovalRequiredAIFunction(AIFunctionFactory.Create(
            (int amount) =>
            {
                _paid.Add(amount);
                return "paid";
            },
            "pay"));
        using var model = new ScriptedChatClient();
        var graph = ChatAgent.Create("agent", model, new ChatAgentOptions { Tools = [pay] });
        var asking = Calls(new ToolCall("1", "pay", JsonElement.Parse(args)));
        var context = new RecordingNodeContext(RecordingNodeContext.StateOf(asking)) { Named = answers };
        var update = await graph.Find(ChatAgent.ToolNodeName)!.Run(context, CancellationToken.None);
        return Assert.Single(update.Messages());
    }
}
