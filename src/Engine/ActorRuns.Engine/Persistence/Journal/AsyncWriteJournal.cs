using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>
/// What journals derive from. A journal is an actor of its own: the methods are called in its turn, one at a time, and
/// the tasks they return may go on beside each other. A plug-in's class has a constructor without parameters, or one
/// that takes its section of the configuration.
/// </summary>
public abstract class AsyncWriteJournal : WriteJournalBase
{
    /// <summary>Hands over the events of an id, in order, one by one.</summary>
    /// <param name="context">The journal's own context; valid until the first await.</param>
    /// <param name="persistenceId">Whose events.</param>
    /// <param name="fromSequenceNr">The lowest number.</param>
    /// <param name="toSequenceNr">The highest number.</param>
    /// <param name="max">How many at most.</param>
    /// <param name="recoveryCallback">Takes an event; to be called from one thread at a time.</param>
    public abstract Task ReplayMessagesAsync(
        IActorContext context,
        string persistenceId,
        long fromSequenceNr,
        long toSequenceNr,
        long max,
        Action<IPersistentRepresentation> recoveryCallback);

    /// <summary>The highest number that an event of the id ever had; 0 when it had none.</summary>
    /// <param name="persistenceId">Whose events.</param>
    /// <param name="fromSequenceNr">A number that is known not to be too high.</param>
    public abstract Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr);

    /// <summary>Writes events; each <see cref="AtomicWrite"/> wholly or not at all.</summary>
    /// <returns>
    /// An empty list or null if all were written; else for each write null or why it was rejected. A failed task means
    /// that nobody knows what was written: the actor stops.
    /// </returns>
    protected abstract Task<IImmutableList<Exception>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages);

    /// <summary>Deletes the events up to the number. The highest number is remembered.</summary>
    protected abstract Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr);

    internal sealed override void Write(WriteBatch batch) => _ = WriteAsync(batch);

    internal sealed override Task<long> ReadHighestAsync(ReplayMessages request) =>
        ReadHighestSequenceNrAsync(request.PersistenceId, Math.Max(0, request.From - 1));

    internal sealed override Task ReplayAsync(ReplayMessages request, long to) => ReplayMessagesAsync(
        Context,
        request.PersistenceId,
        request.From,
        to,
        request.Max,
        e => Plugin.Adapters.FromJournal(e, request.Replay));

    internal sealed override Task DeleteAsync(DeleteMessagesTo request) =>
        DeleteMessagesToAsync(request.PersistenceId, request.ToSequenceNr);

    private async Task WriteAsync(WriteBatch batch)
    {
        try
        {
            List<AtomicWrite> writes =
                [.. batch.Writes.Select(write => new AtomicWrite([.. write.Events.Select(Plugin.Adapters.ToJournal)]))];
            // The result list of a plug-in holds null where a write succeeded, whatever its type says.
            IReadOnlyList<Exception?>? rejections = writes.Count == 0
                ? null
                : await Plugin.Breaker.CallAsync(() => WriteMessagesAsync(writes));
            batch.Succeed(rejections);
        }
        catch (Exception e)
        {
            batch.Fail(e);
        }
    }
}
