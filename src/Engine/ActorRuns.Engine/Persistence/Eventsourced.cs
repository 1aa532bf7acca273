using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

/// <summary>
/// An actor whose state is what its events add up to. It persists events, and recovers from them when it starts again;
/// commands wait for both. One actor at a time may use a persistence id.
/// </summary>
public abstract partial class Eventsourced : ActorBase, IWithUnboundedStash
{
    private readonly PersistenceExtension _extension;

    /// <summary>Holds commands while the actor recovers or persists.</summary>
    private readonly ActorStash _waiting;
    private IStash _stash = null!; // The cell sets it when the constructor has ended.
    private ILoggingAdapter? _log;

    /// <summary>Begins an instance.</summary>
    protected Eventsourced()
    {
        _extension = PersistenceExtension.Get(Context.System);
        _waiting = CurrentCell.CreateStash();
    }

    /// <summary>Names the actor's events in the journal; the same in all its lives, and no other actor's.</summary>
    public abstract string PersistenceId { get; }

    /// <summary>What a start or restart recovers from; asked for once in each.</summary>
    public virtual Recovery Recovery => Recovery.Default;

    /// <summary>The path of the journal's section in the configuration; empty for the default one.</summary>
    /// <value>To be set in the constructor.</value>
    public string JournalPluginId { get; set; } = "";

    /// <summary>The path of the snapshot store's section in the configuration; empty for the default one.</summary>
    /// <value>To be set in the constructor.</value>
    public string SnapshotPluginId { get; set; } = "";

    /// <summary>The number of the event that was handled or replayed last; 0 before the first.</summary>
    public long LastSequenceNr { get; private set; }

    /// <summary>
    /// Whether events are being replayed. False already when <see cref="RecoveryCompleted"/> is handled.
    /// </summary>
    public bool IsRecovering => _phase < Phase.Processing;

    /// <summary>The opposite of <see cref="IsRecovering"/>.</summary>
    public bool IsRecoveryFinished => !IsRecovering;

    /// <summary>Keeps commands aside. What it gives back comes before the commands that wait for a write.</summary>
    public IStash Stash
    {
        get => _stash;
        set => _stash = new PersistentStash(value, _waiting);
    }

    /// <summary>Logs in the actor's name.</summary>
    protected ILoggingAdapter Log => _log ??= Context.GetLogger();

    /// <summary>
    /// Writes the event, then calls the handler with it. The rest of the command runs first; other commands wait until
    /// the handler has run. <c>Sender</c> in it is the command's.
    /// </summary>
    /// <exception cref="InvalidOperationException">The actor recovers.</exception>
    public void Persist<TEvent>(TEvent @event, Action<TEvent> handler)
    {
        CheckMayPersist();
        AddWrite([@event], handler, commandsWait: true);
    }

