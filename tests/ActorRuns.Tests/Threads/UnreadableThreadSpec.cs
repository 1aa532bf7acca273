using Akka.Actor;
using ActorRuns.Hosting;
using ActorRuns.Tests.Simulation;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Tests.Threads;

/// <summary>A thread whose journal cannot be read is put aside with a clear word; the others live.</summary>
public sealed class UnreadableThreadSpec : RuntimeTest
{
    private readonly Disk _disk;

    public UnreadableThreadSpec() : this(new Disk())
    {
    }

    private UnreadableThreadSpec(Disk disk)
        : base(Disks.Hocon(disk), new RuntimeOptions { PassivateAfter = TimeSpan.FromMilliseconds(300) }) =>
        _disk = disk;

    [Fact]
    public void A_fact_of_a_kind_that_is_not_known_is_named_with_its_number() =>
        Assert.Equal((2, "run-promoted/1"), Told(stored => stored with { Manifest = "run-promoted/1" }));

    [Fact]
    public void A_fact_that_is_no_JSON_any_more_is_named_with_its_number() =>
        Assert.Equal((2, "run-created/1"), Told(stored => stored with { Bytes = [.. stored.Bytes[..7]] }));

    [Fact]
    public void A_fact_that_does_not_fit_what_was_before_it_is_named_with_its_number() =>
        Assert.Equal((3, "run-started/1"), Told(stored => stored with
        {
            Manifest = "thread-patched/1",
            Bytes = "{\"at\":\"2026-11-22T07:42:32+00:00\",\"metadata\":{}}"u8.ToArray(),
        }));

    [Fact]
    public void A_fact_that_is_missing_is_named_by_its_number() =>
        Assert.Equal((2, "nothing"), Told(_ => null));

    [Fact]
    public void Nothing_is_done_with_it_and_the_others_live()
    {
        var thread = WithRunAtWork();
        var other = NewThread();
        Damage(thread, _ => null);
        var written = _disk.Highest(ThreadActor.JournalOf(thread));
        LoseTheProcess();

        Assert.NotNull(Asked(new PatchThread(thread, None)));
        Assert.NotNull(Asked(new SubmitRun(thread, Say("two"), None, CreatesThread: true)));

        Assert.True(Graph.IsQuiet);
        Converse(other, "one", "1");
        Assert.Equal(written, _disk.Highest(ThreadActor.JournalOf(thread)));
    }

    [Fact]
    public void It_is_read_anew_after_it_was_mended_and_left_alone()
    {
        var thread = WithRunAtWork();
        Stored? kept = null;
        Damage(thread, stored => (kept = stored) with { Manifest = "run-promoted/1" });
        LoseTheProcess();
        Asked(new ReadThread(thread));

        Watch(ActorOf(thread));
        Damage(thread, _ => kept);
        ExpectMsg<Terminated>();

        Assert.Single(Read(thread).Runs);
        Assert.Equal(2, Graph.Next().Context.Attempt);
    }

    [Fact]
    public void It_can_be_deleted()
    {
        var thread = WithRunAtWork();
        Damage(thread, stored => stored with { Manifest = "run-promoted/1" });
        LoseTheProcess();

        Region.Tell(new DeleteThread(thread), TestActor);
        ExpectMsg<Deleted>();

        Region.Tell(new ReadThread(thread), TestActor);
        Assert.Equal(new Refusal.ThreadNotFound(thread), ExpectMsg<Refused>().Reason);
        AwaitAssert(() => Assert.Empty(_disk.Of(ThreadActor.JournalOf(thread))));
    }

    private (int SequenceNr, string Manifest) Told(Func<Stored, Stored?> damage)
    {
        var thread = WithRunAtWork();
        Damage(thread, damage);
        LoseTheProcess();

        var told = Asked(new ReadThread(thread));
        return ((int)told.SequenceNr, told.Manifest);
    }

    private ThreadUnreadableException Asked(IThreadMessage message)
    {
        Region.Tell(message, TestActor);
        return Assert.IsType<ThreadUnreadableException>(ExpectMsg<Status.Failure>().Cause);
    }

    /// <summary>A thread of which number 2 says that its run was created.</summary>
    private ThreadId WithRunAtWork()
    {
        var thread = NewThread();
        Submit(thread, Say("one"));
        Graph.Next();
        return thread;
    }

    private void Damage(ThreadId thread, Func<Stored, Stored?> change) =>
        _disk.Damage(ThreadActor.JournalOf(thread), 2, change);
}
