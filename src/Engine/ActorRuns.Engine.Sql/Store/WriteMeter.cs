using System.Diagnostics.Metrics;

namespace Akka.Persistence.Sql.Store;

/// <summary>
/// What a system's databases measure of their writes. The scope of the meter is the actor system: who listens tells by
/// it which of several systems it is.
/// </summary>
internal sealed class WriteMeter : IDisposable
{
    private readonly Meter _meter;
    private readonly Histogram<int> _batchSize;

    public WriteMeter(object system)
    {
        _meter = new Meter(new MeterOptions("ActorRuns.Engine.Sql") { Scope = system });
        _batchSize = _meter.CreateHistogram<int>(
            "actorruns.journal.batch_size", "{event}", "The events that went to the journal in one transaction.");
    }

    public void Dispose() => _meter.Dispose();

    /// <summary>A transaction has been committed.</summary>
    public void Committed(int events)
    {
        if (events > 0)
            _batchSize.Record(events);
    }
}
