using ActorRuns.Threads;
using Akka.Actor;
using Akka.Persistence;
using Xunit;

namespace ActorRuns.Tests.Threads;

/// <summary>Threads and runs that are deleted while they are at work, and what is left of them: nothing.</summary>
public sealed class ThreadDeletionSpec : RuntimeTest
{
    [Fact]
    public async Task Deleting_a_thread_ends_its_work_and_its_streams()
    {
        var thread = NewThread();
        var run = Submit(thread, Say("one"));
        var visit = Graph.Next();
        var stream = Open(thread, run.Id);

        Delete(thread);

        await visit.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await stream.Outcome.WaitAsync(TimeSpan.FromSeconds(10));
        Region.Tell(new ReadThread(thread), TestActor);
        Assert.Equal(new Refusal.ThreadNotFound(thread), ExpectMsg<Refused>().Reason);
    }

    [Fact]
    public void Deleting_a_thread_empties_its_journal()
    {
        var thread = NewThread();
        Converse(thread, "one", "1");

        Delete(thread);

        AwaitAssert(() => Assert.Empty(JournalOf(thread)));
    }

    [Fact]
    public void A_thread_can_begin_anew_under_the_id_of_a_deleted_one()
    {
        var thread = NewThread();
        Submit(thread, Say("one"));
        var late = Graph.Next();
        Delete(thread);

        Region.Tell(new BeginThread(thread, None, MayExist: false), TestActor);
        ExpectMsg<ThreadRead>();
        Submit(thread, Say("two"));
        late.Answer("too late");
        Graph.Next().Answer("2");

        AwaitAssert(() => Assert.Equal(["human: two", "ai: 2"], Transcript(Read(thread))));
    }

    [Fact]
    public void A_thread_that_began_anew_is_recovered_without_its_former_life()
    {
        var thread = NewThread();
        Converse(thread, "one", "1");
        Delete(thread);
        Region.Tell(new BeginThread(thread, None, MayExist: false), TestActor);
        ExpectMsg<ThreadRead>();
        Converse(thread, "two", "2");

        LoseTheProcess();

        Assert.Equal(["human: two", "ai: 2"], Transcript(Read(thread)));
    }

    [Fact]
    public void A_deleted_thread_is_not_found_after_a_crash()
    {
        var thread = NewThread();
        Delete(thread);

        LoseTheProcess();

        Region.Tell(new ReadThread(thread), TestActor);
        Assert.Equal(new Refusal.ThreadNotFound(thread), ExpectMsg<Refused>().Reason);
    }

    [Fact]
    public async Task Deleting_a_run_at_work_ends_it_and_the_next_one_begins()
    {
        var thread = NewThread();
        var run = Submit(thread, Say("one"));
        var visit = Graph.Next();
        Submit(thread, Say("two"));

        Region.Tell(new DeleteRun(thread, run.Id), TestActor);
        ExpectMsg<Deleted>();

        await visit.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal("two", Graph.Next().Says);
        Region.Tell(new OpenStream(thread, run.Id), TestActor);
        Assert.Equal(new Refusal.RunNotFound(run.Id), ExpectMsg<Refused>().Reason);
    }

    private void Delete(ThreadId thread)
    {
        Region.Tell(new DeleteThread(thread), TestActor);
        ExpectMsg<Deleted>();
    }

    /// <summary>Everything that is stored of a thread.</summary>
    private List<object> JournalOf(ThreadId thread)
    {
        var probe = CreateTestProbe();
        Sys.ActorOf(Props.Create(() => new Replay(ThreadActor.JournalOf(thread), probe.Ref)));
        return probe.ExpectMsg<List<object>>();
    }

    private sealed class Replay(string persistenceId, IActorRef asker) : UntypedPersistentActor
    {
        private readonly List<object> _events = [];

        public override string PersistenceId => persistenceId;

        protected override void OnRecover(object message)
        {
            if (message is ThreadEvent)
                _events.Add(message);
            else if (message is RecoveryCompleted)
                asker.Tell(_events);
        }

        protected override void OnCommand(object message) => Unhandled(message);
    }
}
