namespace Akka.Actor;

/// <summary>Keeps messages aside that an actor cannot handle now; to be used by its own handlers only.</summary>
public interface IStash
{
    /// <summary>How many messages are kept.</summary>
    int Count { get; }

    /// <summary>Whether none is kept.</summary>
    bool IsEmpty { get; }

    /// <summary>Whether any is kept.</summary>
    bool NonEmpty { get; }

    /// <summary>Keeps the current message.</summary>
    /// <exception cref="IllegalActorStateException">It is kept already.</exception>
    void Stash();

    /// <summary>Puts the oldest message back, before all that wait in the mailbox.</summary>
    void Unstash();

    /// <summary>Puts all messages back in their order, before all that wait in the mailbox.</summary>
    void UnstashAll();

    /// <summary>Puts back what the predicate lets pass, in order, before all that wait; drops the rest.</summary>
    void UnstashAll(Func<Envelope, bool> predicate);

    /// <summary>Gives all messages to the caller and keeps none.</summary>
    IEnumerable<Envelope> ClearStash();

    /// <summary>Keeps these messages before the others.</summary>
    void Prepend(IEnumerable<Envelope> envelopes);
}

/// <summary>An actor with a stash; the engine sets it when the constructor has ended.</summary>
public interface IActorStash
{
    /// <summary>The stash of this instance; a restart or stop empties it into the mailbox.</summary>
    IStash Stash { get; set; }
}

/// <summary>An actor with a stash.</summary>
public interface IWithStash : IActorStash;

/// <summary>An actor with a stash without limit, which all are here.</summary>
public interface IWithUnboundedStash : IActorStash;

/// <summary>The stash of one actor, or one more that the engine keeps beside it.</summary>
internal sealed class ActorStash(ActorCell cell) : IStash
{
    private LinkedList<Envelope>? _envelopes;
    private long _lastId;

    public int Count => _envelopes?.Count ?? 0;

    public bool IsEmpty => Count == 0;

    public bool NonEmpty => Count > 0;

    public void Stash()
    {
        var id = cell.CurrentEnvelopeId;
        if (_lastId == id)
            throw new IllegalActorStateException($"Cannot stash the same message [{cell.CurrentMessage}] twice.");
        (_envelopes ??= []).AddLast(cell.CurrentEnvelope);
        _lastId = id;
    }

    public void Unstash()
    {
        if (_envelopes?.First is not { } oldest)
            return;
        _envelopes.RemoveFirst();
        cell.Return(oldest.Value);
    }

    public void UnstashAll() => UnstashAll(static _ => true);

    public void UnstashAll(Func<Envelope, bool> predicate)
    {
        for (var node = _envelopes?.Last; node is not null; node = node.Previous)
        {
            if (predicate(node.Value))
                cell.Return(node.Value);
        }

        _envelopes = null;
    }

    public IEnumerable<Envelope> ClearStash()
    {
        var envelopes = _envelopes ?? [];
        _envelopes = null;
        return envelopes;
    }

    public void Prepend(IEnumerable<Envelope> envelopes)
    {
        foreach (var envelope in envelopes.Reverse())
            (_envelopes ??= []).AddFirst(envelope);
    }
}
