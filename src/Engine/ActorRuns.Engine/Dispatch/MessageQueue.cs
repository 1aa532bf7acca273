using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>
/// An unbounded queue that any thread adds to without a lock and one at a time takes from: a linked list whose first
/// node is the one taken last. What the taker puts back comes before what waits.
/// </summary>
internal sealed class MessageQueue
{
    private Node _taken = new(default);
    private Node _last;
    private Node? _returned;

    public MessageQueue() => _last = _taken;

    /// <summary>Whether there is nothing to take; for the taker only.</summary>
    public bool IsEmpty => _returned is null && ReferenceEquals(Volatile.Read(ref _last), _taken);

    /// <summary>Adds at the end; any thread.</summary>
    public void Enqueue(in Envelope envelope)
    {
        var node = new Node(envelope);
        Interlocked.Exchange(ref _last, node).Next = node;
    }

    /// <summary>Puts a message before all others; for the taker only.</summary>
    public void EnqueueFirst(in Envelope envelope) => _returned = new Node(envelope) { Next = _returned };

    /// <summary>Takes the first message; for the taker only.</summary>
    public bool TryDequeue(out Envelope envelope)
    {
        if (_returned is { } returned)
        {
            _returned = returned.Next;
            envelope = returned.Envelope;
            return true;
        }

        var next = _taken.Next ?? AwaitNext();
        if (next is null)
        {
            envelope = default;
            return false;
        }

        envelope = next.Envelope;
        next.Envelope = default;
        // Without the link an old node that lives in a late GC generation cannot keep its successors alive.
        _taken.Next = null;
        _taken = next;
        return true;
    }

    /// <summary>The node that another thread is about to link, or null when there is none.</summary>
    private Node? AwaitNext()
    {
        if (ReferenceEquals(Volatile.Read(ref _last), _taken))
            return null;

        var spin = new SpinWait();
        while (_taken.Next is null)
            spin.SpinOnce(sleep1Threshold: -1);
        return _taken.Next;
    }

    private sealed class Node(in Envelope envelope)
    {
        public Envelope Envelope = envelope;

        public volatile Node? Next;
    }
}
