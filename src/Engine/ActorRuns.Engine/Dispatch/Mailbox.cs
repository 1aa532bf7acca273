using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Dispatch;

/// <summary>
/// The messages of one actor and the turn it takes, on the thread pool unless the system was told otherwise: one thread
/// at a time runs it, system messages come first, and after <see cref="Settings.Throughput"/> messages the others get
/// the thread.
/// </summary>
internal sealed class Mailbox(ActorCell cell) : IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Scheduled = 1;

    private readonly MessageQueue _messages = new();

    /// <summary>The system message that came last; each links to the one before it.</summary>
    private SystemMessage? _systemMessages;
    private int _state;

    /// <summary>How many reasons there are to handle no messages. Only the turn changes it.</summary>
    private int _suspensions;
    private volatile bool _isClosed;

    /// <summary>Whether the actor has stopped: what comes now are dead letters.</summary>
    public bool IsClosed => _isClosed;

    private bool IsSuspended => Volatile.Read(ref _suspensions) > 0;

    /// <summary>Takes a message; any thread.</summary>
    public void Enqueue(in Envelope envelope)
    {
        if (_isClosed)
        {
            ToDeadLetters(envelope);
            return;
        }

        _messages.Enqueue(envelope);
        // Who ends the last suspension looks at the queue once more before the turn is over.
        if (!IsSuspended || _isClosed)
            Schedule();
    }

    /// <summary>Takes a system message; any thread.</summary>
    public void EnqueueSystem(SystemMessage message)
    {
        SystemMessage? latest;
        do
        {
            latest = Volatile.Read(ref _systemMessages);
            message.Next = latest;
        }
        while (Interlocked.CompareExchange(ref _systemMessages, message, latest) != latest);
        Schedule();
    }

    /// <summary>Puts a message before all that wait; within a turn only.</summary>
    public void EnqueueFirst(in Envelope envelope) => _messages.EnqueueFirst(envelope);

    /// <summary>Adds a reason to handle no messages; within a turn only.</summary>
    public void Suspend() => Volatile.Write(ref _suspensions, _suspensions + 1);

    /// <summary>Takes one reason away; within a turn only.</summary>
    public void Resume() => Volatile.Write(ref _suspensions, Math.Max(0, _suspensions - 1));

    /// <summary>Makes dead letters of all messages, now and later; within a turn only.</summary>
    public void Close()
    {
        _isClosed = true;
        Drain();
    }

    void IThreadPoolWorkItem.Execute()
    {
        var outer = InternalCurrentActorCellKeeper.Current;
        InternalCurrentActorCellKeeper.Current = cell;
        try
        {
            HandleSystemMessages();
            HandleMessages();
        }
        finally
        {
            InternalCurrentActorCellKeeper.Current = outer;
            // A full fence: whoever adds a message from here on sees an idle mailbox or is seen by the next line.
            Interlocked.Exchange(ref _state, Idle);
            if (HasWork())
                Schedule();
        }
    }

    private bool HasWork() =>
        Volatile.Read(ref _systemMessages) is not null || ((_isClosed || !IsSuspended) && !_messages.IsEmpty);

    private void Schedule()
    {
        if (Volatile.Read(ref _state) == Idle && Interlocked.CompareExchange(ref _state, Scheduled, Idle) == Idle)
        {
            if (cell.SystemImpl.Settings.Turns is { } turns)
            {
                turns.Post(static mailbox => ((IThreadPoolWorkItem)mailbox!).Execute(), this);
                return;
            }

            // A thread empties its local queue before it looks at the global one: with local turns two actors that keep
            // each other busy hold up everything else in the process, for seconds. Going global costs next to nothing.
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private void HandleMessages()
    {
        for (var left = cell.SystemImpl.Settings.Throughput; left > 0 && !IsSuspended && !_isClosed; left--)
        {
            if (!_messages.TryDequeue(out var envelope))
                return;
            cell.Invoke(envelope);
            HandleSystemMessages();
        }

        if (_isClosed)
            Drain();
    }

    private void HandleSystemMessages()
    {
        while (Volatile.Read(ref _systemMessages) is not null)
        {
            var next = InOrder(Interlocked.Exchange(ref _systemMessages, null));
            while (next is { } message)
            {
                next = message.Next;
                message.Next = null;
                cell.SystemInvoke(message);
            }
        }
    }

    /// <summary>Turns the links round, so that the message that came first is first.</summary>
    private static SystemMessage? InOrder(SystemMessage? latest)
    {
        SystemMessage? first = null;
        while (latest is { } message)
        {
            latest = message.Next;
            message.Next = first;
            first = message;
        }

        return first;
    }

    private void Drain()
    {
        while (_messages.TryDequeue(out var envelope))
            ToDeadLetters(envelope);
    }

    private void ToDeadLetters(in Envelope envelope)
    {
        var deadLetters = cell.SystemImpl.DeadLetters;
        deadLetters.Tell(
            new DeadLetter(envelope.Message, envelope.Sender ?? deadLetters, cell.Self), envelope.Sender);
    }
}
