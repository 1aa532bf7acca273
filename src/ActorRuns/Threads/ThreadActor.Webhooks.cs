using Akka.Actor;
using ActorRuns.Runs;
using ActorRuns.Webhooks;

namespace ActorRuns.Threads;

/// <content>The webhooks of runs that have ended: an actor tells each, until it has taken the word.</content>
internal sealed partial class ThreadActor
{
    private readonly Dictionary<RunId, IActorRef> _webhooks = [];

    /// <summary>Makes the webhooks that are being told match those that are owed the word.</summary>
    private void ReconcileWebhooks()
    {
        foreach (var (run, webhook) in _webhooks.Where(told => !_ledger.OwedWebhooks.ContainsKey(told.Key)).ToList())
        {
            _webhooks.Remove(run);
            Context.Stop(webhook);
        }

        foreach (var (run, owed) in _ledger.OwedWebhooks.Where(owed => !_webhooks.ContainsKey(owed.Key)))
            _webhooks[run] = Context.ActorOf(WebhookActor.Props(_id, owed, _services), $"webhook-{run}");
    }
}
