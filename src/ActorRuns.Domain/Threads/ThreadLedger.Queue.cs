using ActorRuns.Runs;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Threads;

/// <content>How the queue changes, and what becomes of runs that join others.</content>
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

    private ThreadLedger Joined(RunJoined fact)
    {
        var (run, into) = (Runs[fact.RunId], Runs[fact.Into]);
        var carrier = into with
        {
            Joined = [.. into.Joined, run.Id, .. run.Joined],
            DueAt = fact.DueAt ?? into.DueAt,
            UpdatedAt = fact.At,
        };
        var joined = run.Joined.Select(id => Runs[id]).Prepend(run)
            .Select(each => KeyValuePair.Create(each.Id, each with { JoinedTo = into.Id, Joined = [] }));
        return (this with { Runs = Runs.SetItems(joined), Queue = Queue.Remove(run.Id) }).Carried(carrier);
    }

    private ThreadLedger Requeued(RunRequeued fact)
    {
        var run = Runs[fact.RunId];
        var place = run.JoinedTo is { } carrier ? Queue.IndexOf(carrier) + 1 : 0; // First, if it has the thread.
        var parted = Parted(run.Id);
        return parted with
        {
            Runs = parted.Runs.SetItem(run.Id, parted.Runs[run.Id] with
            {
                Status = RunStatus.Pending,
                Attempt = 0,
                StartedAt = null,
                UpdatedAt = fact.At,
            }),
            Queue = Queue.Insert(place, run.Id),
        };
    }

    /// <summary>The ledger with what a run is at now, which is what those are at that joined it.</summary>
    private ThreadLedger Carried(RunLedger carrier) => this with
    {
        Runs = Runs.SetItem(carrier.Id, carrier).SetItems(carrier.Joined.Select(id => Runs[id] with
        {
            Status = carrier.Status,
            Attempt = carrier.Attempt,
            StartedAt = carrier.StartedAt,
            UpdatedAt = carrier.UpdatedAt,
        }).Select(joined => KeyValuePair.Create(joined.Id, joined))),
    };

    /// <summary>The ledger in which a run has not joined another one.</summary>
    private ThreadLedger Parted(RunId id)
    {
        if (Runs[id] is not { JoinedTo: { } carrier } run)
            return this;

        var runs = Runs.SetItem(id, run with { JoinedTo = null });
        return this with
        {
            Runs = runs.TryGetValue(carrier, out var left)
                ? runs.SetItem(carrier, left with { Joined = left.Joined.Remove(id) })
                : runs,
        };
    }
}
