using Akka.Actor;

namespace Akka.Persistence;

/// <summary>
/// Limits how many actors recover at the same time, so that many that start together do not flood the journal. Whoever
/// asks has to give back.
/// </summary>
internal sealed class RecoveryPermits(int max)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<(object Recovery, IActorRef Actor)> _waiting = [];
    private int _free = max;

    /// <summary>True if the recovery may begin at once; else the actor will be told when it may.</summary>
    public bool TryTake(object recovery, IActorRef actor)
    {
        lock (_gate)
        {
            if (_free > 0)
            {
                _free--;
                return true;
            }

            _waiting.AddLast((recovery, actor));
            return false;
        }
    }

    /// <summary>Gives a permit back: to the one that has waited longest.</summary>
    public void Return()
    {
        (object Recovery, IActorRef Actor) next;
        lock (_gate)
        {
            if (_waiting.First is not { } first)
            {
                _free++;
                return;
            }

            _waiting.RemoveFirst();
            next = first.Value;
        }

        next.Actor.Tell(new RecoveryPermitGranted(next.Recovery), ActorRefs.NoSender);
    }

    /// <summary>Ends the wait of an actor that stops; what it was granted meanwhile goes to the next.</summary>
    public void StopWaiting(object recovery, IActorRef actor)
    {
        lock (_gate)
        {
            if (_waiting.Remove((recovery, actor)))
                return;
        }

        Return();
    }
}
