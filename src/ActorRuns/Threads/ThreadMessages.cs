using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Journal;
using ActorRuns.Runs;
using ActorRuns.Streams;

namespace ActorRuns.Threads;

/// <summary>A message to one thread; the region delivers it, and starts the thread's actor when it is not there.</summary>
public interface IThreadMessage
{
    /// <summary>The thread it is for.</summary>
    ThreadId ThreadId { get; }
}

/// <summary>
/// Begins a thread. Answered by <see cref="ThreadRead"/> once it is durable, or by <see cref="Refused"/>.
/// </summary>
/// <param name="ThreadId">The thread.</param>
/// <param name="Metadata">What its creator wants to find it by.</param>
/// <param name="MayExist">True when a thread that is there already is no fault; it stays as it is.</param>
public sealed record BeginThread(
    ThreadId ThreadId,
    ImmutableSortedDictionary<string, JsonElement> Metadata,
    bool MayExist) : IThreadMessage
{
    /// <summary>The revisions that it begins with, in order.</summary>
    public ImmutableArray<StateEdit> Past { get; init; } = [];
}

/// <summary>Sets keys of a thread's metadata. Answered by <see cref="ThreadRead"/>, or by <see cref="Refused"/>.</summary>
/// <param name="ThreadId">The thread.</param>
/// <param name="Metadata">The keys to set; the others stay.</param>
public sealed record PatchThread(
    ThreadId ThreadId,
    ImmutableSortedDictionary<string, JsonElement> Metadata) : IThreadMessage;

/// <summary>
/// Deletes a thread with all that is in it, stopping what is at work. Answered by <see cref="Deleted"/>, or by
/// <see cref="Refused"/>.
/// </summary>
/// <param name="ThreadId">The thread.</param>
public sealed record DeleteThread(ThreadId ThreadId) : IThreadMessage;

/// <summary>
/// Makes a thread with the same state and history as another one, and without its runs. Sent to the one that is
/// copied; answered by <see cref="ThreadRead"/> of the new one, or by <see cref="Refused"/>.
/// </summary>
/// <param name="ThreadId">The thread that is copied.</param>
/// <param name="Copy">The new thread.</param>
public sealed record CopyThread(ThreadId ThreadId, ThreadId Copy) : IThreadMessage;

/// <summary>
/// Takes a run out of sight, stopping it first if it has not ended; what it wrote stays. Answered by
/// <see cref="Deleted"/>, or by <see cref="Refused"/>.
/// </summary>
/// <param name="ThreadId">The thread.</param>
/// <param name="RunId">The run.</param>
public sealed record DeleteRun(ThreadId ThreadId, RunId RunId) : IThreadMessage;

/// <summary>
/// Changes the state from outside of any run; refused while a run is active. Answered by <see cref="ThreadRead"/>, or
/// by <see cref="Refused"/>.
/// </summary>
/// <param name="ThreadId">The thread.</param>
/// <param name="Edit">What to write, and as which node.</param>
/// <param name="From">The older revision to go on from; null for where the thread stands.</param>
public sealed record EditState(ThreadId ThreadId, StateEdit Edit, CheckpointId? From) : IThreadMessage;

/// <summary>
/// Adds a run. Answered by <see cref="RunAccepted"/> once it is durable, or by <see cref="Refused"/>. Sent twice with
/// the same run id, or under the same key, the second time changes nothing and is answered alike.
/// </summary>
/// <param name="ThreadId">The thread.</param>
/// <param name="Request">What is asked.</param>
/// <param name="AssistantMetadata">The metadata of the assistant.</param>
/// <param name="CreatesThread">True when a thread that is not there is made.</param>
public sealed record SubmitRun(
    ThreadId ThreadId,
    RunRequest Request,
    ImmutableSortedDictionary<string, JsonElement> AssistantMetadata,
    bool CreatesThread) : IThreadMessage
{
    /// <summary>The older revision that the run goes on from; null for where the thread stands.</summary>
    public CheckpointId? From { get; init; }

    /// <summary>What the thread must be at for the run to be wanted; empty for anything.</summary>
    public ImmutableArray<ThreadStatus> IfStatus { get; init; } = [];

    /// <summary>True when the thread is for this run alone: once it was deleted, it is not made again.</summary>
    public bool OnlyOnce { get; init; }
}

