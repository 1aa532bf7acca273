using System.Collections.Immutable;

namespace ActorRuns.Cluster;

/// <summary>Leases of runtimes in one process, for tests.</summary>
/// <param name="time">The one clock.</param>
public sealed class MemoryShardLeases(TimeProvider time) : IShardLeases
{
    private readonly Lock _lock = new();
    private readonly Dictionary<MemberId, Seat> _members = [];
    private readonly Lease[] _leases = [.. Shard.All.Select(_ => new Lease(null, 0, default))];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc />
    public Task<LeaseView> RenewAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var member = request.Member;
            var known = _members.GetValueOrDefault(member.Id);
            _members[member.Id] = new Seat(member, known?.StartedAt ?? now, now, now + request.Ttl, request.Load);
            foreach (var silent in _members.Where(other => other.Value.ExpiresAt <= now).Select(other => other.Key))
                _members.Remove(silent);

            var held = request.Held.Where(lease => IsOwned(member.Id, lease, now)).ToList();
            foreach (var lease in held)
                _leases[lease.Shard.Number] = _leases[lease.Shard.Number] with { ExpiresAt = now + request.Ttl };

            var share = FairShare.Of(member.Id, _members.Values.Select(seat => seat.Member));
            var free = Shard.All
                .Where(shard => _leases[shard.Number] is var lease
                    && (lease.ExpiresAt <= now || lease.Owner == member.Id)
                    && held.TrueForAll(kept => kept.Shard != shard))
                .Take(Math.Max(0, share - held.Count))
                .ToList();
            foreach (var shard in free)
                _leases[shard.Number] = new Lease(member.Id, _leases[shard.Number].Epoch + 1, now + request.Ttl);
            if (known is null || known.Member.IsLeaving != member.IsLeaving || free.Count > 0)
                TellOfChange();
            return Task.FromResult(View(now));
        }
    }

    /// <inheritdoc />
    public Task ReleaseAsync(
        MemberId member, IReadOnlyCollection<HeldLease> leases, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var lease in leases.Where(lease => IsOwned(member, lease, time.GetUtcNow())))
                Free(lease.Shard.Number);
            TellOfChange();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task LeaveAsync(MemberId member, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            for (var number = 0; number < Shard.Count; number++)
            {
                if (_leases[number].Owner == member)
                    Free(number);
            }

            _members.Remove(member);
            TellOfChange();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task WaitForChangeAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            return _changed.Task.WaitAsync(cancellationToken);
    }

    private bool IsOwned(MemberId member, HeldLease held, DateTimeOffset now) =>
        _leases[held.Shard.Number] is var lease
        && lease.Owner == member && lease.Epoch == held.Epoch && lease.ExpiresAt > now;

    private void Free(int number) => _leases[number] = new Lease(null, _leases[number].Epoch, default);

    private LeaseView View(DateTimeOffset now) => new(
        [
            .. _members.Values.Select(seat =>
                new MemberStatus(seat.Member, seat.StartedAt, now - seat.HeardAt, seat.Load)),
        ],
        [
            .. _leases.Select((lease, number) => lease.ExpiresAt > now
                ? new ShardLease(new Shard(number), lease.Owner, lease.Epoch, lease.ExpiresAt - now)
                : new ShardLease(new Shard(number), Owner: null, lease.Epoch, TimeSpan.Zero)),
        ]);

    private void TellOfChange()
    {
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed record Lease(MemberId? Owner, long Epoch, DateTimeOffset ExpiresAt);

    private sealed record Seat(
        Member Member, DateTimeOffset StartedAt, DateTimeOffset HeardAt, DateTimeOffset ExpiresAt, MemberLoad Load);
}
