using System.Collections.Immutable;
using System.Globalization;
using ActorRuns.Graphs;
using ActorRuns.Messages;
using ActorRuns.Runs;
using ActorRuns.Undos;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Threads;

/// <summary>What a run leaves behind that did not come to its own end.</summary>
internal static class RunEnd
{
    /// <summary>Fails the run that holds the thread.</summary>
    public static void Fail(ThreadDraft draft, NodeFailure failure, RunCause cause)
    {
        var run = draft.Ledger.Holder!.RunId; // Only a holder fails: both callers have seen it.
        TranscriptCloser.CloseToolCalls(draft, run, answered: []);
        draft.CommitLooseWrites(run);
        draft.Add(new RunFailed(run, failure, cause));
    }

    /// <summary>Fails the run that holds the thread: a channel does not take what was written to it.</summary>
    public static void Fail(ThreadDraft draft, InvalidUpdateException unfit) => Fail(
        draft,
        new NodeFailure(null, InvalidUpdateException.ErrorName, unfit.Message),
        new RunCause.Failed(InvalidUpdateException.ErrorName, unfit.Message));

    /// <summary>Ends the run that holds the thread if its time is up; what it has is kept.</summary>
    public static void TimeOutIfDue(ThreadDraft draft)
    {
        if (draft.Ledger is not { Holder.RunId: var run, Deadline: { } deadline } || deadline > draft.Context.Now)
            return;

        TranscriptCloser.Close(draft, run);
        var limit = deadline - draft.Ledger.Runs[run].StartedAt!.Value; // It has the thread, so it has started.
        var message = string.Create(CultureInfo.InvariantCulture, $"The run did not end within {limit}.");
        draft.Add(new RunTimedOut(run, limit, new NodeFailure(null, "TimeoutError", message)));
    }

    /// <summary>Stops or undoes the runs that a new one replaces, save for the one that it will join.</summary>
    public static void GiveWay(ThreadDraft draft, ThreadLedger before, RunRequest request, RunId? joins)
    {
        ImmutableArray<RunId> inFlight =
            before.Holder is { } holder ? [holder.RunId, .. before.Queue] : [.. before.Queue];
        var cause = new RunCause.Superseded(joins ?? request.RunId);
        if (request is { Strategy: MultitaskStrategy.Interrupt, AfterTools: true }
            && before.Holder is { RunId: var atWork })
        {
            StopAfterTools(draft, atWork, cause);
            if (draft.Ledger.Holder is not null)
                return; // Those that wait give way when it does.
            inFlight = inFlight.Remove(atWork);
        }

        foreach (var run in inFlight.Where(run => run != joins))
        {
            if (request.Strategy is MultitaskStrategy.Interrupt)
                Stop(draft, run, cause);
            else if (request.Strategy is MultitaskStrategy.Rollback)
                Undo(draft, run, before.Runs[run].Joined, by: joins ?? request.RunId);
        }
    }

    /// <summary>Stops a run and keeps what it has; of one that never began, what the user said to it.</summary>
    public static void Stop(ThreadDraft draft, RunId run, RunCause cause)
    {
        if (draft.Ledger.Holder?.RunId == run)
            TranscriptCloser.Close(draft, run);
        else if (cause is RunCause.Superseded)
            KeepWhatWasSaid(draft, run);
        else
            RunJoin.Part(draft, run);
        draft.Add(new RunInterrupted(run, cause));
    }

    /// <summary>Stops a run; one whose tools are at work, as soon as these have ended.</summary>
    public static void StopAfterTools(ThreadDraft draft, RunId run, RunCause cause)
    {
        if (draft.Ledger.Holder?.RunId != run || !draft.Ledger.Working.OpenCalls.Exists(call => call.Started))
            Stop(draft, run, cause);
        else if (draft.Ledger.StopAsked is null)
            draft.Add(new RunStopAsked(run, cause));
    }

    /// <summary>
    /// Ends the holder's run if that was asked for. With it go the runs that wait before the one for which that was.
    /// </summary>
    /// <returns>True when it has ended.</returns>
    public static bool StopIfAsked(ThreadDraft draft)
    {
        if (draft.Ledger is not { Holder.RunId: var run, StopAsked: { } cause })
            return false;

        var queue = draft.Ledger.Queue;
        Stop(draft, run, cause);
        if (cause is RunCause.Superseded(var by) && queue.Contains(by))
        {
            foreach (var waiting in queue.TakeWhile(waiting => waiting != by))
                Stop(draft, waiting, cause);
        }

        return true;
    }

    /// <summary>
    /// Undoes a run: the state is as before it, and what its tools did is to be undone if it can be. What joined it
    /// waits its turn again, save for what is to be undone as well.
    /// </summary>
    public static void Undo(ThreadDraft draft, RunId run, IReadOnlyCollection<RunId> others, RunId? by)
    {
        foreach (var joined in draft.Ledger.Runs[run].Joined.Where(others.Contains))
            draft.Add(new RunRolledBack(joined) { By = by });
        RunJoin.Part(draft, run);
        draft.Add(new RunRolledBack(run)
        {
            By = by,
            Undo = UndoFold.Of(draft.Ledger, run, draft.Context.Graphs),
        });
    }

    private static void KeepWhatWasSaid(ThreadDraft draft, RunId run)
    {
        var request = draft.Ledger.Runs[run].Request;
        if (!request.HasInput || draft.Context.Graphs.Find(request.GraphId) is not { } shape)
            return;

        List<ChannelWrite> writes = [.. RunJoin.InputsOf(draft, run, shape)];
        draft.Write(run, GraphNodes.Start, writes.Where(write =>
            write is ChannelWrite.AppendMessage { Message.Type: MessageType.Human }));
        draft.CommitLooseWrites(run);
    }
}
