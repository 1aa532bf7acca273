using ActorRuns.Cluster;
using Xunit;

namespace ActorRuns.Domain.Tests.Cluster;

public sealed class FairShareSpec
{
    private static readonly Uri Address = new("http://127.0.0.1:1");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(300)]
    public void The_shares_of_all_members_add_up_to_all_shards_and_differ_by_one_at_most(int count)
    {
        var members = Members(count);

        var shares = members.Select(member => FairShare.Of(member.Id, members)).ToList();

        Assert.Equal(Shard.Count, shares.Sum());
        Assert.InRange(shares.Max() - shares.Min(), 0, 1);
    }

    [Fact]
    public void Who_leaves_has_no_share_and_the_others_have_it_all()
    {
        var members = Members(3);
        members[1] = members[1] with { IsLeaving = true };

        Assert.Equal([128, 0, 128], members.Select(member => FairShare.Of(member.Id, members)));
    }

    [Fact]
    public void Who_is_not_among_the_members_has_no_share() =>
        Assert.Equal(0, FairShare.Of(Id(9), Members(2)));

    [Fact]
    public void Who_owns_more_than_its_share_gives_back_what_is_beyond_it()
    {
        var surplus = FairShare.Surplus(Id(1), Members(2), Held(130));

        Assert.Equal([129, 128], surplus.Select(shard => shard.Number));
    }

    [Fact]
    public void Who_owns_its_share_or_less_gives_back_nothing() =>
        Assert.Empty(FairShare.Surplus(Id(1), Members(2), Held(128)));

    [Fact]
    public void Who_leaves_gives_back_everything()
    {
        var members = Members(2);
        members[0] = members[0] with { IsLeaving = true };

        Assert.Equal(5, FairShare.Surplus(Id(1), members, Held(5)).Length);
    }

    [Fact]
    public void Who_is_not_listed_gives_back_nothing() =>
        Assert.Empty(FairShare.Surplus(Id(9), Members(2), Held(200)));

    private static List<Member> Members(int count) =>
        [.. Enumerable.Range(1, count).Select(number => new Member(Id(number), Address, IsLeaving: false))];

    private static MemberId Id(int number) => new(new Guid(number, 0, 0, new byte[8]));

    private static List<HeldLease> Held(int count) =>
        [.. Enumerable.Range(0, count).Select(number => new HeldLease(new Shard(number), 1, TimeSpan.MaxValue))];
}
