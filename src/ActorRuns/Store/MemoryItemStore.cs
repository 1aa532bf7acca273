using System.Collections.Immutable;
using System.Text.Json;

namespace ActorRuns.Store;

/// <summary>Keeps items as long as the process lives, for tests and for journals that do so too.</summary>
/// <param name="time">The clock.</param>
public sealed class MemoryItemStore(TimeProvider time) : IItemStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(ItemNamespace Space, string Key), Kept> _kept = [];

    /// <inheritdoc />
    public Task PutAsync(
        ItemNamespace space, string key, JsonElement value, TimeSpan? ttl, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var now = Sweep();
            var createdAt = _kept.TryGetValue((space, key), out var known) ? known.Item.CreatedAt : now;
            _kept[(space, key)] = new Kept(new StoreItem(space, key, value, createdAt, now), ttl, now + ttl);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<StoreItem?> GetAsync(
        ItemNamespace space, string key, bool refreshesTtl, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var now = Sweep();
            if (!_kept.TryGetValue((space, key), out var kept))
                return Task.FromResult<StoreItem?>(null);

            if (refreshesTtl)
                Refresh(kept.Item, now);
            return Task.FromResult<StoreItem?>(kept.Item);
        }
    }

    /// <inheritdoc />
    public Task DeleteAsync(ItemNamespace space, string key, CancellationToken cancellationToken)
    {
        lock (_lock)
            _kept.Remove((space, key));
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<ImmutableArray<StoreItem>> SearchAsync(ItemQuery query, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var now = Sweep();
            ImmutableArray<StoreItem> found =
            [
                .. _kept.Values
                    .Select(kept => kept.Item)
                    .Where(item => item.Namespace.IsWithin(query.Within) && query.Matches(item.Value))
                    .OrderByDescending(item => item.UpdatedAt)
                    .ThenBy(item => item.Namespace.Path, StringComparer.Ordinal)
                    .ThenBy(item => item.Key, StringComparer.Ordinal)
                    .Skip(query.Offset)
                    .Take(query.Limit),
            ];
            foreach (var item in found.Where(_ => query.RefreshesTtl))
                Refresh(item, now);
            return Task.FromResult(found);
        }
    }

    /// <inheritdoc />
    public Task<ImmutableArray<ItemNamespace>> ListNamespacesAsync(
        NamespaceQuery query, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Sweep();
            return Task.FromResult(query.Choose(_kept.Keys.Select(place => place.Space)));
        }
    }

    /// <summary>Forgets what has lasted its time, and tells the time.</summary>
    private DateTimeOffset Sweep()
    {
        var now = time.GetUtcNow();
        foreach (var (place, kept) in _kept)
        {
            if (kept.ExpiresAt <= now)
                _kept.Remove(place); // Which a dictionary allows while it is gone through.
        }

        return now;
    }

    private void Refresh(StoreItem item, DateTimeOffset now)
    {
        var place = (item.Namespace, item.Key);
        _kept[place] = _kept[place] with { ExpiresAt = now + _kept[place].Ttl };
    }

    private sealed record Kept(StoreItem Item, TimeSpan? Ttl, DateTimeOffset? ExpiresAt);
}
