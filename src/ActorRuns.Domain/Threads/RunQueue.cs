using ActorRuns.Runs;
using static ActorRuns.Threads.ThreadCommand;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Threads;

/// <summary>The rules for the runs that wait: until one begins, it can be another one, or elsewhere.</summary>
internal static class RunQueue
{
    /// <summary>Decides on another wording, time or setting of a run that waits.</summary>
    public static Decision Edit(ThreadLedger ledger, EditRun command, DecisionContext context)
    {
        if (WhyNot(ledger, command.RunId) is { } refusal)
            return new Decision.Refuse(refusal);

        var run = ledger.Runs[command.RunId];
        var edited = command.Edit.ApplyTo(run.Request);
        if (ThreadDecider.WhyNotReadable(edited, context) is { } fault)
            return new Decision.Refuse(fault);
        if (WhyNotJoint(run, edited, command.Edit) is { } parted)
            return new Decision.Refuse(parted);

        var draft = new ThreadDraft(ledger, context);
        draft.Add(new RunEdited(edited, command.Edit.Delay is { } delay ? context.Now + delay : run.DueAt));
        return RunStart.Due(draft);
    }

    /// <summary>Decides on another order of all runs that wait.</summary>
    public static Decision Reorder(ThreadLedger ledger, ReorderQueue command, DecisionContext context)
    {
        if (!ledger.Exists)
            return new Decision.Refuse(new Refusal.ThreadNotFound(context.ThreadId));
        if (ledger.Queue.SequenceEqual(command.Runs))
            return new Decision.Ignore();

        // Who has seen another queue would move runs that it does not know of, or that have begun.
        var isSame = command.Runs.Length == ledger.Queue.Count && ledger.Queue.ToHashSet().SetEquals(command.Runs);
        if (!isSame)
            return new Decision.Refuse(new Refusal.QueueChanged(context.ThreadId, [.. ledger.Queue]));

        var draft = new ThreadDraft(ledger, context);
        draft.Add(new QueueReordered(command.Runs));
        return draft.Decide();
    }

    /// <summary>Decides on letting a run go first, and at once if it is to stop what is at work.</summary>
    public static Decision Promote(ThreadLedger ledger, PromoteRun command, DecisionContext context)
    {
        if (WhyNot(ledger, command.RunId) is { } refusal)
            return new Decision.Refuse(refusal);

        var draft = new ThreadDraft(ledger, context);
        var run = ledger.Runs[command.RunId].JoinedTo ?? command.RunId;
        if (ledger.Holder is { } undone && command.Over is MultitaskStrategy.Rollback)
            RunEnd.Undo(draft, undone.RunId, others: [], by: run);
        draft.Add(new RunPromoted(run));
        if (ledger.Holder is { } holder && command.Over is MultitaskStrategy.Interrupt)
            RunEnd.Stop(draft, holder.RunId, new RunCause.Superseded(run));
        return RunStart.Due(draft);
    }

    /// <summary>Why an edit would tear apart what is said together; null when it does not.</summary>
    private static Refusal.InvalidInput? WhyNotJoint(RunLedger run, RunRequest edited, RunEdit edit)
    {
        if (run is { JoinedTo: null, Joined.IsEmpty: true } && !edited.Steers)
            return null;
        if (!edited.HasInput)
            return new Refusal.InvalidInput("input", "a message: it is said together with others");
        return run.JoinedTo is { } carrier && edit.Delay is not null
            ? new Refusal.InvalidInput("after_seconds", $"nothing: the run has joined {carrier}, which has the time")
            : null;
    }

    private static Refusal? WhyNot(ThreadLedger ledger, RunId id) =>
        !ledger.Runs.TryGetValue(id, out var run) ? ledger.NoRun(id)
        : run.Status is not RunStatus.Pending ? new Refusal.RunBegan(id, run.Status)
        : null;
}
