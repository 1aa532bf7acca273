using System.Text;
using Akka.Actor;
using ActorRuns.Runs;
using ActorRuns.Streams;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Tests.Threads;

public sealed class ThreadActorSpec : RuntimeTest
{
    [Fact]
    public async Task A_run_with_a_tool_call_leaves_its_four_messages_and_succeeds()
    {
        var thread = NewThread();
        var run = Submit(thread, Say("weather?"));

        Graph.Next().Call("search");
        Graph.Next().Return(Visit.Result("search", "sunny"));
        Graph.Next().Answer("It is sunny.");

        var outcome = await EndOf(thread, run.Id);
        Assert.Equal(RunStatus.Success, outcome.Run?.Status);
        Assert.Equal(["human: weather?", "ai: ", "tool: sunny", "ai: It is sunny."], Transcript(Read(thread)));
        Assert.Equal(ThreadStatus.Idle, Read(thread).Status);
    }

    [Fact]
    public void A_run_is_answered_as_pending_however_far_it_has_come()
    {
        var run = Submit(NewThread(), Say("hi"));

        Assert.Equal((RunStatus.Pending, 0), (run.Status, run.Attempt));
    }

    [Fact]
    public async Task An_interrupt_in_the_tool_call_closes_the_call_and_starts_the_second_run()
    {
        var thread = NewThread();
        var first = Submit(thread, Say("SF?"));
        Graph.Next().Call("search");
        Graph.Next();

        var second = Submit(thread, Say("NYC?", MultitaskStrategy.Interrupt));
        Graph.Next().Answer("Cold.");

        await EndOf(thread, second.Id);
        var ledger = Read(thread);
        Assert.Equal(RunStatus.Interrupted, ledger.Runs[first.Id].Status);
        Assert.Equal(new RunCause.Superseded(second.Id), ledger.Runs[first.Id].Cause);
        Assert.Equal(
            ["human: SF?", "ai: ", $"tool error: {TranscriptCloserTexts.EffectsUnknown}", "human: NYC?", "ai: Cold."],
            Transcript(ledger));
    }

