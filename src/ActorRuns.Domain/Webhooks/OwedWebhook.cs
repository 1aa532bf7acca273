using System.Collections.Immutable;
using ActorRuns.Runs;
using ActorRuns.Threads;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Webhooks;

/// <summary>
/// What a webhook is still to be told: the end of a run, as it was right then. A fold of the journal like all else, so
/// that it outlives the process; it stays when the run is undone, for its caller waits for the word.
/// </summary>
/// <param name="Target">The address that is called.</param>
/// <param name="Run">The run as it ended; of one that was undone, as if it had been cancelled.</param>
/// <param name="Values">The state that it left; null when it never began, or was undone.</param>
/// <param name="Interrupts">What it asks a human; empty when nothing.</param>
public sealed record OwedWebhook(
    Uri Target, RunLedger Run, ChannelValues? Values, ImmutableArray<PendingInterrupt> Interrupts)
{
    /// <summary>The ledger with what a fact adds to what is owed, or takes off it.</summary>
    /// <param name="before">The ledger before the fact.</param>
    /// <param name="fact">The fact.</param>
    /// <param name="after">The ledger with all else that the fact changes.</param>
    internal static ThreadLedger Fold(ThreadLedger before, ThreadEvent fact, ThreadLedger after) => fact switch
    {
        RunSucceeded e => Owe(e.RunId, before, fact, after),
        RunPaused e => Owe(e.RunId, before, fact, after),
        RunFailed e => Owe(e.RunId, before, fact, after),
        RunTimedOut e => Owe(e.RunId, before, fact, after),
        RunInterrupted e => Owe(e.RunId, before, fact, after),
        JoinedRunEnded e => Owe(e.RunId, before, fact, after),
        RunRolledBack e => Owe(e.RunId, before, fact, after),
        RunDeleted e => after with { OwedWebhooks = after.OwedWebhooks.Remove(e.RunId) },
        WebhookDelivered e => Settle(after, e.RunId, WebhookStatus.Delivered),
        WebhookGivenUp e => Settle(after, e.RunId, WebhookStatus.GivenUp),
        _ => after,
    };

    private static ThreadLedger Owe(RunId id, ThreadLedger before, ThreadEvent fact, ThreadLedger after)
    {
        if (before.Runs[id] is not { Request.Webhook: { } target } run)
            return after;

        var isUndone = fact is RunRolledBack;
        var ended = isUndone
            ? run with { Status = RunStatus.Interrupted, Cause = new RunCause.Cancelled(), UpdatedAt = fact.At }
            : after.Runs[id] with { Webhook = WebhookStatus.Pending };
        var told = fact is JoinedRunEnded joined ? ended with { Cause = after.Runs[joined.Into].Cause } : ended;
        var values = isUndone || run.Status is RunStatus.Pending ? null : after.Position.Values;
        ImmutableArray<PendingInterrupt> asked =
            fact is RunPaused or JoinedRunEnded { Status: RunStatus.Success } ? [.. after.Position.Interrupts] : [];
        return after with
        {
            Runs = isUndone ? after.Runs : after.Runs.SetItem(id, ended),
            OwedWebhooks = after.OwedWebhooks.SetItem(id, new OwedWebhook(target, told, values, asked)),
        };
    }

    private static ThreadLedger Settle(ThreadLedger ledger, RunId id, WebhookStatus status) => ledger with
    {
        Runs = ledger.Runs.TryGetValue(id, out var run)
            ? ledger.Runs.SetItem(id, run with { Webhook = status })
            : ledger.Runs, // It was undone: nobody sees it.
        OwedWebhooks = ledger.OwedWebhooks.Remove(id),
    };
}
