using Akka.Actor;

namespace ActorRuns.Crons;

/// <summary>The crons that callers made. Changes are told to whoever fires them, so that they hold at once.</summary>
public sealed class CronCatalog
{
    private readonly ICronStore _store;
    private readonly IActorRef _firing;
    private readonly TimeProvider _time;

    internal CronCatalog(ICronStore store, IActorRef firing, TimeProvider time)
    {
        _store = store;
        _firing = firing;
        _time = time;
    }

    /// <summary>Adds a cron, whose id is new.</summary>
    /// <returns>The cron with its first slot.</returns>
    public async Task<Cron> AddAsync(Cron cron, CancellationToken cancellationToken)
    {
        var planned = cron.PlannedAfter(_time.GetUtcNow());
        await _store.AddAsync(planned, cancellationToken);
        TellChanged();
        return planned;
    }

    /// <summary>Changes a cron; null when there is none with this id.</summary>
    /// <param name="id">The cron.</param>
    /// <param name="change">
    /// Makes the changed cron of the one that is kept; may be called again. What it throws leaves the cron as it is.
    /// </param>
    /// <param name="cancellationToken">Gives up the wait; the cron may be changed or not.</param>
    public async Task<Cron?> ChangeAsync(CronId id, Func<Cron, Cron> change, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var changed = await _store.ChangeAsync(id, known => known.ChangedTo(change(known), now), cancellationToken);
        TellChanged();
        return changed;
    }

    /// <summary>Forgets a cron; its runs and threads stay as they are. False when there is none with this id.</summary>
    public Task<bool> DeleteAsync(CronId id, CancellationToken cancellationToken) =>
        _store.DeleteAsync(id, cancellationToken);

    /// <summary>Finds crons, and counts all that match.</summary>
    public Task<CronPage> SearchAsync(CronQuery query, CancellationToken cancellationToken) =>
        _store.SearchAsync(query, cancellationToken);

    private void TellChanged() => _firing.Tell(new FireDueCrons(), ActorRefs.NoSender);
}
