using ActorRuns.Store;

namespace ActorRuns.Sql.Tests.Store;

public sealed class MemoryItemStoreSpec : ItemStoreTck
{
    protected override Task<IItemStore> OpenAsync() => Task.FromResult<IItemStore>(new MemoryItemStore(Time));
}
