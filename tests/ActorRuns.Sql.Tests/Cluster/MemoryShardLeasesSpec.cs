using ActorRuns.Cluster;
using Microsoft.Extensions.Time.Testing;

namespace ActorRuns.Sql.Tests.Cluster;

public sealed class MemoryShardLeasesSpec : ShardLeasesTck
{
    private readonly FakeTimeProvider _time = new();

    public MemoryShardLeasesSpec() => Leases = new MemoryShardLeases(_time);

    protected override IShardLeases Leases { get; }

    protected override Task PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}
