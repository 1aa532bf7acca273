using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

internal sealed partial class ActorCell
{
    /// <summary>The async handler that awaits something; no other message is handled until it ends.</summary>
    private AsyncTurn? _turn;
    private Cancelable? _pendingReceiveTimeout;
    private TimeSpan? _receiveTimeout;

    public TimeSpan? ReceiveTimeout => _receiveTimeout;

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        if (timeout <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "A receive timeout must be positive.");
        CancelReceiveTimeout();
        _receiveTimeout = timeout;
        // It begins when the current message has been handled; in PreStart, when that ends.
    }

    /// <summary>
    /// Runs an async handler for the current message. While it awaits, the mailbox stands still, and what comes after
    /// the await runs in the actor's turn, with its context, sender and failure handling.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// It is called within another async handler of the actor, or by its constructor.
    /// </exception>
    public void RunTask<T>(Func<T, Task> handler, T argument)
    {
        if (_turn is not null)
            throw new InvalidOperationException("The actor already runs an async handler.");
        if (_actor is null)
            throw new InvalidOperationException("A constructor cannot run a task; PreStart can.");

        var turn = _turn = new AsyncTurn(this, _actor, CurrentMessage, _sender, CurrentEnvelopeId);
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(turn);
        var awaits = false;
        try
        {
            var task = handler(argument);
            awaits = !task.IsCompleted;
            if (awaits)
            {
                Mailbox.Suspend();
                _ = turn.ObserveAsync(task);
            }
            else
            {
                task.GetAwaiter().GetResult(); // Completed: it does not block, it throws what the handler threw.
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
            if (!awaits)
                _turn = null;
        }
    }

    /// <summary>The handler has ended; called in the actor's turn.</summary>
    public void EndTurn(AsyncTurn turn, Exception? failure)
    {
        if (_turn != turn)
            return;
        _turn = null;
        Mailbox.Resume();
        if (failure is null)
            MessageIsHandled();
        else
            HandleInvokeFailure(failure);
    }

    private void GoOn(Continuation continuation)
    {
        var turn = continuation.Turn;
        // What was begun by an instance that is gone, or is about to stop, ends in the middle.
        if (turn.Actor != _actor || _awaitedStep != AwaitedStep.None)
            return;

        var isDetached = _turn != turn; // Begun by a handler that did not await it.
        var (message, sender, id) = (CurrentMessage, _sender, CurrentEnvelopeId);
        (CurrentMessage, _sender, CurrentEnvelopeId) = (turn.Message, turn.Sender, turn.EnvelopeId);
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(turn);
        try
        {
            continuation.Run();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
            if (isDetached)
                (CurrentMessage, _sender, CurrentEnvelopeId) = (message, sender, id);
        }
    }

    /// <summary>Forgets the handler that awaits: the actor restarts or stops, and it will not go on.</summary>
    private void AbandonTurn()
    {
        if (_turn is null)
            return;
        _turn = null;
        Mailbox.Resume();
    }

    private void ArmReceiveTimeout()
    {
        if (_receiveTimeout is not { } timeout || _pendingReceiveTimeout is not null)
            return;
        var pending = new Cancelable(SystemImpl.Scheduler);
        _pendingReceiveTimeout = pending;
        SystemImpl.Scheduler.ScheduleTellOnce(
            timeout, SelfRef, Actor.ReceiveTimeout.Instance, SelfRef, pending);
    }

    private void CancelReceiveTimeout()
    {
        _pendingReceiveTimeout?.Cancel();
        _pendingReceiveTimeout = null;
    }
}
