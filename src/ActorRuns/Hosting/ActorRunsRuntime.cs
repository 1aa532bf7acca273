using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using ActorRuns.Assistants;
using ActorRuns.Cluster;
using ActorRuns.Crons;
using ActorRuns.Graphs;
using ActorRuns.Ids;
using ActorRuns.Journal;
using ActorRuns.Metrics;
using ActorRuns.Store;
using ActorRuns.Threads;
using ActorRuns.Webhooks;

namespace ActorRuns.Hosting;

/// <summary>
/// A running runtime: the actor system with its threads, and what a front needs to talk to it. Several may run in one
/// process; they share nothing.
/// </summary>
public sealed class ActorRunsRuntime : IAsyncDisposable
{
    /// <summary>The binding of the journal's serializer, which every runtime's configuration falls back to.</summary>
    internal static readonly string Serialization = $$"""
        akka.actor {
            serializers.thread-event = "{{typeof(ThreadEventSerializer).AssemblyQualifiedName}}"
            serialization-bindings {
                "{{typeof(ThreadEvent).AssemblyQualifiedName}}" = thread-event
                "{{typeof(LedgerSnapshot).AssemblyQualifiedName}}" = thread-event
            }
            serialization-identifiers {
                "{{typeof(ThreadEventSerializer).AssemblyQualifiedName}}" = {{ThreadEventSerializer.StoredIdentifier}}
            }
        }
        """;

    private static readonly TimeSpan LeaveWithin = TimeSpan.FromSeconds(3);

    private readonly ClusterSeat? _seat;
    private readonly IActorRef? _cluster;

    private ActorRunsRuntime(
        ActorSystem system, IActorRef threads, RuntimeServices services, RuntimeStores stores)
    {
        System = system;
        Threads = threads;
        Options = services.Options;
        Graphs = services.Graphs;
        Index = services.Index;
        Ids = services.Ids;
        Time = services.Time;
        Items = stores.Items;
        Meter = services.Meter;
        Shards = services.Shards;
        _seat = stores.Seat;
        Checks = Shards.Self is null
            ? stores.Checks
            : stores.Checks.Add(new ReadinessCheck("leases", Shards.CheckAsync));
        Assistants = new AssistantCatalog(Graphs, stores.Assistants, Ids, Time);
        var round = new CronRound(stores.Crons, Assistants, threads, Shards, Time);
        Crons = new CronCatalog(stores.Crons, system.ActorOf(CronActor.Props(round, Time), "crons"), Time);
        if (_seat is not null)
            _cluster = system.ActorOf(ClusterActor.Props(_seat, Shards, threads, services), "cluster");
    }

    /// <summary>The actor system.</summary>
    public ActorSystem System { get; }

    /// <summary>The region of all threads: takes every <see cref="IThreadMessage"/>.</summary>
    public IActorRef Threads { get; }

    /// <summary>The settings that it was started with.</summary>
    public RuntimeOptions Options { get; }

    /// <summary>What must be there for requests to be answered.</summary>
    public ImmutableArray<ReadinessCheck> Checks { get; }

    /// <summary>Who owns which thread.</summary>
    public ShardMap Shards { get; }

    /// <summary>The graphs that can be executed.</summary>
    public GraphRegistry Graphs { get; }

    /// <summary>What can be found of all threads.</summary>
    public IThreadIndex Index { get; }

    /// <summary>The assistants that can be asked.</summary>
    public AssistantCatalog Assistants { get; }

    /// <summary>The crons that callers made.</summary>
    public CronCatalog Crons { get; }

    /// <summary>The values that agents and callers share outside of threads.</summary>
    public IItemStore Items { get; }

    /// <summary>Makes new ids.</summary>
    public RuntimeIds Ids { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>What is measured, by instruments under <c>actorruns.</c></summary>
    public RuntimeMeter Meter { get; }

    /// <summary>
    /// Starts a runtime that calls no webhooks, wakes the threads whose work was cut off, and fires crons that are due.
    /// </summary>
    /// <param name="config">The configuration: the journal under <c>akka.persistence</c>, our own under <c>actorruns</c>.</param>
    /// <param name="graphs">The graphs that can be executed.</param>
    /// <param name="stores">What is kept beside the journal.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up the start; what was started is stopped.</param>
    /// <exception cref="ConfigurationException">Settings are out of their bounds; the message names every one.</exception>
    public static Task<ActorRunsRuntime> StartAsync(
        Config config,
        GraphRegistry graphs,
        RuntimeStores stores,
        TimeProvider time,
        CancellationToken cancellationToken) =>
        StartAsync(config, graphs, stores, time, new NoWebhooks(), cancellationToken);

    /// <summary>
    /// Starts a runtime that calls webhooks, wakes the threads whose work was cut off, and fires crons that are due.
    /// </summary>
    /// <param name="config">
    /// The configuration: the journal under <c>akka.persistence</c>, our own under <c>actorruns</c>.
    /// </param>
    /// <param name="graphs">The graphs that can be executed.</param>
    /// <param name="stores">What is kept beside the journal.</param>
    /// <param name="time">The clock.</param>
    /// <param name="webhooks">Calls webhooks. Who made it disposes it, after the runtime.</param>
    /// <param name="cancellationToken">Gives up the start; what was started is stopped.</param>
    /// <exception cref="ConfigurationException">Settings are out of bounds; the message names every one.</exception>
    public static async Task<ActorRunsRuntime> StartAsync(
        Config config,
        GraphRegistry graphs,
        RuntimeStores stores,
        TimeProvider time,
        IWebhookSender webhooks,
        CancellationToken cancellationToken)
    {
        var options = RuntimeOptions.From(config);
        var services = new RuntimeServices(graphs, stores.Threads, new RuntimeIds(time), time, options)
        {
            Items = stores.Items,
            Webhooks = webhooks,
            Shards = stores.Seat is { } seat
                ? ShardMap.Of(new Member(RuntimeIds.NewMemberId(time), seat.Address, IsLeaving: false))
                : ShardMap.Sole(),
        };
        var system = ActorSystem.Create("actorruns", config.WithFallback(ConfigurationFactory.ParseString(Serialization)));
        try
        {
            var threads = system.ActorOf(ThreadRegion.Props(services), "threads");
            if (stores.Seat is null)
            {
                foreach (var thread in await stores.Threads.FindUnfinishedAsync(cancellationToken))
                    threads.Tell(new WakeThread(thread), ActorRefs.NoSender);
            }

            return new ActorRunsRuntime(system, threads, services, stores);
        }
        catch
        {
            await system.Terminate();
            throw;
        }
    }

    /// <summary>
    /// Leaves the cluster: runs at work come to the end of their step, or are stopped after
    /// <c>actorruns.cluster.drain</c>, and other members go on with them. Requests are still answered, and sent on to
    /// where their threads are. Does nothing for a runtime that is alone.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting; what is not given back then runs out by itself.</param>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        if (_cluster is not null)
            await _cluster.Ask<ClusterLeft>(new LeaveCluster(), Timeout.InfiniteTimeSpan).WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Stops everything: threads record no more, the journal writes what it has accepted, and what is left of the
    /// shards is given back.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await System.Terminate();
        Meter.Dispose();
        if (_seat is null || Shards.Self is not { } self)
            return;

        try
        {
            using var timeout = new CancellationTokenSource(LeaveWithin, Time);
            await _seat.Leases.LeaveAsync(self.Id, timeout.Token);
        }
        catch (Exception fault) when (fault is LeasesUnavailableException or OperationCanceledException)
        {
            // They run out by themselves.
        }
    }
}
