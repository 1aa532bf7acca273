using System.Collections.Immutable;
using ActorRuns.Assistants;
using ActorRuns.Cluster;
using ActorRuns.Crons;
using ActorRuns.Store;
using ActorRuns.Threads;

namespace ActorRuns.Hosting;

/// <summary>What a runtime keeps beside the journal. Who opened the stores closes them, after the runtime.</summary>
/// <param name="Threads">What can be found of all threads.</param>
/// <param name="Assistants">The assistants that callers made.</param>
/// <param name="Crons">The crons that callers made.</param>
/// <param name="Items">The values that agents and callers share outside of threads.</param>
public sealed record RuntimeStores(
    IThreadIndex Threads, IAssistantStore Assistants, ICronStore Crons, IItemStore Items)
{
    /// <summary>
    /// What makes the runtime a member of a cluster; null for one that has journal and stores for itself.
    /// </summary>
    public ClusterSeat? Seat { get; init; }

    /// <summary>What must be there for the stores to answer.</summary>
    public ImmutableArray<ReadinessCheck> Checks { get; init; } = [];

    /// <summary>Stores that live as long as the process, for tests and for journals that do so too.</summary>
    /// <param name="time">The clock by which items last.</param>
    public static RuntimeStores InMemory(TimeProvider time) =>
        new(new MemoryThreadIndex(), new MemoryAssistantStore(), new MemoryCronStore(), new MemoryItemStore(time));
}
