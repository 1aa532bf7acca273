using ActorRuns.Threads;

namespace ActorRuns.Cluster;

/// <summary>
/// Who owns which shard, as far as this member knows: written by the cluster's actor alone, read from anywhere.
/// </summary>
public sealed class ShardMap
{
    private static readonly TimeSpan Ever = TimeSpan.MaxValue;

    private readonly ShardPermit? _sole;
    private volatile Known _known = new([], LeaseView.Empty);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ShardMap(Member? self, ShardPermit? sole)
    {
        Self = self;
        _sole = sole;
    }

    /// <summary>This member; null when the runtime is alone, and owns everything.</summary>
    public Member? Self { get; }

    /// <summary>The cluster when it was last heard of.</summary>
    public LeaseView View => _known.View;

    /// <summary>Completes when something has changed after it was asked for.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>True when threads of this shard are executed here, and something new may begin.</summary>
    public bool IsMine(ThreadId thread) => PermitOf(thread) is { IsOpen: true };

    /// <summary>
    /// True when a thread is to be asked for here: it is this member's, or is just about to leave it.
    /// </summary>
    public bool MayServe(ThreadId thread) => PermitOf(thread) is { IsLive: true };

    /// <summary>True when this member owns anything that is not being given back.</summary>
    public bool OwnsAnything => Self is null || _known.Permits.Values.Any(permit => permit.IsOpen);

    /// <summary>The member that owns a thread's shard; null when none does, or this runtime is alone.</summary>
    public Member? OwnerOf(ThreadId thread) => _known.View.OwnerOf(Shard.Of(thread));

    /// <summary>Completes when this member has its place in the cluster, and is not leaving; else it fails.</summary>
    internal Task CheckAsync(CancellationToken cancellationToken)
    {
        var view = View;
        var self = view.Members.FirstOrDefault(known => known.Member.Id == Self?.Id)?.Member;
        if (self is null or { IsLeaving: true })
            throw new InvalidOperationException(self is null ? "It is not a member yet." : "It is leaving.");
        if (!OwnsAnything && view.Leases.Any(lease => lease.Owner == self.Id))
            throw new InvalidOperationException("Its leases have run out.");
        return Task.CompletedTask;
    }

    /// <summary>A map for a runtime that is alone: all is its own, for ever.</summary>
    internal static ShardMap Sole()
    {
        var permit = new ShardPermit(default, epoch: 0, clock: null);
        permit.LiveUntil(Ever);
        return new ShardMap(self: null, permit);
    }

    /// <summary>A map for a member that owns nothing yet.</summary>
    internal static ShardMap Of(Member self) => new(self, sole: null);

    /// <summary>What lets a thread be executed here; null when it may not be.</summary>
    internal ShardPermit? PermitOf(ThreadId thread) =>
        _sole ?? _known.Permits.GetValueOrDefault(Shard.Of(thread));

    /// <summary>Takes note of what is owned now, and tells those who wait.</summary>
    internal void Set(IReadOnlyDictionary<Shard, ShardPermit> permits, LeaseView view)
    {
        _known = new Known(new Dictionary<Shard, ShardPermit>(permits), view);
        Interlocked.Exchange(
            ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    private sealed record Known(Dictionary<Shard, ShardPermit> Permits, LeaseView View);
}
