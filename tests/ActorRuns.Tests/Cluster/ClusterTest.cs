using Akka.Actor;
using ActorRuns.Cluster;
using ActorRuns.Hosting;
using ActorRuns.Ids;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Tests.Cluster;

/// <summary>
/// Several members in one process: each with actors of its own, on one journal, one index and one lease table.
/// </summary>
public abstract class ClusterTest : RuntimeTest
{
    /// <summary>Longer than a busy machine holds a process up: a lease runs out when a test says so.</summary>
    protected static readonly TimeSpan Ttl = TimeSpan.FromMinutes(2);

    private readonly SkippingTime _leaseTime = new();
    private readonly MemoryShardLeases _leases;
    private int _members;

    protected ClusterTest() => _leases = new MemoryShardLeases(_leaseTime);

    private protected TestMember Join(TimeSpan? drain = null)
    {
        var number = ++_members;
        var leases = new BreakableLeases(_leases);
        var time = new SkippingTime();
        var self = new Member(
            RuntimeIds.NewMemberId(TimeProvider.System), new Uri($"http://member-{number}"), IsLeaving: false);
        var services = Services with
        {
            Shards = ShardMap.Of(self),
            Time = time,
            Options = new RuntimeOptions
            {
                Cluster = new ClusterOptions { Ttl = Ttl, Drain = drain ?? TimeSpan.FromSeconds(10) },
            },
        };
        var region = Sys.ActorOf(ThreadRegion.Props(services), $"member-{number}");
        var cluster = Sys.ActorOf(
            ClusterActor.Props(new ClusterSeat(leases, self.Address), services.Shards, region, services),
            $"cluster-{number}");
        return new TestMember(services.Shards, region, cluster, leases, time);
    }

    /// <summary>Waits until members own all shards, each its share.</summary>
    private protected void AwaitShares(params TestMember[] members) => AwaitAssert(
        () => Assert.All(members, member =>
        {
            var owned = Shard.All.Count(shard => member.Shards.View.OwnerOf(shard)?.Id == member.Shards.Self!.Id);
            Assert.InRange(owned, Shard.Count / members.Length, (Shard.Count / members.Length) + 1);
        }),
        TimeSpan.FromSeconds(10),
        TimeSpan.FromMilliseconds(10));

    private protected ThreadId NewThread(TestMember member)
    {
        ThreadId thread;
        do
            thread = Ids.NewThreadId();
        while (!member.Shards.IsMine(thread));
        member.Region.Tell(new BeginThread(thread, None, MayExist: false), TestActor);
        ExpectMsg<ThreadRead>();
        return thread;
    }

    private protected RunLedger Submit(TestMember member, ThreadId thread, RunRequest request)
    {
        member.Region.Tell(new SubmitRun(thread, request, None, CreatesThread: false), TestActor);
        return ExpectMsg<RunAccepted>().Run;
    }

    /// <summary>Has a member leave, and returns when a thread knows; the answer is still to come.</summary>
    private protected void BeginLeaving(TestMember member, ThreadId thread)
    {
        member.Actor.Tell(new LeaveCluster(), TestActor);
        member.Actor.Tell(new Identify(member), TestActor);
        ExpectMsg<ActorIdentity>(); // The region has been told by now, and tells the thread before it hands this on.
        Read(member, thread);
    }

    private protected ThreadLedger Read(TestMember member, ThreadId thread)
    {
        member.Region.Tell(new ReadThread(thread), TestActor);
        return ExpectMsg<ThreadRead>().Ledger;
    }

    private protected sealed record TestMember(
        ShardMap Shards, IActorRef Region, IActorRef Actor, BreakableLeases Leases, SkippingTime Time);

    /// <summary>Lets the time of a lease pass for the lease table, and for a member that cannot reach it.</summary>
    private protected void RunOut(TestMember member)
    {
        member.Leases.IsCut = true;
        member.Time.Skip(Ttl);
        _leaseTime.Skip(Ttl);
    }

    /// <summary>The time of a process that can be held up: what it measures jumps, and no timer has fired.</summary>
    private protected sealed class SkippingTime : TimeProvider
    {
        private long _skippedMs;

        public void Skip(TimeSpan time) => Interlocked.Add(ref _skippedMs, (long)time.TotalMilliseconds);

        public override long GetTimestamp() =>
            base.GetTimestamp() + (Interlocked.Read(ref _skippedMs) * (TimestampFrequency / 1000));

        public override DateTimeOffset GetUtcNow() =>
            base.GetUtcNow() + TimeSpan.FromMilliseconds(Interlocked.Read(ref _skippedMs));
    }

    /// <summary>A way to the leases that a test can cut.</summary>
    private protected sealed class BreakableLeases(IShardLeases leases) : IShardLeases
    {
        private volatile bool _isCut;

        public bool IsCut
        {
            get => _isCut;
            set => _isCut = value;
        }

        public Task<LeaseView> RenewAsync(LeaseRequest request, CancellationToken cancellationToken) =>
            _isCut ? throw Cut() : leases.RenewAsync(request, cancellationToken);

        public Task ReleaseAsync(
            MemberId member, IReadOnlyCollection<HeldLease> held, CancellationToken cancellationToken) =>
            _isCut ? throw Cut() : leases.ReleaseAsync(member, held, cancellationToken);

        public Task LeaveAsync(MemberId member, CancellationToken cancellationToken) =>
            _isCut ? throw Cut() : leases.LeaveAsync(member, cancellationToken);

        public Task WaitForChangeAsync(CancellationToken cancellationToken) =>
            leases.WaitForChangeAsync(cancellationToken);

        private static LeasesUnavailableException Cut() => new(new IOException("The test has cut the line."));
    }
}