    [Fact]
    public async Task An_interrupt_cancels_the_work_of_the_first_run()
    {
        var thread = NewThread();
        Submit(thread, Say("one"));
        var first = Graph.Next();

        Submit(thread, Say("two", MultitaskStrategy.Interrupt));

        await first.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task What_a_superseded_run_says_later_is_ignored()
    {
        var thread = NewThread();
        Submit(thread, Say("one"));
        var first = Graph.Next();
        var second = Submit(thread, Say("two", MultitaskStrategy.Interrupt));
        var visit = Graph.Next();

        first.Context.WriteChunk(new Graphs.MessageChunk("m", "late "));
        first.Answer("too late");
        visit.Answer("in time");

        await EndOf(thread, second.Id);
        Assert.Equal(["human: one", "human: two", "ai: in time"], Transcript(Read(thread)));
    }

    [Fact]
    public async Task The_text_streamed_before_an_interrupt_is_kept_and_says_why_it_ends()
    {
        var thread = NewThread();
        var first = Submit(thread, Say("one"));
        var visit = Graph.Next();
        var reader = Open(thread, first.Id).ReadAsync(FrameId.Origin, CancellationToken.None).GetAsyncEnumerator();
        visit.Context.WriteChunk(new Graphs.MessageChunk("m1", "It "));
        visit.Context.WriteChunk(new Graphs.MessageChunk("m1", "is"));
        var seen = 0;
        while (seen < 2 && await reader.MoveNextAsync())
            seen += reader.Current.Event is "messages" ? 1 : 0;

        var second = Submit(thread, Say("two", MultitaskStrategy.Interrupt));
        Graph.Next().Answer("done");

        await EndOf(thread, second.Id);
        var kept = Read(thread).Position.Values.MessagesOf("messages").Messages[1];
        Assert.Equal("It is", kept.Text);
        Assert.Equal("interrupted", kept.Extra["response_metadata"].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public void There_are_never_two_children()
    {
        var thread = NewThread();
        for (var i = 0; i < 20; i++)
        {
            Submit(thread, Say($"{i}", MultitaskStrategy.Interrupt));
            var probe = CreateTestProbe();
            Sys.ActorSelection($"/user/threads/{thread}/*").Tell(new Identify(i), probe.Ref);
            Assert.True(probe.ReceiveWhile(Moment / 10, message => message).Count <= 1);
        }
    }

    [Fact]
    public async Task A_cancel_that_waits_is_answered_when_the_work_has_really_ended()
    {
        var thread = NewThread();
        var run = Submit(thread, Say("one"));
        var visit = Graph.Next();

        Region.Tell(new StopRuns(thread, [run.Id], Undo: false, Wait: true), TestActor);
        await visit.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10));
        ExpectNoMsg(Moment);
        visit.Answer("at last");

        Assert.False(ExpectMsg<RunsStopped>().Disowned);
        Assert.Equal(RunStatus.Interrupted, Read(thread).Runs[run.Id].Status);
    }

    [Fact]
    public async Task Queued_runs_follow_in_the_order_of_their_submission()
    {
        var thread = NewThread();
        foreach (var text in (string[])["one", "two"])
            Submit(thread, Say(text));
        var last = Submit(thread, Say("three"));

        foreach (var text in (string[])["one", "two", "three"])
        {
            var visit = Graph.Next();
            Assert.Equal(text, visit.Says);
            visit.Answer($"re: {text}");
        }

        await EndOf(thread, last.Id);
        Assert.Equal(6, Transcript(Read(thread)).Length);
    }

    [Fact]
    public async Task A_run_whose_process_was_lost_goes_on_as_the_next_attempt()
    {
        var thread = NewThread();
        var run = Submit(thread, Say("weather?"));
        Graph.Next().Call("search");
        Graph.Next();

        LoseTheProcess();
        var ledger = Read(thread);
        Assert.Equal(new Holder(run.Id, 2), ledger.Holder);
        var again = Graph.Next();
        Assert.Equal(2, again.Context.Attempt);
        again.Return(Visit.Result("search", "sunny"));
        Graph.Next().Answer("It is sunny.");

        var outcome = await EndOf(thread, run.Id);
        Assert.Equal(RunStatus.Success, outcome.Run?.Status);
        Assert.Equal(["human: weather?", "ai: ", "tool: sunny", "ai: It is sunny."], Transcript(Read(thread)));
    }

    [Fact]
    public async Task A_failing_node_fails_the_run_and_leaves_the_input()
    {
        var thread = NewThread();
        var run = Submit(thread, Say("one"));

        Graph.Next().Throw(new InvalidOperationException("model exploded"));

        var outcome = await EndOf(thread, run.Id);
        Assert.Contains("model exploded", Encoding.UTF8.GetString(outcome.Body.Span), StringComparison.Ordinal);
        Assert.Equal(["human: one"], Transcript(Read(thread)));
        Assert.Equal(ThreadStatus.Error, Read(thread).Status);
    }

    [Fact]
    public void What_is_asked_of_an_unknown_thread_is_refused()
    {
        var unknown = Ids.NewThreadId();

        Region.Tell(new ReadThread(unknown), TestActor);
        Assert.Equal(new Refusal.ThreadNotFound(unknown), ExpectMsg<Refused>().Reason);
        Region.Tell(new SubmitRun(unknown, Say("hi"), None, CreatesThread: false), TestActor);
        Assert.Equal(new Refusal.ThreadNotFound(unknown), ExpectMsg<Refused>().Reason);
    }

    private static class TranscriptCloserTexts
    {
        public const string EffectsUnknown = "Interrupted while running: whether the tool had any effect is unknown.";
    }
}
