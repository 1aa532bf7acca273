using Akka.Actor;

namespace Akka.Persistence;

/// <summary>
/// The stash of a persistent actor. What it gives back goes before the commands that wait for a write, which are not in
/// the mailbox but in the engine's own stash.
/// </summary>
internal sealed class PersistentStash(IStash own, IStash waiting) : IStash
{
    public int Count => own.Count;

    public bool IsEmpty => own.IsEmpty;

    public bool NonEmpty => own.NonEmpty;

    public void Stash() => own.Stash();

    public void Unstash()
    {
        if (waiting.IsEmpty)
        {
            own.Unstash();
            return;
        }

        var envelopes = own.ClearStash().ToList();
        own.Prepend(envelopes.Skip(1));
        waiting.Prepend(envelopes.Take(1));
    }

    public void UnstashAll() => UnstashAll(static _ => true);

    public void UnstashAll(Func<Envelope, bool> predicate)
    {
        if (waiting.IsEmpty)
            own.UnstashAll(predicate);
        else
            waiting.Prepend(own.ClearStash().Where(predicate));
    }

    public IEnumerable<Envelope> ClearStash() => own.ClearStash();

    public void Prepend(IEnumerable<Envelope> envelopes) => own.Prepend(envelopes);
}
