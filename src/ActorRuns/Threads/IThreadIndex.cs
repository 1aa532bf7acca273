using System.Collections.Immutable;
using System.Text.Json;

namespace ActorRuns.Threads;

/// <summary>
/// What can be found of all threads without reading their journals. A projection: losing it loses nothing, and it may
/// lag a moment behind what is recorded.
/// </summary>
public interface IThreadIndex
{
    /// <summary>Takes note of a thread as it is now. Returns at once; a later note of the same thread wins.</summary>
    void Note(ThreadIndexEntry entry);

    /// <summary>Forgets a thread that was deleted. Returns at once.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="sequenceNr">The number of the fact that deleted it; what is noted of a later one stays.</param>
    void Forget(ThreadId thread, long sequenceNr);

    /// <summary>
    /// Completes when what was noted before can be found by all who search, members of a cluster included; or when that
    /// was tried, and is tried again.
    /// </summary>
    Task SettleAsync(CancellationToken cancellationToken);

    /// <summary>Finds threads, with all that was noted before it was asked.</summary>
    Task<ThreadPage> SearchAsync(ThreadQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// The threads that have something to do without anyone asking: those whose runs are at work or wait, and those
    /// of which the journal knows more than the index.
    /// </summary>
    Task<IReadOnlyList<ThreadId>> FindUnfinishedAsync(CancellationToken cancellationToken);
}

/// <summary>What the index knows of one thread.</summary>
/// <param name="ThreadId">The thread.</param>
/// <param name="SequenceNr">The number of the last fact that the entry knows.</param>
/// <param name="Status">What the thread is at.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="UpdatedAt">When it last changed.</param>
/// <param name="WakeAt">When it next has something to do without anyone asking; null when never.</param>
/// <param name="Metadata">What it can be found by, with the graph and the assistant of its last run.</param>
public sealed record ThreadIndexEntry(
    ThreadId ThreadId,
    long SequenceNr,
    ThreadStatus Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? WakeAt,
    ImmutableSortedDictionary<string, JsonElement> Metadata);
