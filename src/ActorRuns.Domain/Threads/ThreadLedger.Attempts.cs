using ActorRuns.Runs;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Threads;

/// <content>The attempts of the run that has the thread.</content>
public sealed partial record ThreadLedger
{
    private ThreadLedger Started(RunStarted fact)
    {
        var known = Runs[fact.RunId];
        var run = known with
        {
            Status = RunStatus.Running,
            Attempt = fact.Attempt,
            UpdatedAt = fact.At,
            StartedAt = known.StartedAt ?? fact.At,
            Deadline = known.Deadline ?? fact.Deadline,
        };
        var started = Carried(run) with
        {
            Queue = Queue.Remove(run.Id),
            Begun = fact.Attempt is 1 ? Begun.Add(run.Id) : Begun,
            Holder = new Holder(run.Id, fact.Attempt),
            // A later attempt goes on from the last step; only the first one marks where the run began.
            BeforeHolder = BeforeHolder ?? Position,
            Position = (IsLoss(fact) ? Position.WithLoss(Working.OpenCalls) : Position) with { Failure = null },
        };

        // Who goes on from where the thread stands anyway can answer what was asked there.
        return fact.Attempt is 1 && run.Request.Fork is { } fork && fork.Id != Position.Head?.Id
            ? started.At(fork)
            : started;
    }

    /// <summary>True for an attempt of the holder that another member is to go on with.</summary>
    public bool IsHandedOver(Holder attempt) => Holder == attempt && HandedOver.Contains(attempt.Attempt);

    /// <summary>True when what the attempt before was doing is lost; at a hand-over nothing was under way.</summary>
    private bool IsLoss(RunStarted fact) => fact.Attempt > 1 && !HandedOver.Contains(fact.Attempt - 1);
}
