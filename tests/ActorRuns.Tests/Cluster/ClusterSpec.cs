using ActorRuns.Cluster;
using ActorRuns.Runs;
using ActorRuns.Streams;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Tests.Cluster;

public sealed class ClusterSpec : ClusterTest
{
    [Fact]
    public void Who_is_alone_executes_all_threads()
    {
        var alone = Join();
        AwaitShares(alone);

        var thread = NewThread(alone);
        Submit(alone, thread, Say("hi"));
        Graph.Next().Answer("hello");

        AwaitAssert(() => Assert.Equal(["human: hi", "ai: hello"], Transcript(Read(alone, thread))));
    }

    [Fact]
    public void Who_joins_takes_its_share_with_the_threads_in_it()
    {
        var first = Join();
        AwaitShares(first);
        var threads = Enumerable.Range(0, 16).Select(_ => NewThread(first)).ToList();

        var second = Join();
        AwaitShares(first, second);

        var moved = threads.Where(second.Shards.IsMine).ToList();
        Assert.InRange(moved.Count, 1, 15); // 16 of 16 on one side would be 1 in 32,768.
        Assert.All(moved, thread => Assert.True(Read(second, thread).Exists));
        first.Region.Tell(new ReadThread(moved[0]), TestActor);
        Assert.Equal(new Refusal.ThreadElsewhere(moved[0]), ExpectMsg<Refused>().Reason);
        AwaitAssert(() => Assert.Equal(second.Shards.Self, first.Shards.OwnerOf(moved[0])));
    }

    [Fact]
    public void A_run_at_work_goes_to_another_member_between_two_steps_and_loses_nothing()
    {
        var first = Join();
        AwaitShares(first);
        var thread = NewThread(first);
        var run = Submit(first, thread, Say("look it up"));
        var model = Graph.Next();

        var second = Join();
        BeginLeaving(first, thread);
        model.Call("search");
        var tool = Graph.Next(); // The journal says that the tool is at work: it is let do so.
        Assert.Equal(1, tool.Context.Attempt);
        tool.Return(Visit.Result("search", "found"));
        ExpectMsg<ClusterLeft>();

        var answer = Graph.Next();
        Assert.Equal(2, answer.Context.Attempt);
        Assert.Equal([1], Read(second, thread).HandedOver);
        answer.Answer("there");
        AwaitAssert(() => Assert.True(Read(second, thread).Runs[run.Id].IsTerminal));
        var after = Read(second, thread);
        Assert.Equal(["human: look it up", "ai: ", "tool: found", "ai: there"], Transcript(after));
    }

    [Fact]
    public async Task Who_reads_the_stream_of_a_run_that_goes_elsewhere_is_cut_off_and_reads_on_there()
    {
        var first = Join();
        AwaitShares(first);
        var thread = NewThread(first);
        var run = Submit(first, thread, Say("look it up"));
        var model = Graph.Next();
        first.Region.Tell(new OpenStream(thread, run.Id), TestActor);
        var stream = ExpectMsg<StreamOpened>().Stream;

        var second = Join();
        BeginLeaving(first, thread);
        model.Call("search");
        Graph.Next().Return(Visit.Result("search", "found"));
        ExpectMsg<ClusterLeft>();

        var last = FrameId.Origin;
        var reading = ReadAsync(stream, frame => last = frame.Id);
        await Assert.ThrowsAsync<StreamBrokenException>(() => reading);
        Graph.Next().Answer("there");
        second.Region.Tell(new OpenStream(thread, run.Id), TestActor);
        var rest = new List<StreamFrame>();
        await ReadAsync(ExpectMsg<StreamOpened>().Stream, rest.Add, last);
        Assert.All(rest, frame => Assert.True(frame.Id > last));
        Assert.Contains(rest, frame => frame.Event is "metadata"); // The second attempt.
    }

    [Fact]
    public void Who_cannot_renew_stops_and_another_member_goes_on()
    {
        var first = Join();
        AwaitShares(first);
        var thread = NewThread(first);
        var run = Submit(first, thread, Say("hi"));
        var lost = Graph.Next();

        RunOut(first);
        var second = Join();
        var again = Graph.Next();

        AwaitAssert(() => Assert.True(lost.Cancelled.Task.IsCompleted));
        Assert.Equal(2, again.Context.Attempt);
        Assert.Empty(Read(second, thread).HandedOver);
        lost.Answer("from the grave");
        again.Answer("hello");
        AwaitAssert(() => Assert.True(Read(second, thread).Runs[run.Id].IsTerminal));
        Assert.Equal(["human: hi", "ai: hello"], Transcript(Read(second, thread)));
    }

    [Fact]
    public void Who_can_renew_again_gets_its_share_back()
    {
        var first = Join();
        AwaitShares(first);
        RunOut(first);
        var second = Join();
        AwaitShares(second);

        first.Leases.IsCut = false;

        AwaitShares(first, second);
    }

    [Fact]
    public void A_run_that_does_not_come_to_the_end_of_its_step_is_stopped_when_the_time_to_drain_is_up()
    {
        var first = Join(drain: TimeSpan.FromMilliseconds(50));
        AwaitShares(first);
        var thread = NewThread(first);
        Submit(first, thread, Say("hi"));
        var slow = Graph.Next();

        first.Actor.Tell(new LeaveCluster(), TestActor);

        ExpectMsg<ClusterLeft>();
        AwaitAssert(() => Assert.True(slow.Cancelled.Task.IsCompleted));
        var second = Join();
        Assert.Equal(2, Graph.Next().Context.Attempt);
        AwaitShares(second);
    }

    [Fact]
    public void A_run_that_was_accepted_while_its_thread_goes_elsewhere_begins_there()
    {
        var first = Join();
        AwaitShares(first);
        var thread = NewThread(first);
        Submit(first, thread, Say("hi"));
        var model = Graph.Next();
        var second = Join();
        BeginLeaving(first, thread);

        var run = Submit(first, thread, Say("no, this", MultitaskStrategy.Interrupt));
        AwaitAssert(() => Assert.True(model.Cancelled.Task.IsCompleted));
        ExpectMsg<ClusterLeft>();

        Graph.Next().Answer("that");
        AwaitAssert(() => Assert.Equal(RunStatus.Success, Read(second, thread).Runs[run.Id].Status));
    }

    [Fact]
    public void What_another_member_has_can_be_read_off_the_journal()
    {
        var first = Join();
        AwaitShares(first);
        var thread = NewThread(first);
        Submit(first, thread, Say("hi"));
        Graph.Next().Answer("hello");
        AwaitAssert(() => Assert.Equal(ThreadStatus.Idle, Read(first, thread).Status));
        var second = Join();

        second.Region.Tell(new ReadElsewhere(thread), TestActor);

        Assert.Equal(["human: hi", "ai: hello"], Transcript(ExpectMsg<ThreadRead>().Ledger));
    }

    [Fact]
    public void A_member_that_was_held_up_answers_nobody_when_it_goes_on()
    {
        var first = Join();
        AwaitShares(first);
        var thread = NewThread(first);

        first.Time.Skip(Ttl); // No timer has fired yet: this is the first that the member does.
        first.Region.Tell(new ReadThread(thread), TestActor);

        Assert.Equal(new Refusal.ThreadElsewhere(thread), ExpectMsg<Refused>().Reason);
    }

    private static async Task ReadAsync(IRunStream stream, Action<StreamFrame> read, FrameId? after = null)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await foreach (var frame in stream.ReadAsync(after ?? FrameId.Origin, timeout.Token))
            read(frame);
    }
}
