using ActorRuns.Crons;

namespace ActorRuns.Sql.Tests.Crons;

public sealed class MemoryCronStoreSpec : CronStoreTck
{
    protected override Task<ICronStore> OpenAsync() => Task.FromResult<ICronStore>(new MemoryCronStore());
}
