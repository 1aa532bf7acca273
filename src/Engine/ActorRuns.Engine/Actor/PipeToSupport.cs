namespace Akka.Actor;

/// <summary>Turns the end of a task into a message.</summary>
public static class PipeToSupport
{
    /// <summary>
    /// Tells the result when it is there; a failure as a <see cref="Status.Failure"/> with the bare exception.
    /// </summary>
    /// <param name="taskToPipe">What to wait for.</param>
    /// <param name="recipient">Who is told.</param>
    /// <param name="sender">
    /// The sender of that message: nobody unless it is given, not even the actor that calls.
    /// </param>
    /// <param name="success">Makes the message from the result.</param>
    /// <param name="failure">Makes the message from the exception.</param>
    /// <returns>Completes when the message is told; it never fails because the piped task did.</returns>
    public static async Task PipeTo<T>(
        this Task<T> taskToPipe,
        ICanTell recipient,
        IActorRef? sender = null,
        Func<T, object>? success = null,
        Func<Exception, object>? failure = null)
    {
        T result;
        try
        {
            result = await taskToPipe.ConfigureAwait(IsOnTurns);
        }
        catch (Exception e)
        {
            recipient.Tell(failure is null ? new Status.Failure(e) : failure(e), sender);
            return;
        }

        recipient.Tell(success is null ? result! : success(result), sender); // A null result is refused by Tell.
    }

    /// <summary>Tells what <paramref name="success"/> makes when the task has ended, and nothing without it.</summary>
    /// <param name="taskToPipe">What to wait for.</param>
    /// <param name="recipient">Who is told.</param>
    /// <param name="sender">The sender of that message: nobody unless it is given.</param>
    /// <param name="success">Makes the message.</param>
    /// <param name="failure">Makes the message from the exception; a <see cref="Status.Failure"/> without it.</param>
    /// <returns>Completes when the message is told; it never fails because the piped task did.</returns>
    public static async Task PipeTo(
        this Task taskToPipe,
        ICanTell recipient,
        IActorRef? sender = null,
        Func<object>? success = null,
        Func<Exception, object>? failure = null)
    {
        try
        {
            await taskToPipe.ConfigureAwait(IsOnTurns);
        }
        catch (Exception e)
        {
            recipient.Tell(failure is null ? new Status.Failure(e) : failure(e), sender);
            return;
        }

        if (success is not null)
            recipient.Tell(success(), sender);
    }

    /// <summary>
    /// True where the caller's context is the one that actors take their turns on: what is piped comes back to it.
    /// Any other is the caller's alone, and would only be in the way.
    /// </summary>
    private static bool IsOnTurns =>
        ActorCell.Current?.SystemImpl.Settings.Turns is { } turns && turns == SynchronizationContext.Current;
}
