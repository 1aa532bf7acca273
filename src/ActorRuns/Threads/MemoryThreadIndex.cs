using System.Collections.Concurrent;

namespace ActorRuns.Threads;

/// <summary>An index that lives as long as the process, for tests and for journals that do so too.</summary>
public sealed class MemoryThreadIndex : IThreadIndex
{
    private readonly ConcurrentDictionary<ThreadId, ThreadIndexEntry> _entries = new();

    /// <inheritdoc />
    public void Note(ThreadIndexEntry entry) => _entries.AddOrUpdate(
        entry.ThreadId, entry, (_, known) => known.SequenceNr > entry.SequenceNr ? known : entry);

    /// <inheritdoc />
    public Task<IReadOnlyList<ThreadId>> FindUnfinishedAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ThreadId>>(
            [.. _entries.Values.Where(entry => entry.WakeAt is not null).Select(entry => entry.ThreadId)]);
}
