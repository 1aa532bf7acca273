using ActorRuns.Cluster;
using Xunit;

namespace ActorRuns.Sql.Tests.Cluster;

/// <summary>What leases promise, wherever they are recorded.</summary>
public abstract class ShardLeasesTck
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(60);

    private readonly Member _first = NewMember(1);
    private readonly Member _second = NewMember(2);

    protected abstract IShardLeases Leases { get; }

    /// <summary>Lets the one clock go on.</summary>
    protected abstract Task PassAsync(TimeSpan time);

    [Fact]
    public async Task Who_is_alone_owns_everything()
    {
        var view = await RenewAsync(_first);

        Assert.Equal(Shard.Count, OwnedBy(_first, view).Count);
        Assert.All(view.Leases, lease => Assert.Equal(1, lease.Epoch));
        Assert.All(view.Leases, lease => Assert.InRange(lease.ExpiresIn, Ttl - TimeSpan.FromSeconds(30), Ttl));
        Assert.Equal(_first, Assert.Single(view.Members).Member);
    }

    [Fact]
    public async Task Who_comes_second_owns_nothing_until_something_is_given_back()
    {
        var held = OwnedBy(_first, await RenewAsync(_first));

        var before = await RenewAsync(_second);
        await Leases.ReleaseAsync(_first.Id, [.. held.Take(100)], CancellationToken.None);
        var after = await RenewAsync(_second);

        Assert.Empty(OwnedBy(_second, before));
        Assert.Equal(2, before.Members.Length);
        Assert.Equal(100, OwnedBy(_second, after).Count);
        Assert.All(OwnedBy(_second, after), lease => Assert.Equal(2, lease.Epoch));
    }

    [Fact]
    public async Task Nobody_takes_more_than_its_share()
    {
        var held = OwnedBy(_first, await RenewAsync(_first));
        await RenewAsync(_second);

        await Leases.ReleaseAsync(_first.Id, held, CancellationToken.None);
        var view = await RenewAsync(_second);

        Assert.Equal(128, OwnedBy(_second, view).Count);
    }

    [Fact]
    public async Task What_is_renewed_stays_with_the_same_number()
    {
        var held = OwnedBy(_first, await RenewAsync(_first));
        await PassAsync(Ttl / 2);
        await RenewAsync(_first, held);
        await PassAsync(Ttl / 2);

        var view = await RenewAsync(_first, held);

        Assert.All(view.Leases, lease => Assert.Equal(1, lease.Epoch));
    }

    [Fact]
    public async Task The_shards_of_who_is_silent_go_to_others_and_it_is_forgotten()
    {
        await RenewAsync(_first);
        await PassAsync(Ttl);

        var view = await RenewAsync(_second);

        Assert.Equal(Shard.Count, OwnedBy(_second, view).Count);
        Assert.All(view.Leases, lease => Assert.Equal(2, lease.Epoch));
        Assert.Equal(_second, Assert.Single(view.Members).Member);
    }

    [Fact]
    public async Task Who_comes_back_too_late_renews_nothing()
    {
        var held = OwnedBy(_first, await RenewAsync(_first));
        await PassAsync(Ttl);
        await RenewAsync(_second);

        var view = await RenewAsync(_first, held);

        Assert.Empty(OwnedBy(_first, view));
        Assert.Equal(Shard.Count, OwnedBy(_second, view).Count);
    }

    [Fact]
    public async Task Who_comes_back_too_late_to_what_nobody_took_owns_it_under_a_new_number()
    {
        var held = OwnedBy(_first, await RenewAsync(_first));
        await PassAsync(Ttl);

        var view = await RenewAsync(_first, held);

        Assert.All(OwnedBy(_first, view), lease => Assert.Equal(2, lease.Epoch));
    }

    [Fact]
    public async Task What_a_member_does_not_go_on_with_is_its_own_under_a_new_number_only()
    {
        var held = OwnedBy(_first, await RenewAsync(_first));

        var view = await RenewAsync(_first, [.. held.Skip(1)]);

        Assert.Equal(2, view.Leases[0].Epoch);
        Assert.All(view.Leases.Skip(1), lease => Assert.Equal(1, lease.Epoch));
    }

    [Fact]
    public async Task What_another_member_owns_by_now_cannot_be_given_back()
    {
        var held = OwnedBy(_first, await RenewAsync(_first));
        await PassAsync(Ttl);
        await RenewAsync(_second);

        await Leases.ReleaseAsync(_first.Id, held, CancellationToken.None);

        Assert.Equal(Shard.Count, OwnedBy(_second, await RenewAsync(NewMember(3))).Count);
    }

    [Fact]
    public async Task Who_leaves_gives_everything_back_and_is_forgotten()
    {
        await RenewAsync(_first);
        await Leases.LeaveAsync(_first.Id, CancellationToken.None);
        await Leases.LeaveAsync(_first.Id, CancellationToken.None);

        var view = await RenewAsync(_second);

        Assert.Equal(Shard.Count, OwnedBy(_second, view).Count);
        Assert.Equal(_second, Assert.Single(view.Members).Member);
    }

    [Fact]
    public async Task Who_says_that_it_leaves_is_given_nothing()
    {
        var view = await RenewAsync(_first with { IsLeaving = true });

        Assert.Empty(OwnedBy(_first, view));
        Assert.True(Assert.Single(view.Members).Member.IsLeaving);
    }

    [Fact]
    public async Task The_others_see_how_much_a_member_has_to_do()
    {
        var load = new MemberLoad(Threads: 3, RunsAtWork: 2, RunsWaiting: 1);
        await Leases.RenewAsync(new LeaseRequest(_first, Ttl, [], load), CancellationToken.None);

        var view = await RenewAsync(_second);

        Assert.Equal(load, view.Members.Single(member => member.Member == _first).Load);
    }

    [Fact]
    public async Task Who_waits_for_a_change_hears_of_one()
    {
        var held = OwnedBy(_first, await RenewAsync(_first));
        var waiting = Leases.WaitForChangeAsync(CancellationToken.None);
        await ReadyToHearAsync();

        await Leases.ReleaseAsync(_first.Id, [.. held.Take(1)], CancellationToken.None);

        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Members_that_come_at_once_share_without_owning_anything_twice()
    {
        var members = Enumerable.Range(1, 8).Select(NewMember).ToList();

        await Task.WhenAll(members.Select(member => Task.Run(() => RenewAsync(member))));

        var view = await RenewAsync(NewMember(9));
        var owned = members.Sum(member => OwnedBy(member, view).Count);
        Assert.Equal(9, view.Members.Length);
        Assert.Equal(Shard.Count, owned + view.Leases.Count(lease => lease.Owner == NewMember(9).Id));
        Assert.All(view.Leases, lease => Assert.Equal(1, lease.Epoch));
    }

    /// <summary>Returns when a change after it will be heard of.</summary>
    protected virtual Task ReadyToHearAsync() => Task.CompletedTask;


    private Task<LeaseView> RenewAsync(Member member, params IReadOnlyCollection<HeldLease> held) =>
        Leases.RenewAsync(new LeaseRequest(member, Ttl, held, default), CancellationToken.None);

    private static List<HeldLease> OwnedBy(Member member, LeaseView view) =>
    [
        .. view.Leases.Where(lease => lease.Owner == member.Id)
            .Select(lease => new HeldLease(lease.Shard, lease.Epoch, TimeSpan.MaxValue)),
    ];

    private static Member NewMember(int number) => new(
        new MemberId(new Guid(number, 0, 0, new byte[8])),
        new Uri($"http://127.0.0.1:{9000 + number}"),
        IsLeaving: false);
}
