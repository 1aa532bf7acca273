using System.Text;
using ActorRuns.Hosting;
using ActorRuns.Runs;
using ActorRuns.Streams;
using ActorRuns.Tests.Simulation;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Tests.Threads;

/// <summary>A thread at rest is saved beside its journal; that shortens the way back, and changes nothing.</summary>
public sealed class SnapshotSpec : RuntimeTest
{
    private readonly Disk _disk;

    public SnapshotSpec() : this(new Disk())
    {
    }

    private SnapshotSpec(Disk disk)
        : base(Disks.Hocon(disk), new RuntimeOptions { SnapshotEvery = 5 }) => _disk = disk;

    [Fact]
    public void A_thread_comes_back_from_its_snapshot_as_it_was()
    {
        var thread = Saved();
        var before = Likeness.Of(Read(thread));
        Forget(thread, upTo: 3); // Only the snapshot can tell what these were.

        LoseTheProcess();

        Assert.Equal(before, Likeness.Of(Read(thread)));
        Converse(thread, "two", "2");
        Assert.Equal(["human: one", "ai: 1", "human: two", "ai: 2"], Transcript(Read(thread)));
    }

    [Fact]
    public async Task A_run_that_waits_in_a_snapshot_is_started_and_has_its_stream()
    {
        var thread = NewThread();
        var later = Submit(thread, Say("later") with { Delay = TimeSpan.FromMilliseconds(700) });
        Converse(thread, "one", "1");
        AwaitAssert(() => Assert.NotEmpty(_disk.Snapshots()));
        LoseTheProcess();

        var end = EndOf(thread, later.Id);
        Graph.Next().Answer("2");

        Assert.NotNull((await end).Run?.Cause);
    }

    [Fact]
    public void A_run_at_work_is_saved_as_it_begins_and_tells_its_whole_stream_from_there()
    {
        var thread = NewThread();
        var run = Submit(thread, Say("one"));
        Graph.Next().Call("search");
        Graph.Next();
        AwaitAssert(() => Assert.Single(_disk.Snapshots()));
        var told = Told(thread, run.Id);
        Forget(thread, upTo: 5); // Its beginning is in the snapshot alone.

        LoseTheProcess();

        Assert.Equal((2, RunStatus.Running), (Read(thread).Runs[run.Id].Attempt, Read(thread).Runs[run.Id].Status));
        Assert.NotEmpty(told);
        Assert.Equal(told, Told(thread, run.Id).Take(told.Length));
    }

    [Fact]
    public void A_thread_that_never_rests_is_saved_when_the_next_run_begins()
    {
        var thread = NewThread();
        Submit(thread, Say("one") with { Webhook = new Uri("https://hook.test/") });
        Submit(thread, Say("two"));
        Submit(thread, Say("three"));
        var upTo = _disk.Highest(ThreadActor.JournalOf(thread));
        Graph.Next().Answer("1");
        Assert.Equal("two", Graph.Next().Says);
        var before = Read(thread);
        Forget(thread, upTo);

        LoseTheProcess();

        Read(thread);
        var again = Graph.Next();
        Assert.Equal((2, "two"), (again.Context.Attempt, again.Says));
        Assert.Equal(Likeness.Of(before.Queue), Likeness.Of(Read(thread).Queue));
        Assert.Equal(Likeness.Of(before.Order), Likeness.Of(Read(thread).Order));
        Assert.Equal(Likeness.Of(Hooks.Next().Owed), Likeness.Of(Hooks.Next().Owed));
    }

    [Fact]
    public void A_thread_that_gives_its_memory_back_is_saved_first()
    {
        var thread = NewThread();
        Assert.Empty(_disk.Snapshots());
        var actor = ActorOf(thread);
        Watch(actor);

        Region.Tell(new Passivate(), actor);

        ExpectTerminated(actor);
        Forget(thread, upTo: 1);
        Assert.True(Read(thread).Exists);
    }

    [Fact]
    public void Runs_that_are_laid_aside_are_what_they_were_and_can_be_deleted()
    {
        var thread = NewThread();
        var first = Submit(thread, Say("one"));
        Graph.Next().Answer("1");
        Converse(thread, "two", "2");
        AwaitAssert(() => Assert.NotNull(Read(thread).Runs.Archive));
        var before = Likeness.Of(Read(thread));

        LoseTheProcess();
        Assert.Equal(before, Likeness.Of(Read(thread)));
        Region.Tell(new DeleteRun(thread, first.Id), TestActor);
        ExpectMsg<Deleted>();
        Converse(thread, "three", "3");
        LoseTheProcess();

        var ledger = Read(thread);
        Assert.Equal((2, false), (ledger.Runs.Count, ledger.Runs.ContainsKey(first.Id)));
        Assert.Equal(ledger.Order, ledger.Begun);
    }

    [Fact]
    public void A_snapshot_that_cannot_be_read_is_not_used()
    {
        var thread = Saved();
        var before = Likeness.Of(Read(thread));
        _disk.DamageSnapshot(ThreadActor.JournalOf(thread));

        LoseTheProcess();

        Assert.Equal(before, Likeness.Of(Read(thread)));
        Converse(thread, "two", "2");
        Assert.Equal(["human: one", "ai: 1", "human: two", "ai: 2"], Transcript(Read(thread)));
    }

    [Fact]
    public void A_run_at_work_behind_a_snapshot_that_cannot_be_read_goes_on()
    {
        var thread = Saved();
        _disk.DamageSnapshot(ThreadActor.JournalOf(thread));
        Submit(thread, Say("two"));
        Graph.Next();

        LoseTheProcess();
        Region.Tell(new ReadThread(thread), TestActor);
        ExpectMsg<ThreadRead>();

        Assert.Equal((2, "two"), (Graph.Next() is var again ? again.Context.Attempt : 0, again.Says));
    }

    [Fact]
    public void A_deleted_thread_leaves_neither_snapshot_nor_journal()
    {
        var thread = Saved();

        Region.Tell(new DeleteThread(thread), TestActor);
        ExpectMsg<Deleted>();

        AwaitAssert(() => Assert.Empty(_disk.Of(ThreadActor.JournalOf(thread))));
        Assert.Empty(_disk.Snapshots());
        LoseTheProcess();
        Region.Tell(new ReadThread(thread), TestActor);
        Assert.Equal(new Refusal.ThreadNotFound(thread), ExpectMsg<Refused>().Reason);
    }

    private ThreadId Saved()
    {
        var thread = NewThread();
        Converse(thread, "one", "1");
        AwaitAssert(() => Assert.NotEmpty(_disk.Snapshots()));
        return thread;
    }

    /// <summary>What the stream of a run has told so far.</summary>
    private string[] Told(ThreadId thread, RunId run) =>
    [
        .. ((RunStream)Open(thread, run)).After(FrameId.Origin)
            .Select(frame => $"{frame.Id} {frame.Event} {Encoding.UTF8.GetString(frame.Data.Span)}"),
    ];

    private void Forget(ThreadId thread, long upTo)
    {
        for (var number = 1L; number <= upTo; number++)
            _disk.Damage(ThreadActor.JournalOf(thread), number, _ => null);
    }
}
