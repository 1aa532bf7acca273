using ActorRuns.Domain.Tests.Scenes;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Xunit.Sdk;

namespace ActorRuns.Domain.Tests.Invariants;

/// <summary>What is true of every thread after every batch, whatever was decided.</summary>
internal static class Laws
{
    /// <summary>Folds what was recorded fact by fact and checks what must hold in between and at the end.</summary>
    /// <exception cref="XunitException">A law is broken; the message says which.</exception>
    public static void Check(
        ThreadLedger before, IEnumerable<ThreadEvent> facts, ThreadLedger after, DateTimeOffset now)
    {
        foreach (var fact in facts)
        {
            var next = before.Apply(fact);
            if (fact is not ThreadEvent.ThreadDeleted)
                OneEnd(before, next, (fact as ThreadEvent.RunDeleted)?.RunId);
            if (fact is ThreadEvent.RunRolledBack { RunId: var run } && before.Holder?.RunId == run)
                WholeRollback(before, next);
            if (fact is ThreadEvent.RunInterrupted or ThreadEvent.RunFailed or ThreadEvent.RunTimedOut
                && before.Holder != next.Holder)
                NothingDangles(next);
            before = next;
        }

        OneHolder(after);
        PartsAndWholesAgree(after);
        NobodyWaitsForNothing(after, now);
        EveryEndHasACause(after);
        OpenCallsAreThoseWithoutResult(after);
        NothingHalfDone(after);
    }

    // I1
    private static void OneHolder(ThreadLedger ledger)
    {
        var running = ledger.Runs.Values.Where(run => run.Status is RunStatus.Running).Select(run => run.Id).ToList();
        var pending = ledger.Order.Where(run => ledger.Runs[run] is { Status: RunStatus.Pending, JoinedTo: null });
        Demand(ledger.Holder is { RunId: var holder }
                ? running.ToHashSet().SetEquals(ledger.Runs[holder].Joined.Prepend(holder)) : running is [],
            "exactly the holder is running, and what is part of it");
        Demand(pending.ToHashSet().SetEquals(ledger.Queue), "exactly the pending runs are in the queue");
        Demand(ledger.Queue.Distinct().Count() == ledger.Queue.Count, "a run waits once");
        Demand(ledger.Order.Count == ledger.Runs.Count, "every run has its place in the order");
        Demand(ledger.BeforeHolder is null == ledger.Holder is null, "a holder, and nobody else, began somewhere");
    }

    private static void PartsAndWholesAgree(ThreadLedger ledger)
    {
        foreach (var run in ledger.Runs.Values)
        {
            Demand(run.Joined.All(part => ledger.Runs[part].JoinedTo == run.Id), "a whole has the parts that say so");
            if (run is not { IsTerminal: false, JoinedTo: { } carrier })
                continue;
            Demand(ledger.Runs[carrier].Joined.Contains(run.Id), "a part has the whole that says so");
            Demand(ledger.Runs[carrier].Status == run.Status, "a part is at what its whole is at");
        }
    }

    // I2
    private static void OneEnd(ThreadLedger before, ThreadLedger after, RunId? deleted)
    {
        if (before.Runs == after.Runs)
            return;

        foreach (var run in before.Runs.Values.Where(run => run.IsTerminal && run.Id != deleted))
        {
            var still = after.Runs.GetValueOrDefault(run.Id);
            Demand(still?.Status == run.Status && still.Cause == run.Cause, "a run ends once");
        }
    }

    // I7. What an edit leaves open, which no run has stopped at, is closed when the next run takes its input.
    private static void NothingDangles(ThreadLedger stopped) =>
        Demand(stopped.Working.OpenCalls.IsEmpty, "a stopped run leaves no tool call open");

    private static void NothingHalfDone(ThreadLedger ledger) => Demand(
        ledger.Holder is not null || ledger.Working == ledger.Position.Values, "nothing half done outlives its run");

    private static void OpenCallsAreThoseWithoutResult(ThreadLedger ledger)
    {
        var messages = ledger.Working.MessagesOf(TestGraphs.Messages).Messages.ToList();
        var answered = messages.Select(message => message.ToolCallId).OfType<string>().ToHashSet();
        var asked = messages.SelectMany(message => message.ToolCalls).Select(call => call.Id);
        var open = ledger.Working.OpenCalls.Select(call => call.Id);
        Demand(open.SequenceEqual(asked.Where(id => !answered.Contains(id))), "open calls are those without a result");
        Demand(answered.Count == messages.Count(message => message.ToolCallId is not null), "a call has one result");
    }

    // I8, I10
    private static void NobodyWaitsForNothing(ThreadLedger ledger, DateTimeOffset now) => Demand(
        ledger.Holder is not null || ledger.Queue.TrueForAll(run => ledger.Runs[run].DueAt > now),
        "a free thread has no run that is due");

    // I9
    private static void WholeRollback(ThreadLedger before, ThreadLedger after) => Demand(
        after.Position == before.BeforeHolder && after.Working == after.Position.Values,
        "a rollback restores every channel and the position");

    // I12
    private static void EveryEndHasACause(ThreadLedger ledger) => Demand(
        ledger.Runs.Values.All(run => run.IsTerminal == run.Cause is not null), "exactly the ended runs have a cause");

    private static void Demand(bool holds, string law)
    {
        if (!holds)
            throw new XunitException($"Broken: {law}.");
    }
}
