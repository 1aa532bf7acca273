using ActorRuns.Hosting;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Tests.Threads;

/// <summary>Idle threads give their memory back, and nothing that is sent to them meanwhile is lost.</summary>
public sealed class PassivationSpec() : RuntimeTest(
    options: new RuntimeOptions
    {
        PassivateAfter = TimeSpan.FromMilliseconds(200),
        StreamRetention = TimeSpan.Zero,
        RecordedStreamRetention = TimeSpan.Zero,
    })
{
    [Fact]
    public void An_idle_thread_stops_and_is_there_when_it_is_asked_again()
    {
        var thread = NewThread();
        Converse(thread, "one", "1");
        var actor = ActorOf(thread);

        Watch(actor);
        ExpectTerminated(actor);

        Assert.Equal(["human: one", "ai: 1"], Transcript(Read(thread)));
    }

    [Fact]
    public void What_is_sent_around_the_moment_a_thread_stops_is_answered()
    {
        var thread = NewThread();
        var actor = ActorOf(thread);

        Region.Tell(new PatchThread(thread, None), TestActor);
        Region.Tell(new Passivate(), actor);
        Region.Tell(new ReadThread(thread), TestActor);

        ExpectMsg<ThreadRead>();
        ExpectMsg<ThreadRead>();
    }

    [Fact]
    public void A_thread_that_gets_a_run_at_the_moment_it_is_to_stop_goes_on()
    {
        var thread = NewThread();
        var actor = ActorOf(thread);

        Region.Tell(new SubmitRun(thread, Say("one"), None, CreatesThread: false), TestActor);
        Region.Tell(new Passivate(), actor);
        Region.Tell(new ReadThread(thread), TestActor);

        ExpectMsg<RunAccepted>();
        ExpectMsg<ThreadRead>();
        Assert.Equal((1, "one"), (Graph.Next().Context.Attempt, "one"));
        Assert.Equal(actor, ActorOf(thread));
    }

    [Fact]
    public void A_thread_with_work_does_not_stop()
    {
        var thread = NewThread();
        Submit(thread, Say("one"));
        Graph.Next();
        Watch(ActorOf(thread));

        ExpectNoMsg(TimeSpan.FromMilliseconds(600));
    }

    [Fact]
    public void A_thread_that_is_not_there_stops_soon()
    {
        var unknown = Ids.NewThreadId();
        Region.Tell(new ReadThread(unknown), TestActor);
        ExpectMsg<Refused>();

        var actor = ActorOf(unknown);
        Watch(actor);

        ExpectTerminated(actor);
    }
}
