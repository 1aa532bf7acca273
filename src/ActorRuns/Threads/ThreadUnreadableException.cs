namespace ActorRuns.Threads;

/// <summary>
/// A thread's journal holds something that this build cannot read; nothing is done with the thread until it is mended.
/// </summary>
/// <param name="threadId">The thread.</param>
/// <param name="sequenceNr">The number of the first fact that cannot be read.</param>
/// <param name="manifest">The stored name and version of its kind.</param>
/// <param name="reason">What is wrong with it.</param>
public sealed class ThreadUnreadableException(ThreadId threadId, long sequenceNr, string manifest, string reason)
    : Exception($"Number {sequenceNr} of thread {threadId}, a '{manifest}', cannot be read: {reason}")
{
    /// <summary>The thread.</summary>
    public ThreadId ThreadId { get; } = threadId;

    /// <summary>The number of the first fact that cannot be read.</summary>
    public long SequenceNr { get; } = sequenceNr;

    /// <summary>The stored name and version of its kind.</summary>
    public string Manifest { get; } = manifest;
}
