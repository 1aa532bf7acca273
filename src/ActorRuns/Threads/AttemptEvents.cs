using ActorRuns.Runs;

namespace ActorRuns.Threads;

/// <summary>
/// A child of a thread's actor begins to execute an attempt. Published on the actor system's event stream; a diagnosis,
/// and no promise about what is recorded.
/// </summary>
/// <param name="ThreadId">The thread.</param>
/// <param name="RunId">The run.</param>
/// <param name="Attempt">Which try, counted from 1.</param>
public sealed record AttemptBegan(ThreadId ThreadId, RunId RunId, int Attempt);

/// <summary>
/// The child of an attempt has stopped; of two children of a thread, the second begins only after it. Published on the
/// actor system's event stream.
/// </summary>
/// <param name="ThreadId">The thread.</param>
/// <param name="RunId">The run.</param>
/// <param name="Attempt">Which try, counted from 1.</param>
public sealed record AttemptGone(ThreadId ThreadId, RunId RunId, int Attempt);
