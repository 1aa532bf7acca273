using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

/// <summary>
/// What one actor hands to its journal at a time, and the journal's answer to it: the journal fills in the outcome and
/// tells the same object back. An actor has one batch under way at most, so answers need no ordering.
/// </summary>
/// <param name="owner">The instance that persists; another instance of the actor takes no notice of the answer.</param>
/// <param name="actor">Its reference.</param>
/// <param name="envelopes">What it persists, in order; never empty.</param>
internal sealed class WriteBatch(Eventsourced owner, IActorRef actor, IReadOnlyList<IPersistentEnvelope> envelopes)
    : INotInfluenceReceiveTimeout, IDeadLetterSuppression
{
    private IReadOnlyList<Exception?>? _rejections;
    private int _envelope;
    private int _write;
    private int _event;

    public Eventsourced Owner => owner;

    /// <summary>What is to be written, in order.</summary>
    public IEnumerable<AtomicWrite> Writes => envelopes.OfType<AtomicWrite>();

    /// <summary>How much of the batch is to be written.</summary>
    public int WriteCount => envelopes.Count(envelope => envelope is AtomicWrite);

    /// <summary>Why nothing of the batch was written; null when it was.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The event whose handler is next; null where the next one is of what is not written.</summary>
    public IPersistentRepresentation? Event => (envelopes[_envelope] as AtomicWrite)?.Events[_event];

    /// <summary>Why the event whose turn it is was not written; null when it was.</summary>
    public Exception? Rejection => envelopes[_envelope] is AtomicWrite ? _rejections?[_write] : null;

    /// <summary>The sender of the command that the next handler belongs to.</summary>
    public IActorRef? Sender => envelopes[_envelope].Sender;

    /// <summary>The journal wrote it.</summary>
    /// <param name="rejections">Null if it wrote all, else for each write why not, or null.</param>
    public void Succeed(IReadOnlyList<Exception?>? rejections)
    {
        _rejections = rejections is null or { Count: 0 } ? null : rejections;
        if (_rejections is { } list && list.Count != WriteCount)
            Failure = new InvalidOperationException(
                $"The journal answered {WriteCount} writes with {list.Count} results; nobody knows what was written.");
        actor.Tell(this, Sender);
    }

    /// <summary>The journal did not write it, or does not know.</summary>
    public void Fail(Exception failure)
    {
        Failure = failure;
        actor.Tell(this, Sender);
    }

    /// <summary>Goes to the next handler; false when there is none.</summary>
    public bool MoveNext()
    {
        if (++_event < envelopes[_envelope].Size)
            return true;
        if (envelopes[_envelope] is AtomicWrite)
            _write++;
        (_envelope, _event) = (_envelope + 1, 0);
        return _envelope < envelopes.Count;
    }
}
