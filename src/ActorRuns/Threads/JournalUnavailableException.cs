namespace ActorRuns.Threads;

/// <summary>The journal could not take what a thread wanted to record, or tell what is recorded of it.</summary>
/// <param name="threadId">The thread.</param>
/// <param name="sequenceNr">The number it would have had.</param>
/// <param name="cause">Why.</param>
public sealed class JournalUnavailableException(ThreadId threadId, long sequenceNr, Exception cause)
    : Exception($"The journal did not take number {sequenceNr} of thread {threadId}: {cause.Message}", cause)
{
    /// <summary>The thread.</summary>
    public ThreadId ThreadId { get; } = threadId;

    /// <summary>The number it would have had.</summary>
    public long SequenceNr { get; } = sequenceNr;

    /// <summary>
    /// True when nobody knows whether it is recorded: a line that broke, or took too long, may have brought it there.
    /// </summary>
    public bool MayBeRecorded { get; init; }
}
