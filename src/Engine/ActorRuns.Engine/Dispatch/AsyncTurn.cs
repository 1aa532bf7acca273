using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.Dispatch;

/// <summary>
/// One run of an async handler. As the synchronization context of its awaits it brings every continuation back to the
/// actor's mailbox, with the message and the sender it had.
/// </summary>
internal sealed class AsyncTurn(ActorCell cell, ActorBase actor, object? message, IActorRef? sender, long envelopeId)
    : SynchronizationContext
{
    /// <summary>The instance whose handler it is; another one does not go on with it.</summary>
    public ActorBase Actor => actor;

    public object? Message => message;

    public IActorRef? Sender => sender;

    public long EnvelopeId => envelopeId;

    public override void Post(SendOrPostCallback d, object? state) =>
        cell.Mailbox.EnqueueSystem(new Continuation(this, d, state));

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("An actor's turn cannot be waited for.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Tells the cell how the handler ended; begun in this context, so it ends in the actor's turn.</summary>
    public async Task ObserveAsync(Task task)
    {
        Exception? failure = null;
        try
        {
            // Even if the task ends just now: the handler's caller is not done with the message yet.
            await task.ConfigureAwait(
                ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.ForceYielding);
        }
        catch (Exception e)
        {
            failure = e;
        }

        cell.EndTurn(this, failure);
    }
}

/// <summary>Runs async code as part of the current message of the current actor.</summary>
public static class ActorTaskScheduler
{
    /// <summary>Runs the action; while it awaits, the actor handles no other message.</summary>
    /// <exception cref="InvalidOperationException">No actor handles a message on this thread.</exception>
    public static void RunTask(Func<Task> action)
    {
        var cell = ActorCell.Current ?? throw new InvalidOperationException("RunTask must be called by an actor.");
        cell.RunTask(static run => run(), action);
    }
}
