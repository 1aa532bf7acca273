using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Messages;
using ActorRuns.Runs;

namespace ActorRuns.Threads;

/// <summary>A request to change one thread; it may be refused.</summary>
public abstract record ThreadCommand
{
    private ThreadCommand() { }

    /// <summary>Begins the thread.</summary>
    /// <param name="Metadata">What its creator wants to find it by.</param>
    /// <param name="MayExist">True when a thread that is there already is no fault; it stays as it is.</param>
    /// <param name="Past">The revisions that it begins with, in order.</param>
    public sealed record CreateThread(
        ImmutableSortedDictionary<string, JsonElement> Metadata,
        bool MayExist,
        ImmutableArray<StateEdit> Past) : ThreadCommand;

    /// <summary>Begins the thread as the copy of another one.</summary>
    /// <param name="Metadata">The other one's.</param>
    /// <param name="Revisions">The other one's revisions, oldest first.</param>
    public sealed record ImportThread(
        ImmutableSortedDictionary<string, JsonElement> Metadata,
        ImmutableArray<ThreadEvent.StateUpdated> Revisions) : ThreadCommand
    {
        /// <summary>What the other one waits for; null when it waits for nothing.</summary>
        public ThreadEvent.PositionCopied? Waits { get; init; }
    }

    /// <summary>Sets keys of the thread's metadata; the others stay.</summary>
    /// <param name="Metadata">The keys to set.</param>
    public sealed record PatchThread(ImmutableSortedDictionary<string, JsonElement> Metadata) : ThreadCommand;

    /// <summary>Deletes the thread with all that is in it, stopping what is at work.</summary>
    public sealed record DeleteThread : ThreadCommand;

    /// <summary>Takes a run out of sight, stopping it first if it has not ended.</summary>
    /// <param name="RunId">The run.</param>
    public sealed record DeleteRun(RunId RunId) : ThreadCommand;

    /// <summary>Changes the state from outside of any run.</summary>
    /// <param name="Edit">What to write, and as which node.</param>
    /// <param name="From">The older revision to go on from; null for where the thread stands.</param>
    public sealed record UpdateState(StateEdit Edit, Checkpoint? From) : ThreadCommand;

    /// <summary>Adds a run. Sent twice with one run id, or one key, the second time changes nothing.</summary>
    /// <param name="Request">What is asked; its metadata wins over the thread's, which wins over the assistant's.</param>
    /// <param name="AssistantMetadata">The metadata of the assistant.</param>
    /// <param name="CreatesThread">True when a thread that is not there is made.</param>
    public sealed record SubmitRun(
        RunRequest Request,
        ImmutableSortedDictionary<string, JsonElement> AssistantMetadata,
        bool CreatesThread) : ThreadCommand
    {
        /// <summary>What the thread must be at for the run to be wanted; empty for anything.</summary>
        public ImmutableArray<ThreadStatus> IfStatus { get; init; } = [];

        /// <summary>True when the thread was made for this run alone, and was deleted: it is not made again.</summary>
        public bool IsUsedUp { get; init; }
    }

    /// <summary>Stops runs; those that have ended stay as they are.</summary>
    /// <param name="Runs">The runs.</param>
    /// <param name="Undo">True to undo what they did as well, so that they are gone.</param>
    public sealed record CancelRuns(ImmutableArray<RunId> Runs, bool Undo) : ThreadCommand
    {
        /// <summary>True to let tools that are at work come to their end first; of no meaning with an undo.</summary>
        public bool AfterTools { get; init; }
    }

    /// <summary>Takes the past of the state out of sight; where the thread stands, and its runs, stay.</summary>
    public sealed record PruneHistory : ThreadCommand;

    /// <summary>The webhook of a run was told, or is not to be told any more.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Attempts">How often it was tried.</param>
    /// <param name="Failure">What came of the last try; null when it took the word.</param>
    public sealed record SettleWebhook(RunId RunId, int Attempts, string? Failure) : ThreadCommand;

    /// <summary>Edits a run that waits for its turn; refused once it has begun.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Edit">What is to be different.</param>
    public sealed record EditRun(RunId RunId, RunEdit Edit) : ThreadCommand;

    /// <summary>Puts the runs that wait for their turn into another order.</summary>
    /// <param name="Runs">All of them, the one that is next first; refused when these are not those that wait.</param>
    public sealed record ReorderQueue(ImmutableArray<RunId> Runs) : ThreadCommand;

    /// <summary>Puts a run that waits for its turn before all others, due at once; refused once it has begun.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Over">
    /// What becomes of the run at work: interrupted, rolled back, or, with any other strategy, left to its end.
    /// </param>
    public sealed record PromoteRun(RunId RunId, MultitaskStrategy Over) : ThreadCommand;

