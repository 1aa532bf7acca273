using ActorRuns.Assistants;

namespace ActorRuns.Sql.Tests.Assistants;

public sealed class MemoryAssistantStoreSpec : AssistantStoreTck
{
    protected override Task<IAssistantStore> OpenAsync() =>
        Task.FromResult<IAssistantStore>(new MemoryAssistantStore());
}