    /// <summary>As <see cref="Persist{TEvent}"/> for several events, of which all or none are written.</summary>
    /// <exception cref="InvalidOperationException">The actor recovers.</exception>
    public void PersistAll<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler)
    {
        CheckMayPersist();
        AddWrite([.. events], handler, commandsWait: true);
    }

    /// <summary>Writes the event, then calls the handler with it. Commands go on meanwhile.</summary>
    /// <exception cref="InvalidOperationException">The actor recovers.</exception>
    public void PersistAsync<TEvent>(TEvent @event, Action<TEvent> handler)
    {
        CheckMayPersist();
        AddWrite([@event], handler, commandsWait: false);
    }

    /// <summary>As <see cref="PersistAsync{TEvent}"/> for several events, of which all or none are written.</summary>
    /// <exception cref="InvalidOperationException">The actor recovers.</exception>
    public void PersistAllAsync<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler)
    {
        CheckMayPersist();
        AddWrite([.. events], handler, commandsWait: false);
    }

    /// <summary>
    /// Calls the handler after those of the events persisted before; at once if there are none. Nothing is written.
    /// </summary>
    /// <exception cref="InvalidOperationException">The actor recovers.</exception>
    public void DeferAsync<TEvent>(TEvent evt, Action<TEvent> handler)
    {
        CheckMayPersist();
        if (_handlers is null or { Count: 0 })
        {
            handler(evt);
            return;
        }

        _handlers.Enqueue(new Handler<TEvent>(evt, handler, CommandsWait: false));
        (_unsent ??= []).Add(new NonPersistentMessage(evt!, CurrentCell.SenderOrNone)); // An event is never null.
    }

    /// <summary>
    /// Deletes the events up to the number. The actor is told <see cref="DeleteMessagesSuccess"/> or
    /// <see cref="DeleteMessagesFailure"/>. Sequence numbers go on.
    /// </summary>
    public void DeleteMessages(long toSequenceNr) =>
        Journal.Ref.Tell(new DeleteMessagesTo(PersistenceId, toSequenceNr), Self);

    /// <summary>
    /// Saves the state after the last event. The actor is told <see cref="SaveSnapshotSuccess"/> or
    /// <see cref="SaveSnapshotFailure"/>. The snapshot must not change any more.
    /// </summary>
    public void SaveSnapshot(object snapshot) => SnapshotStore.Tell(
        new SaveSnapshot(new SnapshotMetadata(PersistenceId, LastSequenceNr), snapshot), Self);

    /// <summary>
    /// Deletes one snapshot. The actor is told <see cref="DeleteSnapshotSuccess"/> or <see
    /// cref="DeleteSnapshotFailure"/>.
    /// </summary>
    public void DeleteSnapshot(long sequenceNr) =>
        SnapshotStore.Tell(new DeleteSnapshot(new SnapshotMetadata(PersistenceId, sequenceNr)), Self);

    /// <summary>
    /// Deletes the snapshots that fit. The actor is told <see cref="DeleteSnapshotsSuccess"/> or
    /// <see cref="DeleteSnapshotsFailure"/>.
    /// </summary>
    public void DeleteSnapshots(SnapshotSelectionCriteria criteria) =>
        SnapshotStore.Tell(new DeleteSnapshots(PersistenceId, criteria), Self);

    /// <inheritdoc/>
    public override void AroundPreStart()
    {
        base.AroundPreStart();
        BeginRecovery();
    }

    /// <inheritdoc/>
    public override void AroundPostRestart(Exception cause, object message)
    {
        base.AroundPostRestart(cause, message);
        BeginRecovery();
    }

    /// <inheritdoc/>
    public override void AroundPreRestart(Exception cause, object message)
    {
        EndRecovery();
        _waiting.UnstashAll();
        Send();
        // What the journal says is nothing the actor knows of.
        base.AroundPreRestart(cause, message is WriteBatch or IRecoveryMessage ? null! : message);
    }

    /// <inheritdoc/>
    public override void AroundPostStop()
    {
        EndRecovery();
        _waiting.UnstashAll();
        base.AroundPostStop();
    }

    /// <inheritdoc/>
    protected internal override bool AroundReceive(Receive receive, object message)
    {
        if (message is WriteBatch batch)
            ReceiveAnswer(batch);
        else if (message is IRecoveryMessage)
            ReceiveWhileRecovering(message);
        else if (_phase == Phase.Processing)
            ReceiveCommand(receive, message);
        else
            _waiting.Stash();
        return true;
    }

    /// <inheritdoc/>
    protected sealed override bool Receive(object message) => ReceiveCommand(message);

    /// <summary>Handles a command; false when it is not one of those it handles.</summary>
    protected abstract bool ReceiveCommand(object message);

    /// <summary>
    /// Handles a <see cref="SnapshotOffer"/>, an event or <see cref="RecoveryCompleted"/>; false when it is not one of
    /// those it handles.
    /// </summary>
    protected abstract bool ReceiveRecover(object message);

    /// <summary>
    /// An event was not written, or nobody knows whether it was. Its handler is not called, and the actor stops.
    /// </summary>
    protected virtual void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Log.Error(
        cause, "Event {0} ({1}) of '{2}' was not persisted; the actor stops.",
        sequenceNr, @event.GetType(), PersistenceId);

    /// <summary>
    /// The journal refused an event before it wrote anything. Its handler is not called; the actor goes on.
    /// </summary>
    protected virtual void OnPersistRejected(Exception cause, object @event, long sequenceNr) => Log.Error(
        cause, "Event {0} ({1}) of '{2}' was rejected by the journal.", sequenceNr, @event.GetType(), PersistenceId);

    /// <summary>The recovery failed. The actor stops; it is not restarted.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="message">The event or offer that could not be handled; null when it was not the actor's
    /// fault.</param>
    protected virtual void OnRecoveryFailure(Exception reason, object? message = null) => Log.Error(
        reason, "'{0}' could not be recovered; {1} was handled last, the actor stops.", PersistenceId, LastSequenceNr);

    /// <summary>
    /// Runs async code as part of the current command: the events it persists are handled after its end.
    /// </summary>
    protected void RunTask(Func<Task> action) => RunTask(static run => run(), action);

    internal void RunTask<T>(Func<T, Task> handler, T argument)
    {
        _runsTask = true;
        CurrentCell.RunTask(async message =>
        {
            try
            {
                await handler(message);
            }
            finally
            {
                _runsTask = false;
                if (!_isReceiving)
                    EndCommand();
            }
        }, argument);
    }
}
