using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ActorRuns.Agents;
using ActorRuns.Graphs;
using ActorRuns.Messages;
using ActorRuns.Threads;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static ActorRuns.Tests.Agents.Transcripts;

namespace ActorRuns.Tests.Agents;

/// <summary>What tools say of themselves, and what follows from it.</summary>
public sealed class ToolContractSpec : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationToken _token;
    private int _paid;

    public void Dispose()
    {
        _gate.TrySetResult();
        _stop.Dispose();
    }

    [Fact]
    public void A_tool_that_says_nothing_is_run_again_and_has_no_deadline() =>
        Assert.Equal(new ToolContract(), ToolContract.Of(AIFunctionFactory.Create(() => 1, "plain")));

    [Fact]
    public void An_attribute_of_the_method_declares_effect_and_deadline()
    {
        var contract = ToolContract.Of(AIFunctionFactory.Create(Declared, "declared"));

        Assert.Equal((ToolEffect.AtMostOnce, TimeSpan.FromSeconds(1.5)), (contract.Effect, contract.Deadline));
    }

    [Fact]
    public void What_is_declared_where_the_tool_is_given_goes_first_and_the_tool_stays_the_same()
    {
        var contract = new ToolContract { Effect = ToolEffect.Idempotent };

        var tool = AIFunctionFactory.Create(Declared, "declared").With(contract);

        Assert.Equal(("declared", contract), (tool.Name, ToolContract.Of(tool)));
    }

    [Fact]
    public async Task A_tool_that_passes_its_deadline_is_told_to_end_and_the_model_that_it_failed()
    {
        var running = RunAsync(Asking("slow"), Slow(ToolEffect.None));
        await _begun.Task.WaitAsync(Patience);

        _time.Advance(Deadline);

        var result = Assert.Single(await running.WaitAsync(Patience));
        Assert.Equal(
            (ToolStatus.Error, "The tool did not answer within its deadline of 00:00:30 and was told to end."),
            (result.Status, result.Text));
        Assert.True(_token.IsCancellationRequested);
    }

    [Fact]
    public async Task A_tool_with_effects_that_passes_its_deadline_may_have_had_them()
    {
        var running = RunAsync(Asking("slow"), Slow(ToolEffect.AtMostOnce));
        await _begun.Task.WaitAsync(Patience);

        _time.Advance(Deadline);

        Assert.EndsWith(
            "Whether it had any effect is unknown.",
            Assert.Single(await running.WaitAsync(Patience)).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tool_that_does_not_heed_its_token_holds_nobody_up_and_is_watched()
    {
        var context = Asking("slow");
        var running = RunAsync(context, Slow(ToolEffect.None));
        await _begun.Task.WaitAsync(Patience);

        await _stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Patience));
        Assert.False(Assert.Single(context.Watched).IsCompleted);
    }

    [Fact]
    public async Task A_tool_that_throws_a_time_out_of_its_own_is_not_said_to_have_passed_its_deadline()
    {
        var tool = AIFunctionFactory.Create(string () => throw new TimeoutException("the line is dead"), "slow");

        var result = Assert.Single(await RunAsync(Asking("slow"), tool));

        Assert.Equal("the line is dead", result.Text);
    }

    [Theory]
    [InlineData(ToolEffect.None)]
    [InlineData(ToolEffect.Idempotent)]
    public async Task A_lost_call_is_made_again_when_the_tool_bears_it(ToolEffect effect)
    {
        var result = Assert.Single(await RunAsync(Lost(), Paying(effect)));

        Assert.Equal(("paid", 1), (result.Text, _paid));
    }

    [Fact]
    public async Task A_lost_call_of_a_tool_that_must_not_run_twice_is_put_to_a_human()
    {
        var asked = await Assert.ThrowsAsync<GraphInterruptException>(() =>
            RunAsync(Lost(), Paying(ToolEffect.AtMostOnce)));

        var question = Assert.Single(asked.Interrupts).Value;
        Assert.Equal(
            ("tool_outcome_unknown", "pay", "1", "key/1"),
            (Text(question, "type"), Text(question, "tool"), Text(question, "tool_call_id"),
                Text(question, "idempotency_key")));
        Assert.Equal("""["repeat","result","give_up"]""", question.GetProperty("options").GetRawText());
        Assert.Equal(0, _paid);
    }

    [Theory]
    [InlineData("\"repeat\"", "paid", ToolStatus.Success, 1)]
    [InlineData("""{"action":"repeat"}""", "paid", ToolStatus.Success, 1)]
    [InlineData("\"give_up\"", LostCall.GivenUp, ToolStatus.Error, 0)]
    [InlineData("""{"result":"it was paid"}""", "it was paid", ToolStatus.Success, 0)]
    [InlineData("""{"action":"result","result":{"id":7}}""", """{"id":7}""", ToolStatus.Success, 0)]
    public async Task The_human_decides_what_becomes_of_it(string answer, string text, ToolStatus status, int paid)
    {
        var context = Lost(("1/lost/1/0", answer));

        var result = Assert.Single(await RunAsync(context, Paying(ToolEffect.AtMostOnce)));

        Assert.Equal((text, status, paid), (result.Text, result.Status, _paid));
    }

    [Theory]
    [InlineData("\"yes\"")]
    [InlineData("7")]
    [InlineData("""{"action":"result"}""")]
    public async Task An_answer_that_nobody_understands_is_asked_for_again_and_nothing_is_done(string answer)
    {
        var asked = await Assert.ThrowsAsync<GraphInterruptException>(() =>
            RunAsync(Lost(("1/lost/1/0", answer)), Paying(ToolEffect.AtMostOnce)));

        Assert.Equal(("1/lost/1/1", 0), (Assert.Single(asked.Interrupts).Id, _paid));
    }

    [Fact]
    public async Task A_call_that_is_lost_again_while_it_is_repeated_is_asked_about_again()
    {
        var context = Lost(("1/lost/1/0", "\"repeat\""));
        context.Losses["1"] = 2;

        await Assert.ThrowsAsync<GraphInterruptException>(() => RunAsync(context, Paying(ToolEffect.AtMostOnce)));

        Assert.Equal(0, _paid);
    }

    [Fact]
    public async Task A_tool_asks_a_human_and_the_results_of_the_others_are_kept()
    {
        var context = Asking("ask", "pay");

        var asked = await Assert.ThrowsAsync<GraphInterruptException>(() =>
            RunAsync(context, AskingTool(), Paying(default)));

        Assert.Equal("1/0", Assert.Single(asked.Interrupts).Id);
        Assert.Equal("paid", Assert.Single(context.Results).Text);
    }

    [Fact]
    public async Task Two_tools_ask_side_by_side_each_for_itself()
    {
        var context = Asking("ask", "ask");

        var asked = await Assert.ThrowsAsync<GraphInterruptException>(() => RunAsync(context, AskingTool()));

        Assert.Equal(["1/0", "2/0"], asked.Interrupts.Select(question => question.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_tool_goes_on_with_the_answer()
    {
        var context = new RecordingNodeContext(RecordingNodeContext.StateOf(Calls(Call("1", "ask"))))
        {
            Named = { ["1/0"] = JsonElement.Parse("\"blue\"") },
        };

        Assert.Equal("blue", Assert.Single(await RunAsync(context, AskingTool())).Text);
    }

    [Fact]
    public async Task Inside_another_graph_a_tool_that_must_not_run_twice_does_not_run_in_a_step_that_was_lost()
    {
        using var model = new ScriptedChatClient(new ChatResponseUpdate(ChatRole.Assistant, "sorry"));
        var options = new ChatAgentOptions { Tools = [Paying(ToolEffect.AtMostOnce)] };
        var inner = ChatAgent.Create("inner", model, options);
        var outer = AgentGraph.Create("outer").Node("inner", inner).Edge(GraphNodes.Start, "inner").Build();
        var lost = Lost();
        lost.Inner = new SubgraphPosition(default, 1, default, [ChatAgent.ModelNodeName], [ChatAgent.ToolNodeName]);

        await outer.Find("inner")!.Run(lost, _stop.Token);

        Assert.Contains(model.Asked.SelectMany(message => message.Contents).OfType<FunctionResultContent>(), result =>
            result.Result is string text && text == LostCall.MayHaveRun);
        Assert.Equal(0, _paid);
    }

    [ToolEffect(ToolEffect.AtMostOnce, DeadlineSeconds = 1.5)]
    private static string Declared() => "done";

    private static string? Text(JsonElement question, string name) => question.GetProperty(name).GetString();

    private AIFunction Paying(ToolEffect effect) => AIFunctionFactory.Create(
        () =>
        {
            _paid++;
            return "paid";
        },
        "pay").With(new ToolContract { Effect = effect });

    private AIFunction Slow(ToolEffect effect) => AIFunctionFactory.Create(
        async (CancellationToken cancellationToken) =>
        {
            _token = cancellationToken;
            _begun.SetResult();
            await _gate.Task;
        },
        "slow").With(new ToolContract { Effect = effect, Deadline = Deadline });

    private static AIFunction AskingTool() => AIFunctionFactory.Create(
        (AIFunctionArguments arguments) =>
            ToolContext.Of(arguments).Interrupt(JsonElement.Parse("\"Which colour?\"")).GetString(),
        "ask");

    private ToolNodeContext Asking(params string[] tools) => new(
        RecordingNodeContext.StateOf(Calls([.. tools.Select((tool, at) => Call($"{at + 1}", tool))])), _time);

    private static ToolNodeContext Lost(params (string Name, string Json)[] answers) =>
        new(RecordingNodeContext.StateOf(Calls(Call("1", "pay"))), TimeProvider.System)
        {
            Losses = { ["1"] = 1 },
            Named = answers.ToDictionary(answer => answer.Name, answer => JsonElement.Parse(answer.Json)),
        };

    private async Task<IReadOnlyList<Message>> RunAsync(RecordingNodeContext context, params AITool[] tools)
    {
        using var model = new ScriptedChatClient();
        var graph = ChatAgent.Create("agent", model, new ChatAgentOptions { Tools = tools });
        return (await graph.Find("tools")!.Run(context, _stop.Token)).Messages();
    }

    /// <summary>The context of a node that runs tools, after losses if the test says so.</summary>
    [method: SetsRequiredMembers]
    private sealed class ToolNodeContext(ChannelValues state, TimeProvider time)
        : RecordingNodeContext(state, time: time)
    {
        public Dictionary<string, int> Losses { get; init; } = [];

        public ConcurrentQueue<Task> Watched { get; } = new();

        internal override int LossesOf(string callId) => Losses.GetValueOrDefault(callId);

        public SubgraphPosition? Inner { get; set; }

        internal override SubgraphPosition? SubgraphAt(string name) => Inner;

        internal override bool StepWasLost => Losses.Count > 0;

        internal override void Watch(ToolCall call, Task work, CancellationToken told) => Watched.Enqueue(work);
    }
}
