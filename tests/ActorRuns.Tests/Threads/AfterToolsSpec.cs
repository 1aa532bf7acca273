using ActorRuns.Runs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Tests.Threads;

/// <summary>Stops that let tools come to their end, in live runs.</summary>
public sealed class AfterToolsSpec : RuntimeTest
{
    [Fact]
    public void A_cancel_that_lets_the_tool_end_first_keeps_what_it_answers_and_is_answered_then()
    {
        var thread = NewThread();
        var (run, tool) = AtItsTool(thread);

        Region.Tell(new StopRuns(thread, [run], Undo: false, Wait: true) { AfterTools = true }, TestActor);

        ExpectNoMsg(Moment);
        Assert.False(tool.Cancelled.Task.IsCompleted);
        tool.Return(Visit.Result("search", "found"));
        Assert.False(ExpectMsg<RunsStopped>().Disowned);
        Assert.Equal(["human: one", "ai: ", "tool: found"], Transcript(Read(thread)));
        Assert.Equal(new RunCause.Cancelled(), Read(thread).Runs[run].Cause);
        Assert.True(Graph.IsQuiet);
    }

    [Fact]
    public void A_hard_cancel_afterwards_is_answered_at_once_and_so_is_who_waits_for_the_first()
    {
        var thread = NewThread();
        var (run, tool) = AtItsTool(thread);
        Region.Tell(new StopRuns(thread, [run], Undo: false, Wait: true) { AfterTools = true }, TestActor);

        Region.Tell(new StopRuns(thread, [run], Undo: false, Wait: false), TestActor);

        ExpectMsg<RunsStopped>();
        tool.Return(); // It has heard of it.
        ExpectMsg<RunsStopped>();
        Assert.StartsWith("tool error: Interrupted", Transcript(Read(thread))[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_that_lets_the_tool_end_first_is_given_its_result()
    {
        var thread = NewThread();
        var (run, tool) = AtItsTool(thread);

        var next = Submit(thread, Say("two", MultitaskStrategy.Interrupt) with { AfterTools = true });
        Assert.Equal(RunStatus.Running, Read(thread).Runs[run].Status);
        tool.Return(Visit.Result("search", "found"));

        var visit = Graph.Next();
        Assert.Equal(("agent", next.Id, "two"), (visit.Context.Node, visit.Context.Run.RunId, visit.Says));
        Assert.Equal(["human: one", "ai: ", "tool: found", "human: two"], Transcript(Read(thread)));
        Assert.Equal(new RunCause.Superseded(next.Id), Read(thread).Runs[run].Cause);
    }

    [Fact]
    public void A_process_that_is_lost_meanwhile_does_not_bring_the_tool_back()
    {
        var thread = NewThread();
        var (run, _) = AtItsTool(thread);
        var next = Submit(thread, Say("two", MultitaskStrategy.Interrupt) with { AfterTools = true });

        LoseTheProcess();
        Read(thread);

        Assert.Equal((next.Id, 1), Graph.Next().Context is var now ? (now.Run.RunId, now.Attempt) : default);
        Assert.Equal(RunStatus.Interrupted, Read(thread).Runs[run].Status);
    }

    private (RunId Run, Visit Tool) AtItsTool(ThreadId thread)
    {
        var run = Submit(thread, Say("one"));
        Graph.Next().Call("search");
        return (run.Id, Graph.Next());
    }
}
