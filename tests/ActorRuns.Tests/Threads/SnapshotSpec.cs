using ActorRuns.Hosting;
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
    public void A_thread_with_a_run_at_work_is_saved_when_it_rests_again()
    {
        var thread = NewThread();
        Submit(thread, Say("one"));
        var visit = Graph.Next();
        visit.Call("search");
        var tool = Graph.Next();
        Assert.Empty(_disk.Snapshots());

        tool.Return(Visit.Result("search", "found"));
        Graph.Next().Answer("1");

        AwaitAssert(() => Assert.NotEmpty(_disk.Snapshots()));
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

    private void Forget(ThreadId thread, long upTo)
    {
        for (var number = 1L; number <= upTo; number++)
            _disk.Damage(ThreadActor.JournalOf(thread), number, _ => null);
    }
}
