using System.Collections.Immutable;
using ActorRuns.Runs;
using ActorRuns.Webhooks;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Threads;

/// <content>What is measured of the thread, for those who run the server.</content>
internal sealed partial class ThreadActor
{
    // The run that is to take the place of others, and when it was asked for.
    private (RunId Run, long Since)? _taking;

    private int _waiting;

    protected override void PostStop()
    {
        if (_child is not null)
            _services.Meter.RunsAtWork(-1);
        _services.Meter.RunsWaiting(-_waiting);
        LeaveWaitsOpen();
        _streams.Break(); // Who still reads comes back, and finds the thread where it is then.
        base.PostStop();
    }

    /// <summary>Begins to measure how long an interrupt takes, if the facts are one.</summary>
    private void BeginMeasure(ImmutableArray<ThreadEvent> facts)
    {
        foreach (var fact in facts)
        {
            if (fact is RunInterrupted(_, RunCause.Superseded(var by)))
                _taking = (by, _services.Time.GetTimestamp());
        }
    }

    /// <summary>Measures facts that have become true.</summary>
    private void Measure(ImmutableArray<ThreadEvent> facts)
    {
        MeasureQueue();
        _services.Meter.Recorded(facts.Length);
        foreach (var fact in facts)
        {
            if (fact is RunStarted { Attempt: 1 } started && _ledger.Runs.TryGetValue(started.RunId, out var run))
                _services.Meter.RunStarted(fact.At - run.DueAt);
            else if (StatusOf(fact) is { } status)
                _services.Meter.RunEnded(status);
            else if (fact is WebhookDelivered or WebhookGivenUp)
                _services.Meter.WebhookSettled(
                    fact is WebhookDelivered ? WebhookStatus.Delivered : WebhookStatus.GivenUp);
        }
    }

    private void MeasureQueue()
    {
        _services.Meter.RunsWaiting(_ledger.Queue.Count - _waiting);
        _waiting = _ledger.Queue.Count;
    }

    /// <summary>A run is at work: if it has taken the place of others, that is how long it took.</summary>
    private void EndMeasure(RunId run)
    {
        _services.Meter.RunsAtWork(1);
        if (_taking is var (taking, since) && taking == run)
            _services.Meter.Interrupted(_services.Time.GetElapsedTime(since));
        _taking = null;
    }

    private static RunStatus? StatusOf(ThreadEvent fact) => fact switch
    {
        RunSucceeded or RunPaused => RunStatus.Success,
        RunFailed => RunStatus.Error,
        RunTimedOut => RunStatus.Timeout,
        RunInterrupted or RunRolledBack => RunStatus.Interrupted,
        _ => null,
    };
}
