using Akka.Actor;

namespace Akka.Persistence.Snapshot;

/// <summary>
/// What every snapshot store derives from. It is an actor of its own: the methods are called in its turn, one at a
/// time, and the tasks they return may go on beside each other. A plug-in's class has a constructor without parameters,
/// or one that takes its section of the configuration.
/// </summary>
public abstract class SnapshotStore : ActorBase
{
    private readonly CircuitBreaker _breaker;
    private readonly TimeProvider _time;

    /// <summary>Begins an instance; the persistence extension makes them.</summary>
    protected SnapshotStore()
    {
        var extension = PersistenceExtension.Get(Context.System);
        _time = extension.Time;
        _breaker = extension.SnapshotStoreOf(Self).Breaker;
    }

    /// <summary>The snapshot with the highest number among those that fit, or null.</summary>
    protected abstract Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria);

    /// <summary>Saves a snapshot, in the place of one with the same number if there is one.</summary>
    protected abstract Task SaveAsync(SnapshotMetadata metadata, object snapshot);

    /// <summary>Deletes one snapshot, if it is there.</summary>
    /// <param name="metadata">Which one; a time of <see cref="DateTime.MinValue"/> stands for any.</param>
    protected abstract Task DeleteAsync(SnapshotMetadata metadata);

    /// <summary>Deletes the snapshots that fit.</summary>
    protected abstract Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria);

    /// <summary>Handles messages of the plug-in's own; false for one it does not know.</summary>
    protected virtual bool ReceivePluginInternal(object message) => false;

    /// <inheritdoc/>
    protected sealed override bool Receive(object message)
    {
        switch (message)
        {
            case LoadSnapshot load:
                _ = AnswerAsync(
                    Sender, LoadResultAsync(load), failure => new LoadSnapshotResult(load.Recovery, null, failure));
                return true;
            case SaveSnapshot(var requested, var snapshot):
                var metadata = new SnapshotMetadata(
                    requested.PersistenceId, requested.SequenceNr, _time.GetUtcNow().UtcDateTime);
                _ = AnswerAsync(
                    Sender,
                    DoneAsync(() => SaveAsync(metadata, snapshot), new SaveSnapshotSuccess(metadata)),
                    failure => new SaveSnapshotFailure(metadata, failure));
                return true;
            case DeleteSnapshot(var one):
                _ = AnswerAsync(
                    Sender,
                    DoneAsync(() => DeleteAsync(one), new DeleteSnapshotSuccess(one)),
                    failure => new DeleteSnapshotFailure(one, failure));
                return true;
            case DeleteSnapshots(var id, var criteria):
                _ = AnswerAsync(
                    Sender,
                    DoneAsync(() => DeleteAsync(id, criteria), new DeleteSnapshotsSuccess(criteria)),
                    failure => new DeleteSnapshotsFailure(criteria, failure));
                return true;
            default:
                return ReceivePluginInternal(message);
        }
    }

    private static async Task AnswerAsync(IActorRef asker, Task<object> call, Func<Exception, object> failed)
    {
        object answer;
        try
        {
            answer = await call;
        }
        catch (Exception e)
        {
            answer = failed(e);
        }

        asker.Tell(answer, ActorRefs.NoSender);
    }

    private async Task<object> LoadResultAsync(LoadSnapshot load) => new LoadSnapshotResult(
        load.Recovery, await _breaker.CallAsync(() => LoadAsync(load.PersistenceId, load.Criteria)), Failure: null);

    private async Task<object> DoneAsync(Func<Task> call, object answer)
    {
        await _breaker.CallAsync(call);
        return answer;
    }
}
