using ActorRuns.Threads;

namespace ActorRuns.Sql.Tests.Threads;

public sealed class MemoryThreadIndexSpec : ThreadIndexTck
{
    protected override Task<IThreadIndex> OpenAsync() => Task.FromResult<IThreadIndex>(new MemoryThreadIndex());

    public override Task DisposeAsync() => Task.CompletedTask;
}
