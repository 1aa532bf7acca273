using System.Collections.Concurrent;
using Akka.Actor;
using ActorRuns.Agents;
using ActorRuns.Graphs;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Microsoft.Extensions.AI;
using Xunit;

namespace ActorRuns.Tests.Threads;

/// <summary>Rollback undoes what tools did in the world, if they say how, before the next run begins.</summary>
public sealed class UndoSpec : RuntimeTest
{
    private readonly ConcurrentQueue<string> _done = new();
    private readonly ConcurrentDictionary<string, string> _keys = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _never = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _hangs;
    private IActorRef _region;

    public UndoSpec() => _region = Start();

    [Fact]
    public void Calls_are_undone_in_reverse_order_with_what_they_were_told_and_answered()
    {
        var thread = CallAndRollBack("flight hotel wait");

        var after = Ended(thread);

        Assert.Equal(["flight", "hotel"], _done.Take(2).Order(StringComparer.Ordinal));
        Assert.Equal(["undo hotel: booked hotel", "undo flight: booked flight", "plain"], _done.Skip(2));
        Assert.Equal(
            ["hotel call-hotel ", "flight call-flight "],
            after.Runs[after.Order[0]].Undid.Select(report => $"{report.Tool} {report.CallId} {report.Failure}"));
        Assert.Equal(["human: plain", "ai: ", "tool: done", "ai: done"], Transcript(after));
    }

    [Fact]
    public void An_undo_has_the_key_of_its_call()
    {
        var thread = CallAndRollBack("hotel wait");

        Ended(thread);

        Assert.Equal(_keys["hotel"], _keys["undo hotel"]);
    }

    [Fact]
    public void What_cannot_be_undone_is_said_and_does_not_hold_up_the_rest()
    {
        var thread = CallAndRollBack("hotel fixed wait");

        var after = Ended(thread);

        Assert.Equal(
            ["fixed: no way back", "hotel: "],
            after.Undos.Select(report => $"{report.Tool}: {report.Failure}"));
    }

    [Theory]
    [InlineData("hotel", "The process was lost while it was undone; whether it was is not known.", 1)]
    [InlineData("again", null, 2)]
    public void An_undo_that_was_lost_is_made_again_only_if_it_bears_it(string tool, string? failure, int times)
    {
        _hangs = true;
        var thread = CallAndRollBack($"{tool} wait");
        AwaitAssert(() => Assert.Contains(_done, line => line.StartsWith($"undo {tool}", StringComparison.Ordinal)));
        _hangs = false;

        Watch(_region);
        Sys.Stop(_region);
        ExpectTerminated(_region);
        _region = Start();

        Assert.Equal(failure, Assert.Single(Ended(thread).Undos).Failure);
        Assert.Equal(times, _done.Count(line => line.StartsWith($"undo {tool}", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_cancel_that_undoes_the_run_undoes_its_calls_too()
    {
        var thread = Call("hotel wait");

        _region.Tell(new StopRuns(thread, [ReadFrom(thread).Order[0]], Undo: true, Wait: true), TestActor);
        ExpectMsg<RunsStopped>();

        Assert.Equal(ThreadStatus.Idle, ReadFrom(thread).Status);
        Assert.Null(Assert.Single(ReadFrom(thread).Undos).Failure);
        Assert.Equal(["hotel", "undo hotel: booked hotel"], _done);
    }

    [Fact]
    public void A_cancel_that_undoes_and_waits_is_answered_when_all_of_it_is_undone()
    {
        _hangs = true;
        var thread = Call("hotel wait");
        var run = ReadFrom(thread).Order[0];

        _region.Tell(new StopRuns(thread, [run], Undo: true, Wait: true), TestActor);
        AwaitAssert(() => Assert.Contains("undo hotel: booked hotel", _done));

        ExpectNoMsg(Moment);
        _never.SetResult();
        Assert.False(ExpectMsg<RunsStopped>().Disowned);
        Assert.Empty(ReadFrom(thread).OwedUndos);
    }

    [Fact]
    public void A_cancel_that_does_not_wait_is_answered_before_it_is_undone()
    {
        _hangs = true;
        var thread = Call("hotel wait");

        _region.Tell(new StopRuns(thread, [ReadFrom(thread).Order[0]], Undo: true, Wait: false), TestActor);

        ExpectMsg<RunsStopped>();
        Assert.NotEmpty(ReadFrom(thread).OwedUndos);
        _never.SetResult();
    }

    private IActorRef Start()
    {
        var graph = ToolAgent.Build(
            Booking("flight", UndoAsync),
            Booking("hotel", UndoAsync),
            Booking("again", UndoAsync, isIdempotent: true),
            Booking("fixed", (_, _) => throw new InvalidOperationException("no way back")),
            AIFunctionFactory.Create(
                async (CancellationToken token) => await _never.Task.WaitAsync(token), "wait"),
            AIFunctionFactory.Create(
                () =>
                {
                    _done.Enqueue("plain");
                    return "done";
                },
                "plain"));
        var services = Services with { Graphs = new GraphRegistry(graph) };
        return Sys.ActorOf(ThreadRegion.Props(services), $"travel-{Guid.NewGuid():N}");
    }

    private AIFunction Booking(
        string name, Func<ToolCompensation, CancellationToken, Task> undo, bool isIdempotent = false)
    {
        var tool = AIFunctionFactory.Create(
            (AIFunctionArguments arguments) =>
            {
                _keys[name] = ToolContext.Of(arguments).IdempotencyKey;
                _done.Enqueue(name);
                return $"booked {name}";
            },
            name);
        return tool.With(new ToolContract { Compensate = undo, CompensatesIdempotently = isIdempotent });
    }

    private async Task UndoAsync(ToolCompensation call, CancellationToken cancellationToken)
    {
        _keys[$"undo {call.Call.Name}"] = call.IdempotencyKey;
        _done.Enqueue($"undo {call.Call.Name}: {call.Result?.Text}");
        if (_hangs)
            await _never.Task.WaitAsync(cancellationToken);
    }

    /// <summary>A thread whose first run has called these tools; the last one is at work.</summary>
    private ThreadId Call(string tools)
    {
        var thread = Ids.NewThreadId();
        Send(thread, ToolAgent.Call(Ids.NewRunId(), tools));
        var answers = tools.Split(' ').Length - 1;
        AwaitAssert(() => Assert.Equal(answers, ReadFrom(thread).Ran.Count(ran => ran.Result is not null)));
        return thread;
    }

    private ThreadId CallAndRollBack(string tools)
    {
        var thread = Call(tools);
        Send(thread, ToolAgent.Call(Ids.NewRunId(), "plain") with { Strategy = MultitaskStrategy.Rollback });
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
        return ExpectMsg<ThreadRead>().Ledger;
    }

    private ThreadLedger Ended(ThreadId thread)
    {
        var ledger = ReadFrom(thread);
        AwaitAssert(() => Assert.True((ledger = ReadFrom(thread)).Runs.Values.All(run => run.IsTerminal)));
        return ledger;
    }
}