    /// <summary>The undoing of a tool call is about to begin.</summary>
    /// <param name="RunId">The run that made the call.</param>
    /// <param name="CallId">The call.</param>
    public sealed record BeginUndo(RunId RunId, string CallId) : ThreadCommand;

    /// <summary>The undoing of a tool call has ended.</summary>
    /// <param name="RunId">The run that made the call.</param>
    /// <param name="CallId">The call.</param>
    /// <param name="Failure">Why it could not be undone, or is not known to be; null when it was undone.</param>
    public sealed record SettleUndo(RunId RunId, string CallId, string? Failure) : ThreadCommand;

    /// <summary>Starts what is due, if the thread is free; ends the run that has it, if its time is up.</summary>
    public sealed record StartDueRuns : ThreadCommand;

    /// <summary>The holder's process was lost, or is not known to live: its run goes on as the next attempt.</summary>
    /// <param name="Lost">The attempt that is lost; null for whichever has the thread.</param>
    public sealed record TakeOver(Holder? Lost) : ThreadCommand;

    /// <summary>The holder's run is not executed here any more, and nothing of it is under way.</summary>
    /// <param name="Holder">The attempt.</param>
    public sealed record HandOverRun(Holder Holder) : ThreadCommand;

    /// <summary>A tool of the step under way has answered, while others of the step are still at work.</summary>
    /// <param name="Holder">Who says so.</param>
    /// <param name="Node">The node that ran the tool.</param>
    /// <param name="Channel">The channel of the transcript.</param>
    /// <param name="Result">The tool message.</param>
    public sealed record RecordToolResult(Holder Holder, string Node, string Channel, Message Result) : ThreadCommand;

    /// <summary>A tool goes on although it was told to end, for longer than it may.</summary>
    /// <param name="RunId">The run, which may have ended.</param>
    /// <param name="CallId">The call.</param>
    /// <param name="Tool">The tool.</param>
    /// <param name="Overran">How long so far.</param>
    public sealed record RecordOverrun(RunId RunId, string CallId, string Tool, TimeSpan Overran) : ThreadCommand;

    /// <summary>A node of the step under way is done, while others of the step are still at work.</summary>
    /// <param name="Holder">Who says so.</param>
    /// <param name="Ran">What it wrote.</param>
    public sealed record RecordNode(Holder Holder, NodeWrites Ran) : ThreadCommand;

    /// <summary>A step of an inner graph is complete.</summary>
    /// <param name="Holder">Who says so.</param>
    /// <param name="Namespace">The inner graph.</param>
    /// <param name="Ran">What each of its nodes wrote.</param>
    /// <param name="Next">The inner nodes to execute next.</param>
    public sealed record RecordSubgraphStep(
        Holder Holder, string Namespace, ImmutableArray<NodeWrites> Ran, NextTasks Next) : ThreadCommand;

    /// <summary>An inner node wrote something before its step is complete.</summary>
    /// <param name="Holder">Who says so.</param>
    /// <param name="Namespace">The inner graph.</param>
    /// <param name="Ran">What it wrote.</param>
    /// <param name="IsDone">True when it came to its end.</param>
    public sealed record RecordSubgraphWrites(Holder Holder, string Namespace, NodeWrites Ran, bool IsDone)
        : ThreadCommand;

    /// <summary>The step under way is complete.</summary>
    /// <param name="Holder">Who says so.</param>
    /// <param name="Ran">What each of its nodes wrote.</param>
    /// <param name="Next">The tasks to execute next; empty when the run is finished.</param>
    /// <param name="Starting">The tool calls that the next step will run.</param>
    /// <param name="Pauses">True when the run stops here for a human, as its request says.</param>
    public sealed record CommitStep(
        Holder Holder,
        ImmutableArray<NodeWrites> Ran,
        ImmutableArray<string> Next,
        ImmutableArray<string> Starting,
        bool Pauses) : ThreadCommand
    {
        /// <summary>The inputs of the tasks that were sent, by task.</summary>
        public ImmutableSortedDictionary<string, JsonElement> Inputs { get; init; } = NextTasks.NoInputs;
    }

    /// <summary>The run stops to ask a human.</summary>
    /// <param name="Holder">Who says so.</param>
    /// <param name="Interrupts">The questions; none when the run was told to stop before a node.</param>
    public sealed record PauseRun(Holder Holder, ImmutableArray<PendingInterrupt> Interrupts) : ThreadCommand;

    /// <summary>The run cannot go on.</summary>
    /// <param name="Holder">Who says so.</param>
    /// <param name="Failure">Where and why.</param>
    public sealed record FailRun(Holder Holder, NodeFailure Failure) : ThreadCommand;
}
