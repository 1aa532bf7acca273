using System.Text.Json;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Tests.Threads;

/// <summary>Older revisions of a thread's state: read, gone on from, edited and copied.</summary>
public sealed class ThreadPastSpec : RuntimeTest
{
    private static readonly JsonElement Edit = JsonElement.Parse("""{"messages":"edited"}""");

    [Fact]
    public void A_run_goes_on_from_an_older_revision()
    {
        var thread = NewThread();
        Converse(thread, "one", "1");
        var older = History(thread)[0].Id;
        Converse(thread, "two", "2");

        SubmitFrom(thread, older, Say("three"));
        ExpectMsg<RunAccepted>();

        Assert.Equal("three", Graph.Next().Says);
        Assert.Equal(["human: one", "ai: 1", "human: three"], Transcript(Read(thread)));
    }

    [Fact]
    public void A_run_that_went_on_from_an_older_revision_does_so_after_a_crash()
    {
        var thread = NewThread();
        Converse(thread, "one", "1");
        var older = History(thread)[0].Id;
        Converse(thread, "two", "2");
        SubmitFrom(thread, older, Say("three"));
        ExpectMsg<RunAccepted>();
        Graph.Next();

        LoseTheProcess();

        Assert.Equal(["human: one", "ai: 1", "human: three"], Transcript(Read(thread)));
        Assert.Equal(2, Graph.Next().Context.Attempt);
    }

    [Fact]
    public void A_run_from_a_revision_that_the_thread_does_not_have_is_refused()
    {
        var thread = NewThread();
        Converse(thread, "one", "1");

        SubmitFrom(thread, new CheckpointId(Guid.Empty), Say("two"));

        Assert.Equal("checkpoint_id", Assert.IsType<Refusal.InvalidInput>(ExpectMsg<Refused>().Reason).Field);
        Assert.Single(Read(thread).Runs);
    }

    [Fact]
    public void An_edit_goes_on_from_an_older_revision()
    {
        var thread = NewThread();
        Converse(thread, "one", "1");
        var older = History(thread)[0].Id;
        Converse(thread, "two", "2");

        Region.Tell(new EditState(thread, new StateEdit([Edit], AsNode: null), older), TestActor);

        var ledger = ExpectMsg<ThreadRead>().Ledger;
        Assert.Equal(["human: one", "ai: 1", "human: edited"], Transcript(ledger));
        Assert.Equal(older, ledger.Position.Head?.Parent);
    }

    [Fact]
    public void An_edit_from_a_revision_that_the_thread_does_not_have_is_refused()
    {
        var thread = NewThread();
        Converse(thread, "one", "1");

        var nowhere = new CheckpointId(Guid.Empty);
        Region.Tell(new EditState(thread, new StateEdit([Edit], AsNode: null), nowhere), TestActor);

        Assert.IsType<Refusal.InvalidInput>(ExpectMsg<Refused>().Reason);
    }

    [Fact]
    public void An_edit_while_a_run_is_at_work_is_refused()
    {
        var thread = NewThread();
        Submit(thread, Say("one"));
        Graph.Next();

        Region.Tell(new EditState(thread, new StateEdit([Edit], AsNode: null), From: null), TestActor);

        Assert.Equal(new Refusal.ThreadBusy(thread), ExpectMsg<Refused>().Reason);
    }

    [Fact]
    public void The_history_after_a_rollback_is_the_one_before_the_run()
    {
        var thread = NewThread();
        Converse(thread, "one", "1");
        var before = History(thread).Select(revision => revision.Id);
        var undone = Submit(thread, Say("two"));
        Graph.Next().Call("search");
        Graph.Next();

        Region.Tell(new StopRuns(thread, [undone.Id], Undo: true, Wait: false), TestActor);
        ExpectMsg<RunsStopped>();

        Assert.Equal(before, History(thread).Select(revision => revision.Id));
        Assert.Equal(["human: one", "ai: 1"], Transcript(Read(thread)));
    }

    [Fact]
    public void The_history_of_a_thread_that_is_not_there_is_refused()
    {
        var unknown = Ids.NewThreadId();

        Region.Tell(new ReadHistory(unknown), TestActor);

        Assert.Equal(new Refusal.ThreadNotFound(unknown), ExpectMsg<Refused>().Reason);
    }

    [Fact]
    public void A_copy_has_the_history_and_not_the_runs()
    {
        var thread = NewThread();
        Converse(thread, "one", "1");

        var copy = Copy(thread);

        Assert.Equal(History(thread).Select(revision => revision.Id), History(copy).Select(revision => revision.Id));
        Assert.Equal(["human: one", "ai: 1"], Transcript(Read(copy)));
        Assert.Empty(Read(copy).Runs);
    }

    [Fact]
    public void A_copy_of_a_thread_at_work_has_its_last_step_and_leaves_the_work_alone()
    {
        var thread = NewThread();
        var run = Submit(thread, Say("one"));
        var visit = Graph.Next();

        var copy = Copy(thread);
        visit.Answer("1");

        AwaitAssert(() => Assert.Equal(RunStatus.Success, Read(thread).Runs[run.Id].Status));
        Assert.Equal(["human: one"], Transcript(Read(copy)));
        Assert.Equal(ThreadStatus.Idle, Read(copy).Status);
    }

    [Fact]
    public void A_copy_goes_on_by_itself_also_after_a_crash()
    {
        var thread = NewThread();
        Converse(thread, "one", "1");
        var copy = Copy(thread);
        Converse(copy, "two", "2");

        LoseTheProcess();

        Assert.Equal(["human: one", "ai: 1", "human: two", "ai: 2"], Transcript(Read(copy)));
        Assert.Equal(["human: one", "ai: 1"], Transcript(Read(thread)));
    }

    [Fact]
    public void A_copy_of_a_thread_that_is_not_there_is_refused()
    {
        var unknown = Ids.NewThreadId();

        Region.Tell(new CopyThread(unknown, Ids.NewThreadId()), TestActor);

        Assert.Equal(new Refusal.ThreadNotFound(unknown), ExpectMsg<Refused>().Reason);
    }

    private ThreadId Copy(ThreadId thread)
    {
        var copy = Ids.NewThreadId();
        Region.Tell(new CopyThread(thread, copy), TestActor);
        ExpectMsg<ThreadRead>();
        return copy;
    }

    private void SubmitFrom(ThreadId thread, CheckpointId from, RunRequest request) =>
        Region.Tell(new SubmitRun(thread, request, None, CreatesThread: false) { From = from }, TestActor);
}
