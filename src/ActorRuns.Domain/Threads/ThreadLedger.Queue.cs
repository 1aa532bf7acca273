using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Threads;

/// <content>How the queue changes.</content>
public sealed partial record ThreadLedger
{
    private ThreadLedger Edited(RunEdited fact)
    {
        var run = Runs[fact.Request.RunId] with { Request = fact.Request, DueAt = fact.DueAt, UpdatedAt = fact.At };
        return this with { Runs = Runs.SetItem(run.Id, run) };
    }

    private ThreadLedger Promoted(RunPromoted fact)
    {
        var run = Runs[fact.RunId];
        var dueAt = run.DueAt < fact.At ? run.DueAt : fact.At; // To go first and still to wait is a contradiction.
        return this with
        {
            Runs = Runs.SetItem(run.Id, run with { DueAt = dueAt, UpdatedAt = fact.At }),
            Queue = Queue.Remove(run.Id).Insert(0, run.Id),
        };
    }
}
