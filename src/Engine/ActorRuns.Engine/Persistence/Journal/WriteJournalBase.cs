using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>
/// The protocol between persistent actors and a journal, which is an actor of its own. Journals outside of the engine
/// derive from <see cref="AsyncWriteJournal"/>.
/// </summary>
public abstract class WriteJournalBase : ActorBase
{
    private protected WriteJournalBase() => Plugin = PersistenceExtension.Get(Context.System).JournalOf(Self);

    internal JournalPlugin Plugin { get; }

    /// <summary>Handles messages of the plug-in's own; false for one it does not know.</summary>
    protected virtual bool ReceivePluginInternal(object message) => false;

    /// <inheritdoc/>
    protected sealed override bool Receive(object message)
    {
        switch (message)
        {
            case WriteBatch batch:
                Write(batch);
                return true;
            case ReplayMessages request:
                _ = AnswerAsync(request);
                return true;
            case DeleteMessagesTo request:
                _ = AnswerAsync(request, Sender);
                return true;
            default:
                return ReceivePluginInternal(message);
        }
    }

    /// <summary>Writes a batch and answers it, in its own time, by way of the circuit breaker.</summary>
    internal abstract void Write(WriteBatch batch);

    /// <summary>The highest number that an event of the request's id ever had.</summary>
    internal abstract Task<long> ReadHighestAsync(ReplayMessages request);

    /// <summary>Tells the actor the events of the request, but not how it ended.</summary>
    internal abstract Task ReplayAsync(ReplayMessages request, long to);

    /// <summary>Deletes events.</summary>
    internal abstract Task DeleteAsync(DeleteMessagesTo request);

    private async Task AnswerAsync(ReplayMessages request)
    {
        var highest = 0L;
        Exception? failure = null;
        try
        {
            highest = await Plugin.Breaker.CallAsync(() => ReadHighestAsync(request));
            var to = Math.Min(request.To, highest);
            if (request.Max > 0 && request.From <= to)
                await ReplayAsync(request, to);
        }
        catch (Exception e)
        {
            failure = e;
        }

        request.Actor.Tell(new ReplayEnded(request, highest, failure), ActorRefs.NoSender);
    }

    private async Task AnswerAsync(DeleteMessagesTo request, IActorRef asker)
    {
        try
        {
            await Plugin.Breaker.CallAsync(() => DeleteAsync(request));
            asker.Tell(new DeleteMessagesSuccess(request.ToSequenceNr), ActorRefs.NoSender);
        }
        catch (Exception e)
        {
            asker.Tell(new DeleteMessagesFailure(e, request.ToSequenceNr), ActorRefs.NoSender);
        }
    }
}
