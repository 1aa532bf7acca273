using Akka.Actor;

namespace Akka.TestKit.Internal;

/// <summary>What a test actor got, and from whom.</summary>
internal sealed record Received(object Message, IActorRef Sender)
{
    public override string ToString() => $"<{Message}> of type {Message.GetType()} from {Sender}";
}

/// <summary>The messages that wait for the test. Any thread may add; the test takes, one at a time.</summary>
#pragma warning disable CA1001 // A semaphore that only counts holds nothing to free, and actors may still add to it.
internal sealed class Inbox
#pragma warning restore CA1001
{
    private readonly LinkedList<Received> _messages = new();
    private readonly SemaphoreSlim _count = new(0);

    public void Add(Received received)
    {
        lock (_messages)
            _messages.AddLast(received);
        _count.Release();
    }

    /// <summary>Makes the message the next one to be taken.</summary>
    public void PutBack(Received received)
    {
        lock (_messages)
            _messages.AddFirst(received);
        _count.Release();
    }

    /// <returns>Null when none came in time.</returns>
    public async ValueTask<Received?> TakeAsync(Pace pace, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!await pace.TakeAsync(_count, timeout, cancellationToken))
            return null;

        lock (_messages)
        {
            var first = _messages.First!; // The semaphore counts what is in the list.
            _messages.RemoveFirst();
            return first.Value;
        }
    }
}
