namespace ActorRuns.Crons;

/// <summary>
/// Keeps crons. What a method has answered is kept; each does all or nothing, whoever else writes.
/// </summary>
public interface ICronStore
{
    /// <summary>Adds a cron, whose id is new.</summary>
    Task AddAsync(Cron cron, CancellationToken cancellationToken);

    /// <summary>Changes a cron; null when there is none with this id.</summary>
    /// <param name="id">The cron.</param>
    /// <param name="change">
    /// Makes the changed cron of the one that is kept; may be called again. What it throws leaves the cron as it is.
    /// </param>
    /// <param name="cancellationToken">Gives up the wait; the cron may be changed or not.</param>
    Task<Cron?> ChangeAsync(CronId id, Func<Cron, Cron> change, CancellationToken cancellationToken);

    /// <summary>Forgets a cron; false when there is none with this id.</summary>
    Task<bool> DeleteAsync(CronId id, CancellationToken cancellationToken);

    /// <summary>Finds crons, and counts all that match.</summary>
    Task<CronPage> SearchAsync(CronQuery query, CancellationToken cancellationToken);

    /// <summary>The crons whose next slot is not after a time.</summary>
    Task<IReadOnlyList<Cron>> FindDueAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The earliest next slot of all; null when none comes.</summary>
    Task<DateTimeOffset?> FindNextAsync(CancellationToken cancellationToken);
}
