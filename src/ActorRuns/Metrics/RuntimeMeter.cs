using System.Diagnostics.Metrics;
using ActorRuns.Cluster;
using ActorRuns.Json;
using ActorRuns.Runs;
using ActorRuns.Webhooks;

namespace ActorRuns.Metrics;

/// <summary>What a runtime measures of itself; each has its own, so that several in one process differ.</summary>
public sealed class RuntimeMeter : IDisposable
{
    private readonly Histogram<double> _queueWait;
    private readonly Histogram<double> _interruptLatency;
    private readonly Histogram<int> _batchSize;
    private readonly UpDownCounter<int> _activeRuns;
    private readonly UpDownCounter<int> _waitingRuns;
    private readonly UpDownCounter<int> _awakeThreads;
    private readonly UpDownCounter<int> _streamReaders;
    private readonly Counter<long> _runs;
    private readonly Counter<long> _webhooks;
    private readonly Counter<long> _overruns;

    private int _threads;
    private int _atWork;
    private int _waiting;

    internal RuntimeMeter()
    {
        Meter = new Meter("ActorRuns");
        _queueWait = Meter.CreateHistogram<double>(
            "actorruns.run.queue_wait", "s", "From when a run was due to when it got its thread.");
        _interruptLatency = Meter.CreateHistogram<double>(
            "actorruns.interrupt.latency", "s", "From a message that interrupts to when its run is at work.");
        _batchSize = Meter.CreateHistogram<int>(
            "actorruns.thread.batch_size", "{fact}", "The facts that a thread recorded as one.");
        _activeRuns = Meter.CreateUpDownCounter<int>("actorruns.runs.active", "{run}", "The runs that are at work.");
        _waitingRuns = Meter.CreateUpDownCounter<int>(
            "actorruns.runs.waiting", "{run}", "The runs that wait for their turn on threads that are awake.");
        _awakeThreads = Meter.CreateUpDownCounter<int>(
            "actorruns.threads.awake", "{thread}", "The threads that are in memory.");
        _streamReaders = Meter.CreateUpDownCounter<int>(
            "actorruns.stream.readers", "{reader}", "Those who read the stream of a run.");
        _runs = Meter.CreateCounter<long>("actorruns.runs.ended", "{run}", "The runs that have ended, by status.");
        _webhooks = Meter.CreateCounter<long>(
            "actorruns.webhooks.settled", "{webhook}", "The webhooks that were told or given up, by outcome.");
        _overruns = Meter.CreateCounter<long>(
            "actorruns.tools.overran", "{call}", "The tool calls that did not end when they were told to, by tool.");
    }

    /// <summary>The meter; whoever wants to know listens to it.</summary>
    public Meter Meter { get; }

    /// <inheritdoc />
    public void Dispose() => Meter.Dispose();

    internal void RunStarted(TimeSpan waited) => _queueWait.Record(Math.Max(0, waited.TotalSeconds));

    internal void Interrupted(TimeSpan took) => _interruptLatency.Record(took.TotalSeconds);

    internal void Recorded(int facts) => _batchSize.Record(facts);

    /// <summary>How much there is to do at this moment.</summary>
    internal MemberLoad Load =>
        new(Volatile.Read(ref _threads), Volatile.Read(ref _atWork), Volatile.Read(ref _waiting));


    internal void RunsAtWork(int change)
    {
        Interlocked.Add(ref _atWork, change);
        _activeRuns.Add(change);
    }

    internal void RunsWaiting(int change)
    {
        Interlocked.Add(ref _waiting, change);
        if (change is not 0)
            _waitingRuns.Add(change);
    }

    internal void ThreadsAwake(int change)
    {
        Interlocked.Add(ref _threads, change);
        _awakeThreads.Add(change);
    }

    internal void Readers(int change) => _streamReaders.Add(change);

    internal void RunEnded(RunStatus status) =>
        _runs.Add(1, new KeyValuePair<string, object?>("status", JsonNames.Of(status)));

    internal void ToolOverran(string tool) =>
        _overruns.Add(1, new KeyValuePair<string, object?>("tool", tool));

    internal void WebhookSettled(WebhookStatus outcome) =>
        _webhooks.Add(1, new KeyValuePair<string, object?>("outcome", JsonNames.Of(outcome)));
}
