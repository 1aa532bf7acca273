using Akka.Actor;
using Akka.Event;
using ActorRuns.Assistants;
using ActorRuns.Cluster;
using ActorRuns.Ids;
using ActorRuns.Json;
using ActorRuns.Threads;

namespace ActorRuns.Crons;

/// <summary>
/// Creates a run for each cron that is due, and then plans its next slot. In this order, so that no slot is lost when
/// the process is; the ids of run and thread are derived from the slot, so that one that is fired again is the run that
/// is there already.
/// </summary>
/// <param name="store">The crons.</param>
/// <param name="assistants">The assistants of their runs.</param>
/// <param name="threads">The region of all threads.</param>
/// <param name="shards">Says which of their threads are this member's: the others fire what is theirs.</param>
/// <param name="time">The clock.</param>
internal sealed class CronRound(
    ICronStore store, AssistantCatalog assistants, IActorRef threads, ShardMap shards, TimeProvider time)
{
    // Many crons come at the same minute: enough at once to fill the journal's batches, few enough to leave it room.
    private const int MaxAtOnce = 32;

    // Longer than the journal's own time for a write, so that its word comes first.
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    /// <summary>True when other members fire and change crons as well.</summary>
    public bool IsShared => shards.Self is not null;

    /// <summary>Fires what is due now.</summary>
    public async Task<CronRoundOutcome> RunAsync(ILoggingAdapter log)
    {
        var now = time.GetUtcNow();
        var unfired = 0;
        await Parallel.ForEachAsync(
            await store.FindDueAsync(now, CancellationToken.None),
            new ParallelOptions { MaxDegreeOfParallelism = MaxAtOnce },
            async (cron, _) =>
            {
                if (!await FireAsync(cron, now, log))
                    Interlocked.Increment(ref unfired);
            });
        return new CronRoundOutcome(await store.FindNextAsync(CancellationToken.None), IsComplete: unfired is 0);
    }

    /// <summary>Fires one cron; false when that must be tried again.</summary>
    private async Task<bool> FireAsync(Cron cron, DateTimeOffset now, ILoggingAdapter log)
    {
        if (cron.SlotDueAt(now) is not { } slot)
            return true;
        if (!shards.IsMine(ThreadOf(cron, slot)))
            return false; // Its member does; until it has, the slot is looked at again.

        var answer = await SubmitAsync(cron, slot);
        switch (answer)
        {
            case RunAccepted(var run, _):
                log.Info("Cron {0} created run {1} for {2}", cron.Id, run.Id, slot);
                await ChangeAsync(cron, known => known.Passed(cron.NextRunAt, now));
                return true;
            case Refused(Refusal.ThreadUsedUp):
                await ChangeAsync(cron, known => known.Passed(cron.NextRunAt, now)); // Its run has ended already.
                return true;
            case null or Refused(Refusal.ThreadNotFound):
                var gone = answer is null ? "assistant" : "thread";
                log.Warning("Cron {0} is switched off: its {1} is gone", cron.Id, gone);
                await ChangeAsync(cron, known => known with { IsEnabled = false, NextRunAt = null });
                return true;
            case Refused(not (Refusal.Overloaded or Refusal.ThreadElsewhere) and var reason):
                log.Warning("Cron {0} has no run for {1}, since it was refused: {2}", cron.Id, slot, reason);
                await ChangeAsync(cron, known => known.Passed(cron.NextRunAt, now));
                return true;
            default:
                log.Warning("Cron {0} could not create its run for {1}: {2}", cron.Id, slot, answer);
                return false;
        }
    }

    /// <summary>Creates the run of a slot, and awaits the answer; null when its assistant is gone.</summary>
    private async Task<object?> SubmitAsync(Cron cron, DateTimeOffset slot)
    {
        if (await assistants.FindAsync($"{cron.AssistantId}", CancellationToken.None) is not { } assistant)
            return null;

        var thread = ThreadOf(cron, slot);
        var asked = cron.Request with
        {
            RunId = RuntimeIds.CronRun(cron.Id, slot),
            Metadata = cron.Metadata.SetItem("actorruns_cron_id", JsonMaps.TextValue($"{cron.Id}")),
        };
        var request = assistant.Complete(asked, thread, sender: []);
        var isAlone = cron.ThreadId is null;
        var submit = new SubmitRun(thread, request, assistant.Metadata, isAlone) { OnlyOnce = isAlone };
        try
        {
            // A refusal does not say which run it is about: only an answer of its own can be told from others.
            return await threads.Ask<object>(submit, AnswerWithin);
        }
        catch (AskTimeoutException late)
        {
            return late;
        }
    }

    private static ThreadId ThreadOf(Cron cron, DateTimeOffset slot) =>
        cron.ThreadId ?? RuntimeIds.CronThread(cron.Id, slot);

    private Task ChangeAsync(Cron cron, Func<Cron, Cron> change) =>
        store.ChangeAsync(cron.Id, change, CancellationToken.None);
}

/// <summary>What a round came to.</summary>
/// <param name="NextAt">The next slot of all; null when none comes.</param>
/// <param name="IsComplete">False when something that was due must be tried again.</param>
internal sealed record CronRoundOutcome(DateTimeOffset? NextAt, bool IsComplete);