/// <summary>
/// Stops runs; those that have ended stay as they are. Answered by <see cref="RunsStopped"/> once it is durable, or by
/// <see cref="Refused"/>.
/// </summary>
/// <param name="ThreadId">The thread.</param>
/// <param name="Runs">The runs.</param>
/// <param name="Undo">True to undo what they did as well.</param>
/// <param name="Wait">True when the answer is to come only after their work has really ended.</param>
public sealed record StopRuns(ThreadId ThreadId, ImmutableArray<RunId> Runs, bool Undo, bool Wait) : IThreadMessage
{
    /// <summary>True to let tools that are at work come to their end first; of no meaning with an undo.</summary>
    public bool AfterTools { get; init; }
}

/// <summary>
/// Edits a run that waits for its turn; refused once it has begun. Answered by <see cref="ThreadRead"/>, or by
/// <see cref="Refused"/>.
/// </summary>
/// <param name="ThreadId">The thread.</param>
/// <param name="RunId">The run.</param>
/// <param name="Edit">What is to be different.</param>
public sealed record EditRun(ThreadId ThreadId, RunId RunId, RunEdit Edit) : IThreadMessage;

/// <summary>
/// Puts the runs that wait for their turn into another order; refused when these are not those that wait. Answered by
/// <see cref="ThreadRead"/>, or by <see cref="Refused"/>.
/// </summary>
/// <param name="ThreadId">The thread.</param>
/// <param name="Runs">All of them, the one that is next first.</param>
public sealed record ReorderQueue(ThreadId ThreadId, ImmutableArray<RunId> Runs) : IThreadMessage;

/// <summary>
/// Puts a run that waits for its turn before all others, due at once; refused once it has begun. Answered by
/// <see cref="ThreadRead"/>, or by <see cref="Refused"/>.
/// </summary>
/// <param name="ThreadId">The thread.</param>
/// <param name="RunId">The run.</param>
/// <param name="Over">
/// What becomes of the run at work: interrupted, rolled back, or, with any other strategy, left to its end.
/// </param>
public sealed record PromoteRun(ThreadId ThreadId, RunId RunId, MultitaskStrategy Over) : IThreadMessage;

/// <summary>Asks what is recorded. Answered by <see cref="ThreadRead"/>, or by <see cref="Refused"/>.</summary>
/// <param name="ThreadId">The thread.</param>
public sealed record ReadThread(ThreadId ThreadId) : IThreadMessage;

/// <summary>
/// Asks what is recorded of a thread that another member executes: read off the journal, without disturbing anybody.
/// Answered as <see cref="ReadThread"/> is.
/// </summary>
/// <param name="ThreadId">The thread.</param>
public sealed record ReadElsewhere(ThreadId ThreadId)
{
    /// <summary>True to read the journal from its beginning, whatever is saved beside it.</summary>
    internal bool Whole { get; init; }
}

/// <summary>
/// Asks for all revisions of the state. Answered by <see cref="HistoryRead"/>, or by <see cref="Refused"/>. Costs a
/// replay of the thread's journal.
/// </summary>
/// <param name="ThreadId">The thread.</param>
public sealed record ReadHistory(ThreadId ThreadId) : IThreadMessage;

/// <summary>
/// Asks for the facts of a thread's journal, a page at a time. Answered by <see cref="FactPage"/>, or by
/// <see cref="Refused"/>. Costs a replay of the journal up to the page's end.
/// </summary>
/// <param name="ThreadId">The thread.</param>
/// <param name="After">The number of the last fact that is known; 0 for none.</param>
/// <param name="Limit">How many facts at most.</param>
public sealed record ReadFacts(ThreadId ThreadId, long After, int Limit) : IThreadMessage;

/// <summary>
/// Takes the past of a thread's state out of sight; where it stands stays. Answered by <see cref="ThreadRead"/>, or by
/// <see cref="Refused"/>.
/// </summary>
/// <param name="ThreadId">The thread.</param>
public sealed record PruneHistory(ThreadId ThreadId) : IThreadMessage;

