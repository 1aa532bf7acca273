using ActorRuns.Cluster;
using Xunit;

namespace ActorRuns.Domain.Tests.Cluster;

public sealed class HeldLeasesSpec
{
    private static readonly LeaseTerms Terms = new(TimeSpan.FromSeconds(10));

    [Fact]
    public void What_is_granted_is_held_until_a_moment_before_its_end_counted_from_the_question()
    {
        var change = HeldLeases.None.Answered([Granted(1)], At(100), At(102), Terms);

        Assert.Equal(new HeldLease(new Shard(1), 1, At(109)), Assert.Single(change.Gained));
        Assert.Equal(At(109), change.Held.NextStopAt);
    }

    [Fact]
    public void An_answer_that_comes_after_that_moment_grants_nothing()
    {
        var change = HeldLeases.None.Answered([Granted(1)], At(100), At(109), Terms);

        Assert.Empty(change.Gained);
        Assert.Empty(change.Held.All);
    }

    [Fact]
    public void A_renewal_moves_the_moment_and_changes_nothing_else()
    {
        var change = Holding(1).Answered([Granted(1)], At(103), At(103), Terms);

        Assert.Empty(change.Gained);
        Assert.Empty(change.Lost);
        Assert.Equal(At(112), change.Held.NextStopAt);
    }

    [Fact]
    public void What_the_database_does_not_grant_any_more_is_lost()
    {
        var change = Holding(1, 2).Answered([Granted(2)], At(103), At(103), Terms);

        Assert.Equal([1], change.Lost.Select(lease => lease.Shard.Number));
        Assert.Null(change.Held.Of(new Shard(1)));
    }

    [Fact]
    public void What_comes_back_with_another_number_is_lost_and_gained_anew()
    {
        var change = Holding(1).Answered([Granted(1) with { Epoch = 2 }], At(103), At(103), Terms);

        Assert.Equal(1, Assert.Single(change.Lost).Epoch);
        Assert.Equal(2, Assert.Single(change.Gained).Epoch);
    }

    [Fact]
    public void What_was_not_renewed_in_time_is_lost_whatever_the_answer_says()
    {
        // Somebody else may have owned it in between and given it back; its number would tell, but its time is up.
        var change = Holding(1).Answered([Granted(1)], At(109), At(109.5), Terms);

        Assert.Equal([1], change.Lost.Select(lease => lease.Shard.Number));
        Assert.Equal([1], change.Gained.Select(lease => lease.Shard.Number));
    }

    [Fact]
    public void Time_alone_lets_go_of_what_is_not_renewed()
    {
        Assert.Empty(Holding(1).Expire(At(108.9)).Lost);
        Assert.Equal([1], Holding(1).Expire(At(109)).Lost.Select(lease => lease.Shard.Number));
    }

    [Fact]
    public void What_was_given_back_is_not_held_and_was_not_lost()
    {
        var held = Holding(1, 2).Without([new Shard(1)]);

        Assert.Equal([2], held.All.Select(lease => lease.Shard.Number));
        Assert.Empty(held.Answered([Granted(2)], At(103), At(103), Terms).Lost);
    }

    [Fact]
    public void Two_renewals_may_fail_before_anything_stops() => Assert.True(Terms.RenewEvery * 2 < Terms.StopAfter);

    private static HeldLeases Holding(params int[] shards) => HeldLeases.None
        .Answered([.. shards.Select(Granted)], At(100), At(100), Terms).Held;

    private static ShardLease Granted(int shard) =>
        new(new Shard(shard), new MemberId(Guid.Empty), Epoch: 1, TimeSpan.FromSeconds(10));

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
