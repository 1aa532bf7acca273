using ActorRuns.Cluster;
using ActorRuns.Graphs;
using ActorRuns.Ids;
using ActorRuns.Metrics;
using ActorRuns.Store;
using ActorRuns.Threads;
using ActorRuns.Webhooks;

namespace ActorRuns.Hosting;

/// <summary>What every actor of the runtime is handed; nothing is looked up.</summary>
/// <param name="Graphs">The graphs that can be executed.</param>
/// <param name="Index">What can be found of all threads.</param>
/// <param name="Ids">Makes new ids.</param>
/// <param name="Time">The clock.</param>
/// <param name="Options">The settings.</param>
internal sealed record RuntimeServices(
    GraphRegistry Graphs,
    IThreadIndex Index,
    RuntimeIds Ids,
    TimeProvider Time,
    RuntimeOptions Options)
{
    /// <summary>What agents and callers share outside of threads.</summary>
    public IItemStore Items { get; init; } = new MemoryItemStore(Time);

    /// <summary>Calls webhooks.</summary>
    public IWebhookSender Webhooks { get; init; } = new NoWebhooks();

    /// <summary>Who owns which thread.</summary>
    public ShardMap Shards { get; init; } = ShardMap.Sole();

    /// <summary>What is measured.</summary>
    public RuntimeMeter Meter { get; init; } = new();
}
