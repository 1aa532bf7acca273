using Akka.Actor;
using Akka.TestKit;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Tests.Threads;

/// <summary>Nothing is answered, told or begun before it is durable.</summary>
public sealed class DurabilitySpec : RuntimeTest
{
    private readonly TestProbe _writes;

    public DurabilitySpec() : base(HeldJournal.Hocon)
    {
        _writes = CreateTestProbe();
        Sys.EventStream.Subscribe(_writes.Ref, typeof(HeldWrite));
    }

    [Fact]
    public void The_answer_comes_after_the_write()
    {
        var thread = Ids.NewThreadId();

        Region.Tell(new BeginThread(thread, None, MayExist: false), TestActor);
        var write = _writes.ExpectMsg<HeldWrite>();
        ExpectNoMsg(Moment);
        write.Pass();

        Assert.True(ExpectMsg<ThreadRead>().Ledger.Exists);
    }

    [Fact]
    public void A_run_begins_after_its_write()
    {
        var thread = Begun();

        Region.Tell(new SubmitRun(thread, Say("hi"), None, CreatesThread: false), TestActor);
        var write = _writes.ExpectMsg<HeldWrite>();
        ExpectNoMsg(Moment);
        Assert.True(Graph.IsQuiet);
        write.Pass();

        ExpectMsg<RunAccepted>();
        Assert.Equal("hi", Graph.Next().Says);
    }

    [Fact]
    public async Task The_work_of_a_superseded_run_ends_at_once_and_the_next_begins_after_the_write()
    {
        var thread = Begun();
        SubmitAndPass(thread, Say("one"));
        var first = Graph.Next();

        Region.Tell(new SubmitRun(thread, Say("two", MultitaskStrategy.Interrupt), None, CreatesThread: false), TestActor);
        var write = _writes.ExpectMsg<HeldWrite>();
        await first.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(Graph.IsQuiet);
        write.Pass();

        ExpectMsg<RunAccepted>();
        Assert.Equal("two", Graph.Next().Says);
    }

    [Fact]
    public async Task A_step_is_told_to_readers_after_its_write()
    {
        var thread = Begun();
        var run = SubmitAndPass(thread, Say("one"));
        var stream = Open(thread, run.Id);
        Graph.Next().Answer("done");

        var write = _writes.ExpectMsg<HeldWrite>();
        Assert.False(stream.Outcome.IsCompleted);
        write.Pass();

        await stream.Outcome.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void When_the_write_fails_the_sender_is_told_and_nothing_of_it_is_true()
    {
        var thread = Begun();

        Region.Tell(new SubmitRun(thread, Say("hi"), None, CreatesThread: false), TestActor);
        _writes.ExpectMsg<HeldWrite>().Fail();

        var failure = Assert.IsType<JournalUnavailableException>(ExpectMsg<Status.Failure>().Cause);
        Assert.Equal((thread, 2), (failure.ThreadId, failure.SequenceNr));
        AwaitAssert(() => Assert.Empty(Read(thread).Runs));
        Assert.True(Graph.IsQuiet);
    }

    [Fact]
    public void Who_speaks_to_a_thread_between_its_fault_and_its_end_is_told_to_come_again()
    {
        var thread = Begun();
        Region.Tell(new SubmitRun(thread, Say("one"), None, CreatesThread: false), TestActor);
        var write = _writes.ExpectMsg<HeldWrite>();
        var other = CreateTestProbe();
        Region.Tell(new SubmitRun(thread, Say("two"), None, CreatesThread: false), other.Ref);
        Region.Tell(new ReadThread(thread), other.Ref);
        Read(Begun()); // The region has handed them on, and the thread has put them aside.

        write.Fail();

        Assert.IsType<JournalUnavailableException>(ExpectMsg<Status.Failure>().Cause);
        foreach (var answer in other.ReceiveN(2))
            Assert.IsType<JournalUnavailableException>(Assert.IsType<Status.Failure>(answer).Cause);
        AwaitAssert(() => Assert.Empty(Read(thread).Runs));
    }

    [Fact]
    public void A_run_at_work_whose_step_cannot_be_recorded_goes_on_as_the_next_attempt()
    {
        var thread = Begun();
        SubmitAndPass(thread, Say("hi"));
        Graph.Next().Answer("lost");

        _writes.ExpectMsg<HeldWrite>().Fail();
        _writes.ExpectMsg<HeldWrite>().Pass(); // The thread is back, and the run has begun anew.
        var again = Graph.Next();

        Assert.Equal((2, "hi"), (again.Context.Attempt, again.Says));
    }

    [Fact]
    public void A_deleted_thread_whose_journal_cannot_be_emptied_stays_deleted()
    {
        var thread = Begun();
        Region.Tell(new DeleteThread(thread), TestActor);
        _writes.ExpectMsg<HeldWrite>().Pass();
        ExpectMsg<Deleted>();

        LoseTheProcess();

        Region.Tell(new ReadThread(thread), TestActor);
        Assert.Equal(new Refusal.ThreadNotFound(thread), ExpectMsg<Refused>().Reason);
        Region.Tell(new BeginThread(thread, None, MayExist: false), TestActor);
        _writes.ExpectMsg<HeldWrite>().Pass();
        Assert.Empty(ExpectMsg<ThreadRead>().Ledger.Runs);
    }

    private ThreadId Begun()
    {
        var thread = Ids.NewThreadId();
        Region.Tell(new BeginThread(thread, None, MayExist: false), TestActor);
        _writes.ExpectMsg<HeldWrite>().Pass();
        ExpectMsg<ThreadRead>();
        return thread;
    }

    private RunLedger SubmitAndPass(ThreadId thread, RunRequest request)
    {
        Region.Tell(new SubmitRun(thread, request, None, CreatesThread: false), TestActor);
        _writes.ExpectMsg<HeldWrite>().Pass();
        return ExpectMsg<RunAccepted>().Run;
    }
}
