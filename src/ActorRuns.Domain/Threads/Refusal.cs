using System.Collections.Immutable;
using ActorRuns.Graphs;
using ActorRuns.Runs;
using ActorRuns.Undos;

namespace ActorRuns.Threads;

/// <summary>An expected no: the command was understood, nothing changed.</summary>
public abstract record Refusal
{
    private Refusal() { }

    /// <summary>No thread has this id.</summary>
    public sealed record ThreadNotFound(ThreadId ThreadId) : Refusal;

    /// <summary>A thread has this id already.</summary>
    public sealed record ThreadExists(ThreadId ThreadId) : Refusal;

    /// <summary>The thread has no run with this id.</summary>
    public sealed record RunNotFound(RunId RunId) : Refusal
    {
        /// <summary>Why it is gone; null when there never was one, or it was deleted.</summary>
        public RolledBackRun? RolledBack { get; init; }
    }

    /// <summary>The new run wants a free thread, and the thread has runs that have not ended.</summary>
    public sealed record ThreadBusy(ThreadId ThreadId) : Refusal;

    /// <summary>The thread is not at what the request is only meant for.</summary>
    /// <param name="ThreadId">The thread.</param>
    /// <param name="Status">What it is at.</param>
    public sealed record ThreadStatusMismatch(ThreadId ThreadId, ThreadStatus Status) : Refusal;

    /// <summary>What can only be done to a run that waits for its turn comes too late.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Status">How far it has come.</param>
    public sealed record RunBegan(RunId RunId, RunStatus Status) : Refusal;

    /// <summary>The queue is not the one that its new order was meant for.</summary>
    /// <param name="ThreadId">The thread.</param>
    /// <param name="Queue">The runs that wait for their turn, the one that is next first.</param>
    public sealed record QueueChanged(ThreadId ThreadId, ImmutableArray<RunId> Queue) : Refusal;

    /// <summary>The key was used for another request.</summary>
    /// <param name="Key">The key.</param>
    /// <param name="RunId">The run of that request.</param>
    public sealed record KeyUsed(string Key, RunId RunId) : Refusal;

    /// <summary>The thread was there for one run, and is gone with it; it is not made again.</summary>
    public sealed record ThreadUsedUp(ThreadId ThreadId) : Refusal;

    /// <summary>The run brings an answer, and nobody was asked.</summary>
    public sealed record NothingAsked(ThreadId ThreadId) : Refusal;

    /// <summary>No graph of that name is registered in this process.</summary>
    public sealed record UnknownGraph(GraphId GraphId) : Refusal;

    /// <summary>The input does not fit the graph.</summary>
    /// <param name="Field">The field, as the caller named it.</param>
    /// <param name="Expected">What would have been right.</param>
    public sealed record InvalidInput(string Field, string Expected) : Refusal;

    /// <summary>Another member executes the thread, or will in a moment; nothing was done here.</summary>
    public sealed record ThreadElsewhere(ThreadId ThreadId) : Refusal;

    /// <summary>More messages wait for the thread than it can take; to be sent again later.</summary>
    public sealed record Overloaded(ThreadId ThreadId) : Refusal;
}
