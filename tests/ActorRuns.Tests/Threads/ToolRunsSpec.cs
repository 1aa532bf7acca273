using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Akka.Actor;
using ActorRuns.Agents;
using ActorRuns.Graphs;
using ActorRuns.Hosting;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Microsoft.Extensions.AI;
using Xunit;

namespace ActorRuns.Tests.Threads;

/// <summary>Tools in live runs: lost processes, tools that do not heed their token, and threads that wait.</summary>
public sealed class ToolRunsSpec : RuntimeTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentQueue<string> _keys = new();
    private TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IActorRef _region;

    public ToolRunsSpec() : base(options: new RuntimeOptions { StopGrace = TimeSpan.FromMilliseconds(50) }) =>
        _region = Start();

    [Fact]
    public void A_tool_that_must_not_run_twice_is_put_to_a_human_when_the_process_was_lost()
    {
        var thread = Call("pay");
        AwaitAssert(() => Assert.Single(_keys));

        LoseAndComeBack();

        var asked = Paused(thread);
        Assert.Equal("tools", Assert.Single(asked.Position.Interrupts).Node);
        Assert.Single(_keys);
    }

    [Fact]
    public void A_human_lets_it_run_again_and_it_has_the_same_key()
    {
        var thread = Call("pay");
        AwaitAssert(() => Assert.Single(_keys));
        LoseAndComeBack();
        Paused(thread);
        _gate.SetResult();

        Send(thread, ToolAgent.Resume(Ids.NewRunId(), "\"repeat\""));

        Assert.Equal(["human: pay", "ai: ", "tool: done", "ai: done"], Transcript(Ended(thread, runs: 2)));
        Assert.Equal(2, _keys.Count);
        Assert.Single(_keys.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public void A_call_that_is_lost_while_it_is_repeated_is_asked_about_again()
    {
        var thread = Call("pay");
        AwaitAssert(() => Assert.Single(_keys));
        LoseAndComeBack();
        Paused(thread);
        Send(thread, ToolAgent.Resume(Ids.NewRunId(), "\"repeat\""));
        AwaitAssert(() => Assert.Equal(2, _keys.Count));

        LoseAndComeBack();

        Assert.Single(Paused(thread, runs: 2).Position.Interrupts);
        Assert.Equal(2, _keys.Count);
    }

    [Fact]
    public void A_tool_that_bears_it_runs_again_with_the_same_key()
    {
        var thread = Call("look");
        AwaitAssert(() => Assert.Single(_keys));

        LoseAndComeBack();
        ReadFrom(thread); // Wakes it, as the index does at the start of a server.
        AwaitAssert(() => Assert.Equal(2, _keys.Count));
        _gate.SetResult();

        Ended(thread, runs: 1);
        Assert.Single(_keys.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public void A_tool_that_does_not_end_when_it_is_told_is_reported_and_what_it_answers_is_not_heard()
    {
        var thread = Call("pay");
        AwaitAssert(() => Assert.Single(_keys));
        var run = ReadFrom(thread).Order[0];
        using var meters = new MeterListener();
        var counted = new ConcurrentQueue<string>();
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == Services.Meter.Meter && instrument.Name is "actorruns.tools.overran")
                listener.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<long>((_, count, tags, _) => counted.Enqueue($"{tags[0].Value} {count}"));
        meters.Start();

        _region.Tell(new StopRuns(thread, [run], Undo: false, Wait: true), TestActor);
        var stopped = ExpectMsg<RunsStopped>();
        AwaitAssert(() => Assert.True(ReadFrom(thread).Runs[run].Overran > TimeSpan.Zero));
        var before = ReadFrom(thread);
        _gate.SetResult();

        AwaitAssert(() => Assert.True(ReadFrom(thread).Runs[run].Overran > before.Runs[run].Overran));
        Assert.True(stopped.Disowned && stopped.StoppedIn >= TimeSpan.FromMilliseconds(40), $"{stopped}");
        Assert.Equal("pay 1", Assert.Single(counted));
        Assert.Equal("pay", Assert.Single(before.Runs[run].OverranTools));
        Assert.Equal(Transcript(before), Transcript(ReadFrom(thread)));
        Assert.StartsWith("tool error: Interrupted while running", Transcript(before)[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_tool_that_ends_long_after_its_thread_has_left_is_reported_on_its_run()
    {
        var thread = Call("pay");
        AwaitAssert(() => Assert.Single(_keys));
        var run = ReadFrom(thread).Order[0];
        _region.Tell(new StopRuns(thread, [run], Undo: false, Wait: true), TestActor);
        ExpectMsg<RunsStopped>();
        AwaitAssert(() => Assert.True(ReadFrom(thread).Runs[run].Overran > TimeSpan.Zero));
        var before = ReadFrom(thread).Runs[run].Overran;
        Sys.ActorSelection(_region.Path / thread.ToString()).Tell(new Identify(thread), TestActor);
        var actor = ExpectMsg<ActorIdentity>().Subject!; // It was read a moment ago.
        Watch(actor);
        actor.Tell(PoisonPill.Instance, TestActor);
        ExpectTerminated(actor);

        _gate.SetResult();

        AwaitAssert(() => Assert.True(ReadFrom(thread).Runs[run].Overran > before));
    }

    [Fact]
    public void A_cancel_waits_for_the_tool_and_not_only_for_its_run()
    {
        var thread = Call("heeds");
        AwaitAssert(() => Assert.Single(_keys));
        var run = ReadFrom(thread).Order[0];

        _region.Tell(new StopRuns(thread, [run], Undo: false, Wait: true), TestActor);

        Assert.False(ExpectMsg<RunsStopped>().Disowned);
        Assert.Contains("heeds has ended", _keys);
    }

    [Fact]
    public void The_copy_of_a_thread_that_waits_can_be_answered_and_so_can_the_other()
    {
        _gate.SetResult();
        var thread = Call("ask");
        var question = Assert.Single(Paused(thread).Position.Interrupts);
        var copy = Ids.NewThreadId();

        _region.Tell(new CopyThread(thread, copy), TestActor);
        var copied = ExpectMsg<ThreadRead>().Ledger;
        Send(copy, ToolAgent.Resume(Ids.NewRunId(), $$"""{"{{question.Id}}":"blue"}"""));

        Assert.Equal((ThreadStatus.Interrupted, question.Id), (copied.Status, copied.Position.Interrupts[0].Id));
        Assert.Equal(["human: ask", "ai: ", "tool: blue", "ai: done"], Transcript(Ended(copy, runs: 1)));
        Assert.Equal(ThreadStatus.Interrupted, ReadFrom(thread).Status);
    }

    private IActorRef Start()
    {
        var graph = ToolAgent.Build(
            AIFunctionFactory.Create(WorkAsync, "pay").With(new ToolContract { Effect = ToolEffect.AtMostOnce }),
            AIFunctionFactory.Create(WorkAsync, "look"),
            AIFunctionFactory.Create(HeedAsync, "heeds"),
            AIFunctionFactory.Create(Ask, "ask"));
        var services = Services with { Graphs = new GraphRegistry(graph) };
        return Sys.ActorOf(ThreadRegion.Props(services), $"workers-{Guid.NewGuid():N}");
    }

    private void LoseAndComeBack()
    {
        Watch(_region);
        Sys.Stop(_region);
        ExpectTerminated(_region);

        // The old one never answers.
        _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _region = Start();
    }

    private async Task<string> WorkAsync(AIFunctionArguments arguments)
    {
        _keys.Enqueue(ToolContext.Of(arguments).IdempotencyKey);
        await _gate.Task;
        return "done";
    }

    private async Task HeedAsync(CancellationToken cancellationToken)
    {
        _keys.Enqueue("heeds");
        try
        {
            await _gate.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            _keys.Enqueue("heeds has ended");
        }
    }

    private static string? Ask(AIFunctionArguments arguments) =>
        ToolContext.Of(arguments).Interrupt(System.Text.Json.JsonElement.Parse("\"Which colour?\"")).GetString();

    private ThreadId Call(string tools)
    {
        var thread = Ids.NewThreadId();
        Send(thread, ToolAgent.Call(Ids.NewRunId(), tools));
        return thread;
    }

    private void Send(ThreadId thread, RunRequest request)
    {
        _region.Tell(new SubmitRun(thread, request, None, CreatesThread: true), TestActor);
        ExpectMsg<RunAccepted>();
    }

    private ThreadLedger ReadFrom(ThreadId thread)
    {
        _region.Tell(new ReadThread(thread), TestActor);
        return ExpectMsg<ThreadRead>(Patience).Ledger;
    }

    private ThreadLedger Ended(ThreadId thread, int runs)
    {
        var ledger = ReadFrom(thread);
        AwaitAssert(() => Assert.Equal(runs, (ledger = ReadFrom(thread)).Runs.Values.Count(run => run.IsTerminal)));
        return ledger;
    }

    private ThreadLedger Paused(ThreadId thread, int runs = 1)
    {
        var ledger = Ended(thread, runs);
        Assert.Equal(ThreadStatus.Interrupted, ledger.Status);
        return ledger;
    }
}
