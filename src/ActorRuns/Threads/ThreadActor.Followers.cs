using System.Collections.Immutable;
using Akka.Actor;
using ActorRuns.Runs;

namespace ActorRuns.Threads;

/// <content>Those who follow all that happens on the thread, run after run.</content>
internal sealed partial class ThreadActor
{
    private readonly Queue<(AwaitNext Asked, IActorRef Asker)> _followers = [];

    // The number of the last change of the state from outside; 0 before the first.
    private long _edited;

    /// <summary>The runs that have begun and ended.</summary>
    internal static ImmutableHashSet<RunId> EndedRuns(ThreadLedger ledger) =>
        [.. ledger.Begun.Where(run => run != ledger.Holder?.RunId)];

    /// <summary>The first run that was not seen; who has seen a run has seen those before it.</summary>
    private static RunId? NextOf(ThreadLedger ledger, ImmutableHashSet<RunId> seen)
    {
        var at = ledger.Begun.Count;
        while (at > 0 && !seen.Contains(ledger.Begun[at - 1]))
            at--;
        return at < ledger.Begun.Count ? ledger.Begun[at] : null;
    }

    /// <summary>Tells somebody what is next, or keeps the question until something is.</summary>
    private void TellNext(AwaitNext asked, IActorRef asker)
    {
        if (!_ledger.Exists)
        {
            asker.Tell(NotFound());
        }
        else if (NextOf(_ledger, asked.Seen) is { } next)
        {
            Open(next, asker);
        }
        else if (_edited > asked.After)
        {
            asker.Tell(new StateEdited(_edited, _ledger));
        }
        else
        {
            if (_followers.Count >= _services.Options.MaxWaiting)
                _followers.Dequeue(); // Who has waited longest has given up, or asks again.
            _followers.Enqueue((asked, asker));
        }
    }

    /// <summary>True for what followers wait for.</summary>
    private static bool IsNext(ThreadEvent fact) =>
        fact is ThreadEvent.RunStarted or ThreadEvent.StateUpdated or ThreadEvent.ThreadDeleted;

    /// <summary>Something has happened: whoever waits for it is told.</summary>
    private void TellFollowers()
    {
        for (var left = _followers.Count; left > 0; left--)
        {
            var (asked, asker) = _followers.Dequeue();
            TellNext(asked, asker);
        }
    }
}
