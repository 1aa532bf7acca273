using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Json;

namespace ActorRuns.Threads;

/// <summary>An index that lives as long as the process, for tests and for journals that do so too.</summary>
public sealed class MemoryThreadIndex : IThreadIndex
{
    private readonly ConcurrentDictionary<ThreadId, ThreadIndexEntry> _entries = new();

    /// <inheritdoc />
    public void Note(ThreadIndexEntry entry) => _entries.AddOrUpdate(
        entry.ThreadId, entry, (_, known) => known.SequenceNr > entry.SequenceNr ? known : entry);

    /// <inheritdoc />
    public void Forget(ThreadId thread, long sequenceNr)
    {
        if (_entries.TryGetValue(thread, out var known) && known.SequenceNr <= sequenceNr)
            _entries.TryRemove(new(thread, known));
    }

    /// <inheritdoc />
    public Task SettleAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task<IReadOnlyList<ThreadId>> FindUnfinishedAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ThreadId>>(
            [.. _entries.Values.Where(entry => entry.WakeAt is not null).Select(entry => entry.ThreadId)]);

    /// <inheritdoc />
    public Task<ThreadPage> SearchAsync(ThreadQuery query, CancellationToken cancellationToken)
    {
        var matches = Sorted(_entries.Values.Where(entry => Matches(entry, query)), query).ToList();
        var page = matches.Skip(query.Offset).Take(query.Limit ?? int.MaxValue);
        return Task.FromResult(new ThreadPage([.. page.Select(entry => entry.ThreadId)], matches.Count));
    }

    private static bool Matches(ThreadIndexEntry entry, ThreadQuery query) =>
        (query.Status is null || entry.Status == query.Status)
        && (query.Ids.IsEmpty || query.Ids.Contains(entry.ThreadId))
        && (query.Metadata.ValueKind is JsonValueKind.Undefined || Contains(entry.Metadata, query.Metadata));

    private static bool Contains(ImmutableSortedDictionary<string, JsonElement> metadata, JsonElement filter) =>
        filter.EnumerateObject().All(property =>
            metadata.TryGetValue(property.Name, out var value) && JsonContainment.Contains(value, property.Value));

    private static IEnumerable<ThreadIndexEntry> Sorted(IEnumerable<ThreadIndexEntry> entries, ThreadQuery query)
    {
        var ascending = query.OrderBy switch
        {
            ThreadOrder.CreatedAt => entries.OrderBy(entry => entry.CreatedAt),
            ThreadOrder.UpdatedAt => entries.OrderBy(entry => entry.UpdatedAt),
            ThreadOrder.Status => entries.OrderBy(entry => JsonNames.Of(entry.Status), StringComparer.Ordinal),
            _ => entries.OrderBy(entry => $"{entry.ThreadId}", StringComparer.Ordinal),
        };

        // Ids settle what is otherwise equal, so that pages do not overlap.
        var settled = ascending.ThenBy(entry => $"{entry.ThreadId}", StringComparer.Ordinal);
        return query.Ascending ? settled : settled.Reverse();
    }
}
