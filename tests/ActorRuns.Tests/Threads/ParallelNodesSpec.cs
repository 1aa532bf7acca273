using System.Collections.Concurrent;
using System.Text.Json;
using Akka.Actor;
using ActorRuns.Graphs;
using ActorRuns.Ids;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Tests.Threads;

/// <summary>A step of two nodes: what the one has done is not done again because of the other.</summary>
public sealed class ParallelNodesSpec : RuntimeTest
{
    private readonly ConcurrentQueue<string> _executed = new();
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IActorRef _region;

    public ParallelNodesSpec() => _region = Start();

    [Fact]
    public void Only_the_node_that_asked_is_executed_again_and_the_step_takes_the_writes_of_both()
    {
        var thread = Begin("left asks");

        var paused = WaitsFor(thread);
        Send(thread, Answer("\"yes\""));

        var ended = EndedBy(thread, 2);
        Assert.Equal(["left", "left", "right"], Order());
        Assert.Single(paused.Position.Interrupts);
        Assert.Equal(("\"yes\"", "\"done\""), (Value(ended, "left"), Value(ended, "right")));
    }

    [Fact]
    public void Two_questions_are_answered_in_any_order_one_at_a_time()
    {
        var thread = Begin("both ask");
        var questions = WaitsFor(thread).Position.Interrupts;
        var (left, right) = (questions.Single(q => q.Node is "left").Id, questions.Single(q => q.Node is "right").Id);

        Send(thread, Answer($$"""{"{{right}}":2}"""));
        var half = EndedBy(thread, 2);
        Send(thread, Answer($$"""{"{{left}}":1}"""));

        var ended = EndedBy(thread, 3);
        Assert.Equal([left], half.Position.Interrupts.Select(question => question.Id));
        Assert.Equal(("1", "2"), (Value(ended, "left"), Value(ended, "right")));
    }

    [Fact]
    public void A_node_that_was_done_when_the_process_died_is_not_executed_again()
    {
        var thread = Begin("left waits");
        AwaitAssert(() => Assert.Single(ReadFrom(thread).Position.Finished));

        Watch(_region);
        Sys.Stop(_region);
        ExpectTerminated(_region);
        _region = Start();
        _gate.SetResult();

        var ended = EndedBy(thread, 1);
        Assert.Equal(["left", "left", "right"], Order());
        Assert.Equal("\"done\"", Value(ended, "right"));
    }

    [Fact]
    public void A_node_that_was_done_when_another_failed_is_not_executed_again()
    {
        var thread = Begin("left fails");
        EndedBy(thread, 1);

        Send(thread, Request() with { Input = JsonElement.Parse("null") });

        EndedBy(thread, 2);
        Assert.Equal(["left", "left", "right"], Order());
    }

    private string[] Order() => [.. _executed.Order(StringComparer.Ordinal)];

    private static string Value(ThreadLedger ledger, string channel) =>
        ledger.Position.Values.Values[channel].GetRawText();

    private IActorRef Start()
    {
        var graph = AgentGraph.Create("pair")
            .Node("left", LeftAsync)
            .Node("right", RightAsync)
            .Edge(GraphNodes.Start, "left")
            .Edge(GraphNodes.Start, "right")
            .Build();
        var services = Services with { Graphs = new GraphRegistry(graph) };
        return Sys.ActorOf(ThreadRegion.Props(services), $"pairs-{Guid.NewGuid():N}");
    }

    private async Task<NodeUpdate> LeftAsync(NodeContext context, CancellationToken cancellationToken)
    {
        _executed.Enqueue("left");
        var says = context.State.Values["says"].GetString();
        if (says is "left waits")
            await _gate.Task.WaitAsync(cancellationToken);
        if (says is "left fails")
            throw new InvalidOperationException("broken");
        if (says is "left waits")
            return NodeUpdate.None;
        return NodeUpdate.None.With("left", context.Interrupt(JsonElement.Parse("\"left?\"")));
    }

    private Task<NodeUpdate> RightAsync(NodeContext context, CancellationToken cancellationToken)
    {
        _executed.Enqueue("right");
        var asks = context.State.Values["says"].GetString() is "both ask";
        var value = asks ? context.Interrupt(JsonElement.Parse("\"right?\"")) : JsonElement.Parse("\"done\"");
        return Task.FromResult(NodeUpdate.None.With("right", value));
    }

    private ThreadId Begin(string says)
    {
        var thread = Ids.NewThreadId();
        Send(thread, Request() with { Input = JsonElement.Parse($$"""{"says":"{{says}}"}""") });
        return thread;
    }

    private RunRequest Request() => new()
    {
        RunId = Ids.NewRunId(),
        AssistantId = RuntimeIds.SystemAssistant(new GraphId("pair")),
        GraphId = new GraphId("pair"),
    };

    private RunRequest Answer(string json) =>
        Request() with { Command = new GraphCommand(JsonElement.Parse(json), default, []) };

    private void Send(ThreadId thread, RunRequest request)
    {
        _region.Tell(new SubmitRun(thread, request, None, CreatesThread: true), TestActor);
        ExpectMsg<RunAccepted>();
    }

    private ThreadLedger ReadFrom(ThreadId thread)
    {
        _region.Tell(new ReadThread(thread), TestActor);
        return ExpectMsg<ThreadRead>().Ledger;
    }

    private ThreadLedger WaitsFor(ThreadId thread) => EndedBy(thread, 1);

    /// <summary>The thread when so many runs have ended.</summary>
    private ThreadLedger EndedBy(ThreadId thread, int runs)
    {
        var ledger = ReadFrom(thread);
        AwaitAssert(() => Assert.Equal(runs, (ledger = ReadFrom(thread)).Runs.Values.Count(run => run.IsTerminal)));
        return ledger;
    }
}
