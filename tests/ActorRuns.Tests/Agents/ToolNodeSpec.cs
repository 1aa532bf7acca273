using System.Text.Json;
using ActorRuns.Agents;
using ActorRuns.Graphs;
using ActorRuns.Messages;
using Microsoft.Extensions.AI;
using Xunit;
using static ActorRuns.Tests.Agents.Transcripts;

namespace ActorRuns.Tests.Agents;

public sealed class ToolNodeSpec : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly SemaphoreSlim _gate = new(0);
    private readonly CancellationTokenSource _stop = new();

    public void Dispose()
    {
        _gate.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task A_single_call_becomes_durable_with_the_step()
    {
        var context = Asking(Call("1", "add", """{"a":2,"b":3}"""));

        var result = Assert.Single(await RunAsync(context));

        Assert.Equal(
            ("tool", "1", "add", ToolStatus.Success, "5"),
            (result.Type, result.ToolCallId, result.Name, result.Status, result.Text));
        Assert.Empty(context.Results);
    }

    [Fact]
    public async Task Of_several_calls_each_is_recorded_as_it_ends_and_all_are_written_in_the_order_asked_for()
    {
        var context = Asking(_ => _gate.Release(), Call("1", "gated"), Call("2", "add", """{"a":2,"b":3}"""));

        var results = await RunAsync(context);

        Assert.Equal([("1", "open"), ("2", "5")], results.Select(result => (result.ToolCallId, result.Text)));
        Assert.Same(results[1], Assert.Single(context.Results));
    }

    [Fact]
    public async Task A_tool_that_blocks_does_not_hold_up_the_others()
    {
        var context = Asking(_ => _gate.Release(), Call("1", "blocking"), Call("2", "add", """{"a":2,"b":3}"""));

        var results = await RunAsync(context);

        Assert.Equal(["true", "5"], results.Select(result => result.Text));
    }

    [Fact]
    public async Task Calls_run_one_after_another_when_the_agent_says_so()
    {
        var context = Asking(_ => _gate.Release(), Call("1", "add", """{"a":2,"b":3}"""), Call("2", "gated"));

        var results = await RunAsync(context, parallel: false);

        Assert.Equal(["5", "open"], results.Select(result => result.Text));
    }

    [Fact]
    public async Task Only_calls_without_a_result_are_answered()
    {
        var state = RecordingNodeContext.StateOf(
            Human("hi"), Calls(Call("1", "throws"), Call("2", "add", """{"a":2,"b":3}""")), Answers("1"));

        var results = await RunAsync(new RecordingNodeContext(state));

        Assert.Equal("2", Assert.Single(results).ToolCallId);
    }

    [Theory]
    [InlineData("throws", "{}", "it broke")]
    [InlineData("nothing", "{}", "There is no tool 'nothing'. Available tools: add, blocking, context, endless, ")]
    [InlineData("add", "[2,3]", "The arguments of 'add' must be one JSON object: they are Array.")]
    [InlineData("add", """{"a":2}""", "The arguments of 'add' do not fit: 'b' is missing; expected integer.")]
    [InlineData("add", """{"a":2,"b":"many"}""", "'b' is the string \"many\"; expected integer.")]
    public async Task What_goes_wrong_is_told_to_the_model(string tool, string arguments, string told)
    {
        var result = Assert.Single(await RunAsync(Asking(Call("1", tool, arguments))));

        Assert.Equal((ToolStatus.Error, "1", tool), (result.Status, result.ToolCallId, result.Name));
        Assert.Contains(told, result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arguments_that_the_model_wrote_as_broken_JSON_are_told_as_such()
    {
        var broken = Calls(Call("1", "add")) with
        {
            Extra = Read("""{"type":"ai","invalid_tool_calls":[{"id":"1","error":"no quote"}]}""").Extra,
        };

        var result = Assert.Single(await RunAsync(new RecordingNodeContext(RecordingNodeContext.StateOf(broken))));

        Assert.Equal("The arguments of 'add' must be one JSON object: no quote", result.Text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stopped_run_ends_the_node_at_once(bool parallel)
    {
        var running = RunAsync(Asking(Call("1", "endless"), Call("2", "endless")), parallel);
        Assert.True(await _gate.WaitAsync(Patience), "no tool has started");

        await _stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_tool_knows_its_call_and_a_key_that_no_other_call_has()
    {
        var context = Asking(Call("1", "context"), Call("2", "context"));

        var results = await RunAsync(context);

        Assert.Equal(["1 key/1 of 1", "2 key/2 of 1"], results.Select(result => result.Text));
        Assert.Equal(2, context.Customs.Count);
    }

    [Fact]
    public void Arguments_from_elsewhere_carry_no_tool_context() =>
        Assert.Throws<InvalidOperationException>(() => ToolContext.Of([]));

    private static RecordingNodeContext Asking(params ToolCall[] calls) => Asking(_ => { }, calls);

    private static RecordingNodeContext Asking(Action<Message> onResult, params ToolCall[] calls) =>
        new(RecordingNodeContext.StateOf(Calls(calls))) { OnResult = onResult };

    private async Task<IReadOnlyList<Message>> RunAsync(NodeContext context, bool parallel = true)
    {
        var options = new ChatAgentOptions { Tools = Tools(), ParallelToolCalls = parallel };
        var graph = ChatAgent.Create("agent", new ScriptedChatClient(), options);
        return (await graph.Find("tools")!.Run(context, _stop.Token)).Messages();
    }

    private List<AITool> Tools() =>
    [
        AIFunctionFactory.Create((int a, int b) => a + b, "add"),
        AIFunctionFactory.Create(() => _gate.Wait(Patience), "blocking"),
        AIFunctionFactory.Create(Describe, "context"),
        AIFunctionFactory.Create(EndlessAsync, "endless"),
        AIFunctionFactory.Create(async () => await _gate.WaitAsync(Patience) ? "open" : "shut", "gated"),
        AIFunctionFactory.Create(string () => throw new InvalidOperationException("it broke"), "throws"),
    ];

    private async Task EndlessAsync(CancellationToken cancellationToken)
    {
        _gate.Release();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }

    private static string Describe(AIFunctionArguments arguments)
    {
        var context = ToolContext.Of(arguments);
        context.WriteCustom(JsonElement.Parse("1"));
        return $"{context.Call.Id} {context.IdempotencyKey} of {context.Messages.Count}";
    }
}
