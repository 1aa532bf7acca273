using ActorRuns.Threads;

namespace ActorRuns.Streams;

/// <summary>
/// A stream ends here and not with its run: the thread has stopped, or is another member's now. Who reads on after the
/// last frame that it has seen misses nothing.
/// </summary>
/// <param name="thread">The thread.</param>
public sealed class StreamBrokenException(ThreadId thread)
    : Exception($"The stream of a run of thread {thread} was cut off; it can be read on.")
{
    /// <summary>The thread.</summary>
    public ThreadId ThreadId { get; } = thread;
}
