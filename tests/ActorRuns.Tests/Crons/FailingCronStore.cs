using ActorRuns.Crons;

namespace ActorRuns.Tests.Crons;

/// <summary>A store in memory that cannot be read when the test says so.</summary>
internal sealed class FailingCronStore : ICronStore
{
    private readonly MemoryCronStore _store = new();

    public bool FailsOnce { get; set; }

    public Task AddAsync(Cron cron, CancellationToken cancellationToken) => _store.AddAsync(cron, cancellationToken);

    public Task<Cron?> ChangeAsync(CronId id, Func<Cron, Cron> change, CancellationToken cancellationToken) =>
        _store.ChangeAsync(id, change, cancellationToken);

    public Task<bool> DeleteAsync(CronId id, CancellationToken cancellationToken) =>
        _store.DeleteAsync(id, cancellationToken);

    public Task<CronPage> SearchAsync(CronQuery query, CancellationToken cancellationToken) =>
        _store.SearchAsync(query, cancellationToken);

    public Task<IReadOnlyList<Cron>> FindDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!FailsOnce)
            return _store.FindDueAsync(now, cancellationToken);

        FailsOnce = false;
        return Task.FromException<IReadOnlyList<Cron>>(new IOException("disk unplugged"));
    }

    public Task<DateTimeOffset?> FindNextAsync(CancellationToken cancellationToken) =>
        _store.FindNextAsync(cancellationToken);
}