/// <summary>
/// Asks for the events of all runs that have ended. Answered by <see cref="PastRead"/>, or by <see cref="Refused"/>.
/// </summary>
/// <param name="ThreadId">The thread.</param>
/// <param name="After">
/// The last frame that the reader has seen, which costs a replay of the journal; null when no event is of interest.
/// </param>
public sealed record ReadPast(ThreadId ThreadId, FrameId? After) : IThreadMessage;

/// <summary>
/// Waits for what happens next on a thread: answered by the <see cref="StreamOpened"/> of the next run that has begun,
/// or by <see cref="StateEdited"/>, as soon as there is such a thing, or by <see cref="Refused"/>. A thread may stop
/// while somebody waits: ask again after a while.
/// </summary>
/// <param name="ThreadId">The thread.</param>
/// <param name="Seen">The runs that are not of interest any more.</param>
/// <param name="After">The journal's number of the last change that is known.</param>
public sealed record AwaitNext(ThreadId ThreadId, ImmutableHashSet<RunId> Seen, long After) : IThreadMessage;

/// <summary>Asks for a run's stream, live or over. Answered by <see cref="StreamOpened"/>, or by <see cref="Refused"/>.</summary>
/// <param name="ThreadId">The thread.</param>
/// <param name="RunId">The run.</param>
public sealed record OpenStream(ThreadId ThreadId, RunId RunId) : IThreadMessage;

/// <summary>What is recorded of a thread.</summary>
/// <param name="Ledger">The ledger; immutable, so it can be read anywhere.</param>
public sealed record ThreadRead(ThreadLedger Ledger);

/// <summary>What was to be deleted is gone for readers, and its work has been stopped.</summary>
public sealed record Deleted;

/// <summary>A run is durable.</summary>
/// <param name="Run">The run as it was accepted: pending, whatever it is by now.</param>
/// <param name="Stream">
/// Its stream from the first event on, however fast it was; null when the run was accepted long ago.
/// </param>
public sealed record RunAccepted(RunLedger Run, IRunStream? Stream)
{
    /// <summary>True when the run was accepted before, and was sent again.</summary>
    public bool IsReplay { get; init; }
}

/// <summary>Runs were stopped.</summary>
/// <param name="Disowned">
/// True when the caller asked to wait, and the work went on past the grace period; nothing it does is accepted.
/// </param>
/// <param name="StoppedIn">How long it took from the request to the end of the work, or to its disowning.</param>
public sealed record RunsStopped(bool Disowned, TimeSpan StoppedIn);

/// <summary>All revisions of a thread's state that readers can see.</summary>
/// <param name="Ledger">The ledger at the time of the answer.</param>
/// <param name="Checkpoints">The revisions, newest first.</param>
public sealed record HistoryRead(ThreadLedger Ledger, ImmutableArray<Checkpoint> Checkpoints);

/// <summary>Facts of a thread's journal.</summary>
/// <param name="Entries">The facts in order, each with its number.</param>
/// <param name="LastSequenceNr">The number of the thread's last fact: when the page ends before, there is more.</param>
public sealed record FactPage(ImmutableArray<JournalEntry> Entries, long LastSequenceNr);

/// <summary>The events of all runs that have ended, in the order of the runs.</summary>
/// <param name="Frames">The frames, each run's followed by one that tells its end.</param>
/// <param name="Ended">The runs.</param>
/// <param name="SequenceNr">The journal's number of the last fact that is past.</param>
public sealed record PastRead(ImmutableArray<StreamFrame> Frames, ImmutableHashSet<RunId> Ended, long SequenceNr);

/// <summary>The state of a thread was changed from outside of any run.</summary>
/// <param name="SequenceNr">The journal's number of the change.</param>
/// <param name="Ledger">The ledger with it.</param>
public sealed record StateEdited(long SequenceNr, ThreadLedger Ledger);

/// <summary>A run's stream.</summary>
/// <param name="Stream">The stream; any number of readers may read it at the same time.</param>
/// <param name="Run">The run as of now.</param>
public sealed record StreamOpened(IRunStream Stream, RunLedger Run);

/// <summary>An expected no; nothing changed.</summary>
/// <param name="Reason">Why.</param>
public sealed record Refused(Refusal Reason);
