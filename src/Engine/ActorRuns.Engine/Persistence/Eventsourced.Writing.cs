using Akka.Actor;

namespace Akka.Persistence;

public abstract partial class Eventsourced
{
    /// <summary>The handlers of all that was persisted or deferred and has not been answered, in order.</summary>
    private Queue<Handler>? _handlers;

    /// <summary>
    /// What the journal has not been given: the current command's, or what came while a batch was under way.
    /// </summary>
    private List<IPersistentEnvelope>? _unsent;
    private WriteBatch? _underWay;
    private string? _writerGuid;
    private long _sequenceNr;
    private int _handlersCommandsWaitFor;
    private bool _isReceiving;
    private bool _runsTask;

    private void CheckMayPersist()
    {
        if (IsRecovering)
            throw new InvalidOperationException("Nothing can be persisted or deferred while events are replayed.");
    }

    private void AddWrite<TEvent>(ReadOnlySpan<TEvent> events, Action<TEvent> handler, bool commandsWait)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (events.IsEmpty)
            return;

        _writerGuid ??= NewWriterGuid();
        var sender = CurrentCell.SenderOrNone;
        var written = new IPersistentRepresentation[events.Length];
        for (var i = 0; i < events.Length; i++)
        {
            if (events[i] is not { } e)
                throw new ArgumentNullException(nameof(events), "An event must not be null.");
            written[i] = new Persistent(e, _sequenceNr + i + 1, PersistenceId, Sender: sender, WriterGuid: _writerGuid);
        }

        _sequenceNr += events.Length;
        (_unsent ??= []).Add(new AtomicWrite(written));
        _handlers ??= [];
        foreach (var e in events)
            _handlers.Enqueue(new Handler<TEvent>(e, handler, commandsWait));
        if (commandsWait)
            _handlersCommandsWaitFor += events.Length;
    }

#pragma warning disable RS0030 // It only has to differ between instances; nothing is decided by it.
    private static string NewWriterGuid() => Guid.NewGuid().ToString();
#pragma warning restore RS0030

    private void ReceiveCommand(Receive receive, object message)
    {
        _isReceiving = true;
        try
        {
            base.AroundReceive(receive, message);
        }
        finally
        {
            _isReceiving = false;
            // Also when it fails: what it persisted before counts, and a supervisor may say that the actor is to go on.
            if (!_runsTask)
                EndCommand();
        }
    }

    /// <summary>Sends what was persisted to the journal, and lets the next command wait or come.</summary>
    private void EndCommand()
    {
        Send();
        if (_handlersCommandsWaitFor > 0)
        {
            _phase = Phase.Persisting;
            return;
        }

        _phase = Phase.Processing;
        // One at a time: the next one follows when it is handled. If it persists, the others need not be moved again.
        if (_waiting.NonEmpty)
            _waiting.Unstash();
    }

    private void Send()
    {
        if (_underWay is not null || _unsent is not { Count: > 0 } envelopes)
            return;
        _unsent = null;
        _underWay = new WriteBatch(this, Self, envelopes);
        Journal.Ref.Tell(_underWay, Self);
    }

    /// <summary>
    /// Handles the next event of an answered batch. Each one takes a turn of its own, so that it may stop the actor.
    /// </summary>
    private void ReceiveAnswer(WriteBatch batch)
    {
        if (batch.Owner != this)
            return; // It was sent before a restart, and the recovery has seen what became of it.
        if (batch == _underWay)
            _underWay = null;
        if (batch.Failure is { } failure)
        {
            Fail(batch, failure);
            return;
        }

        var handler = _handlers!.Dequeue(); // Every part of a batch has one.
        var (e, rejection) = (batch.Event, batch.Rejection);
        var hasMore = batch.MoveNext();
        try
        {
            if (e is not null)
                LastSequenceNr = e.SequenceNr;
            if (e is not null && rejection is not null)
                OnPersistRejected(rejection, handler.Event, e.SequenceNr);
            else
                handler.Run();
        }
        finally
        {
            if (handler.CommandsWait)
                _handlersCommandsWaitFor--;
            // Before the command that may come next now, which goes to the front of the mailbox, too.
            if (hasMore)
                CurrentCell.Mailbox.EnqueueFirst(new Envelope(batch, batch.Sender));
            if (_phase == Phase.Persisting)
                EndCommand();
            else
                Send();
        }
    }

    private void Fail(WriteBatch batch, Exception failure)
    {
        while (batch.Event is null && batch.MoveNext())
            _handlers!.Dequeue(); // It was deferred, and waits for nothing that could still come.
        try
        {
            if (batch.Event is { } e)
                OnPersistFailure(failure, _handlers!.Peek().Event, e.SequenceNr);
        }
        finally
        {
            Context.Stop(Self);
        }
    }

    /// <summary>What is to be done with an event when it is written.</summary>
    private abstract record Handler(bool CommandsWait)
    {
        /// <summary>The event as the actor persisted it.</summary>
        public abstract object Event { get; }

        public abstract void Run();
    }

    private sealed record Handler<TEvent>(TEvent Persisted, Action<TEvent> Handle, bool CommandsWait)
        : Handler(CommandsWait)
    {
        public override object Event => Persisted!; // Checked when it was persisted.

        public override void Run() => Handle(Persisted);
    }
}
