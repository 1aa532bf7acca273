using ActorRuns.Assistants;
using ActorRuns.Crons;
using ActorRuns.Threads;

namespace ActorRuns.Hosting;

/// <summary>What a runtime keeps beside the journal. Who opened the stores closes them, after the runtime.</summary>
/// <param name="Threads">What can be found of all threads.</param>
/// <param name="Assistants">The assistants that callers made.</param>
/// <param name="Crons">The crons that callers made.</param>
public sealed record RuntimeStores(IThreadIndex Threads, IAssistantStore Assistants, ICronStore Crons)
{
    /// <summary>Stores that live as long as the process, for tests and for journals that do so too.</summary>
    public static RuntimeStores InMemory() =>
        new(new MemoryThreadIndex(), new MemoryAssistantStore(), new MemoryCronStore());
}
