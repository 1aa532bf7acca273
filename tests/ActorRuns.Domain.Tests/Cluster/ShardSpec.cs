using ActorRuns.Cluster;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Domain.Tests.Cluster;

public sealed class ShardSpec
{
    // A thread that changed its shard with a release would have two owners during a rolling upgrade.
    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000000", 125)]
    [InlineData("ffffffff-ffff-ffff-ffff-ffffffffffff", 108)]
    [InlineData("018f3b7c-0000-7000-8000-000000000001", 108)]
    [InlineData("018f3b7c-0000-7000-8000-000000000002", 20)]
    [InlineData("6ba7b821-9dad-11d1-80b4-00c04fd430c8", 205)]
    public void The_shard_of_a_thread_is_the_same_for_ever(string thread, int shard) =>
        Assert.Equal(new Shard(shard), Shard.Of(new ThreadId(new Guid(thread))));

    [Fact]
    public void Threads_whose_ids_differ_in_the_last_bits_alone_fall_into_all_shards()
    {
        var counts = new int[Shard.Count];
        var first = new Guid("018f3b7c-0000-7000-8000-000000000000").ToByteArray(bigEndian: true);
        for (var number = 0; number < 25_600; number++)
        {
            first[14] = (byte)(number >> 8);
            first[15] = (byte)number;
            counts[Shard.Of(new ThreadId(new Guid(first, bigEndian: true))).Number]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 50, 160)); // 100 each, give or take what chance explains.
    }
}
