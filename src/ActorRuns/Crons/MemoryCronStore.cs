using System.Collections.Immutable;

namespace ActorRuns.Crons;

/// <summary>Keeps crons as long as the process lives, for tests and for journals that do so too.</summary>
public sealed class MemoryCronStore : ICronStore
{
    private readonly Lock _writing = new();

    private ImmutableDictionary<CronId, Cron> _crons = ImmutableDictionary<CronId, Cron>.Empty;

    /// <inheritdoc />
    public Task AddAsync(Cron cron, CancellationToken cancellationToken)
    {
        lock (_writing)
            _crons = _crons.Add(cron.Id, cron);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<Cron?> ChangeAsync(CronId id, Func<Cron, Cron> change, CancellationToken cancellationToken)
    {
        lock (_writing)
        {
            if (!_crons.TryGetValue(id, out var known))
                return Task.FromResult<Cron?>(null);

            var changed = change(known);
            _crons = _crons.SetItem(id, changed);
            return Task.FromResult<Cron?>(changed);
        }
    }

    /// <inheritdoc />
    public Task<bool> DeleteAsync(CronId id, CancellationToken cancellationToken)
    {
        lock (_writing)
        {
            var before = _crons;
            _crons = before.Remove(id);
            return Task.FromResult(_crons != before);
        }
    }

    /// <inheritdoc />
    public Task<CronPage> SearchAsync(CronQuery query, CancellationToken cancellationToken) =>
        Task.FromResult(query.Of(_crons.Values));

    /// <inheritdoc />
    public Task<IReadOnlyList<Cron>> FindDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Cron>>([.. _crons.Values.Where(cron => cron.NextRunAt <= now)]);

    /// <inheritdoc />
    public Task<DateTimeOffset?> FindNextAsync(CancellationToken cancellationToken) =>
        Task.FromResult(_crons.Values.Min(cron => cron.NextRunAt));
}
