using System.Text.Json;
using ActorRuns.Runs;
using ActorRuns.Threads;

namespace ActorRuns.Client;

/// <summary>
/// The threads of a runtime, wherever it is: in this process, or behind an address (<see cref="HttpThreads"/>). What is
/// asked means the same in both. May be used by any number of callers at once. A token that is cancelled ends the
/// caller's wait; what was accepted by then stays accepted, and a run is stopped by <see cref="CancelAsync"/> only.
/// </summary>
/// <remarks>
/// Every method throws a <see cref="ThreadsException"/> for what is refused: <see cref="NotFoundException"/>,
/// <see cref="ConflictException"/>, <see cref="InvalidRequestException"/> or <see cref="UnavailableException"/>.
/// </remarks>
public interface IThreads
{
    /// <summary>Makes a thread; it is durable on return.</summary>
    /// <exception cref="ConflictException">
    /// There is one of that id, and <see cref="NewThread.MayExist"/> is not set.
    /// </exception>
    Task<ThreadView> CreateAsync(NewThread thread, CancellationToken cancellationToken);

    /// <summary>The thread as it is.</summary>
    Task<ThreadView> ReadAsync(ThreadId thread, CancellationToken cancellationToken);

    /// <summary>Finds threads, the newest first.</summary>
    Task<IReadOnlyList<ThreadView>> SearchAsync(ThreadFilter filter, CancellationToken cancellationToken);

    /// <summary>Deletes a thread with all that is in it, stopping what is at work.</summary>
    Task DeleteAsync(ThreadId thread, CancellationToken cancellationToken);

    /// <summary>Adds a run; it is durable on return, and stays so whatever becomes of the caller.</summary>
    /// <exception cref="ConflictException">
    /// The run wants a free thread (<see cref="MultitaskStrategy.Reject"/>) and it is not, or it brings an answer and
    /// nobody was asked.
    /// </exception>
    Task<RunView> SubmitAsync(ThreadId thread, NewRun run, CancellationToken cancellationToken);

    /// <summary>Answers what a human was asked, which goes on with a run of its own.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="assistant">The assistant, by its id or its graph's name.</param>
    /// <param name="answer">
    /// The answer; for one of several questions, an object with the answer under the question's id.
    /// </param>
    /// <param name="cancellationToken">Ends the wait for the acceptance.</param>
    /// <exception cref="ConflictException">Nobody was asked.</exception>
    Task<RunView> ResumeAsync(
        ThreadId thread, string assistant, JsonElement answer, CancellationToken cancellationToken);

    /// <summary>A run as it is.</summary>
    Task<RunView> ReadRunAsync(ThreadId thread, RunId run, CancellationToken cancellationToken);

    /// <summary>The runs of a thread, the newest first.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="limit">How many at most; from 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<RunView>> ReadRunsAsync(ThreadId thread, int limit, CancellationToken cancellationToken);

    /// <summary>The runs that wait for their turn, the one that is next first.</summary>
    Task<IReadOnlyList<RunView>> ReadQueueAsync(ThreadId thread, CancellationToken cancellationToken);

    /// <summary>Edits a run that waits for its turn: it is executed as it is then.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="run">The run.</param>
    /// <param name="change">What is to be different.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ConflictException">It has begun.</exception>
    Task<RunView> EditRunAsync(ThreadId thread, RunId run, RunChange change, CancellationToken cancellationToken);

    /// <summary>Puts a run that waits for its turn before all others, due at once.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="run">The run.</param>
    /// <param name="over">What becomes of the run at work; null to let it come to its end.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ConflictException">It has begun.</exception>
    Task<RunView> PromoteAsync(ThreadId thread, RunId run, CancelAction? over, CancellationToken cancellationToken);

    /// <summary>Puts the runs that wait for their turn into another order.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="runs">All of them, the one that is next first.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The queue as it is then.</returns>
    /// <exception cref="ConflictException">These are not those that wait (any more).</exception>
    Task<IReadOnlyList<RunView>> ReorderQueueAsync(
        ThreadId thread, IReadOnlyList<RunId> runs, CancellationToken cancellationToken);

    /// <summary>Waits for the end of a run, however it comes, as long as it takes.</summary>
    Task<RunResult> AwaitEndAsync(ThreadId thread, RunId run, CancellationToken cancellationToken);

    /// <summary>
    /// Adds a run and reads its events from the first on, until it ends. A connection that breaks is made again, and
    /// each event comes once and in order.
    /// </summary>
    IAsyncEnumerable<RunEvent> StreamAsync(ThreadId thread, NewRun run, CancellationToken cancellationToken);

    /// <summary>Reads the events of a run, past and to come, until it ends.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="run">The run.</param>
    /// <param name="after">The id of the last event that is known; null for all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<RunEvent> FollowAsync(
        ThreadId thread, RunId run, string? after, CancellationToken cancellationToken);

    /// <summary>Stops a run and waits until its work has ended; one that has ended already stays as it is.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="run">The run.</param>
    /// <param name="action">What becomes of what it wrote.</param>
    /// <param name="cancellationToken">Ends the wait; the run is stopped all the same once it was asked.</param>
    Task CancelAsync(ThreadId thread, RunId run, CancelAction action, CancellationToken cancellationToken);

    /// <summary>Sets keys of a thread's metadata; the others stay.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="metadata">The keys to set, an object.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<ThreadView> PatchAsync(ThreadId thread, JsonElement metadata, CancellationToken cancellationToken);

    /// <summary>Makes a thread with the same state and past, and without the runs.</summary>
    Task<ThreadView> CopyAsync(ThreadId thread, CancellationToken cancellationToken);

    /// <summary>Changes the state from outside of any run: a revision of its own.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="change">What to write.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The new revision.</returns>
    /// <exception cref="ConflictException">A run is at work, or waits for its turn.</exception>
    Task<CheckpointId> UpdateStateAsync(ThreadId thread, StateChange change, CancellationToken cancellationToken);

    /// <summary>
    /// The facts of a thread's journal as the API tells them, for replay in tests: what was said in full, and what was
    /// rolled back or deleted as well. Read a page at a time.
    /// </summary>
    IAsyncEnumerable<JsonElement> ReadJournalAsync(ThreadId thread, CancellationToken cancellationToken);

    /// <summary>Where the thread stands.</summary>
    Task<StateView> ReadStateAsync(ThreadId thread, CancellationToken cancellationToken);

    /// <summary>A revision of the state.</summary>
    Task<StateView> ReadStateAsync(ThreadId thread, CheckpointId checkpoint, CancellationToken cancellationToken);

    /// <summary>The revisions of the state, the newest first.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="limit">How many at most; from 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<StateView>> ReadHistoryAsync(ThreadId thread, int limit, CancellationToken cancellationToken);
}

/// <summary>What becomes of what a run wrote when it is cancelled.</summary>
public enum CancelAction
{
    /// <summary>It stays.</summary>
    Interrupt,

    /// <summary>It is undone, and the run is gone.</summary>
    Rollback,
}
