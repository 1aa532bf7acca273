using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Messages;
using ActorRuns.Runs;
using ActorRuns.Undos;

namespace ActorRuns.Threads;

/// <summary>A fact about one thread, kept in its journal for ever: add cases, never edit one.</summary>
public abstract record ThreadEvent
{
    private ThreadEvent() { }

    /// <summary>When it happened; stamped by the decision that it is part of, save for a copied revision.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The thread began.</summary>
    /// <param name="Metadata">What its creator wants to find it by.</param>
    public sealed record ThreadCreated(ImmutableSortedDictionary<string, JsonElement> Metadata) : ThreadEvent;

    /// <summary>The thread's metadata changed: these keys were set, the others stayed.</summary>
    /// <param name="Metadata">The keys that were set.</param>
    public sealed record ThreadPatched(ImmutableSortedDictionary<string, JsonElement> Metadata) : ThreadEvent;

    /// <summary>The thread is gone for readers; its journal may be emptied.</summary>
    public sealed record ThreadDeleted : ThreadEvent;

    /// <summary>
    /// A revision of the state was made from outside of any run: by an edit, or by the copy of another thread.
    /// </summary>
    /// <param name="Checkpoint">The new revision's id.</param>
    /// <param name="Step">Counts along the branch, from -1.</param>
    /// <param name="Source">What made it.</param>
    /// <param name="AsNode">The node that the state is to look as if it had just run.</param>
    /// <param name="Writes">What was written.</param>
    /// <param name="Next">The nodes to execute next.</param>
    /// <param name="From">The older revision that it was made from; null for where the thread stood.</param>
    /// <param name="Origin">The run that made the revision this one is a copy of; null for an edit.</param>
    public sealed record StateUpdated(
        CheckpointId Checkpoint,
        int Step,
        CheckpointSource Source,
        string AsNode,
        ImmutableArray<ChannelWrite> Writes,
        ImmutableArray<string> Next,
        Checkpoint? From,
        RunId? Origin) : ThreadEvent
    {
        /// <summary>The inputs of the tasks that were sent, by task.</summary>
        public ImmutableSortedDictionary<string, JsonElement> Inputs { get; init; } = NextTasks.NoInputs;
    }

    /// <summary>A run was accepted.</summary>
    /// <param name="Request">What was asked.</param>
    /// <param name="DueAt">When it may start at the earliest.</param>
    public sealed record RunCreated(RunRequest Request, DateTimeOffset DueAt) : ThreadEvent;

    /// <summary>A run that waits for its turn was edited.</summary>
    /// <param name="Request">What is asked of it now, whole.</param>
    /// <param name="DueAt">When it may start at the earliest.</param>
    public sealed record RunEdited(RunRequest Request, DateTimeOffset DueAt) : ThreadEvent;

    /// <summary>A run that waits for its turn was put before all others, due at once.</summary>
    /// <param name="RunId">The run.</param>
    public sealed record RunPromoted(RunId RunId) : ThreadEvent;

    /// <summary>The runs that wait for their turn were put into another order.</summary>
    /// <param name="Runs">All of them, the one that is next first.</param>
    public sealed record QueueReordered(ImmutableArray<RunId> Runs) : ThreadEvent;

    /// <summary>A run became part of another one, which says what it brings; it is at what that is at.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Into">The other one.</param>
    public sealed record RunJoined(RunId RunId, RunId Into) : ThreadEvent
    {
        /// <summary>Until when the other one waits for more; null when it waits for nothing.</summary>
        public DateTimeOffset? DueAt { get; init; }
    }

    /// <summary>A run ended because the one that it is part of did.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Into">The other one.</param>
    /// <param name="Status">How that ended.</param>
    public sealed record JoinedRunEnded(RunId RunId, RunId Into, RunStatus Status) : ThreadEvent;

    /// <summary>
    /// A run is one of its own again, and waits behind the one that it was part of: that goes away, and what both had
    /// to say with it.
    /// </summary>
    /// <param name="RunId">The run.</param>
    public sealed record RunRequeued(RunId RunId) : ThreadEvent;

    /// <summary>A run got the thread.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Attempt">Which try this is, counted from 1.</param>
    public sealed record RunStarted(RunId RunId, int Attempt) : ThreadEvent
    {
        /// <summary>When its time is up; null in later attempts, which have what is left, and for no limit.</summary>
        public DateTimeOffset? Deadline { get; init; }
    }

    /// <summary>
    /// A run was stopped between two steps, so that another member goes on with it: nothing was lost, and the next
    /// attempt does not count as one after a loss.
    /// </summary>
    /// <param name="RunId">The run; it keeps the thread.</param>
    public sealed record RunHandedOver(RunId RunId) : ThreadEvent;

    /// <summary>Questions to a human were answered by the run that is about to go on.</summary>
    /// <param name="RunId">The run that brought the answers.</param>
    /// <param name="Answers">The answers by the ids of the questions.</param>
    public sealed record InterruptsAnswered(RunId RunId, ImmutableSortedDictionary<string, JsonElement> Answers)
        : ThreadEvent;

    /// <summary>A message was written: appended, or put in the place of the one with its id.</summary>
    /// <param name="RunId">The run that wrote it.</param>
    /// <param name="Node">The node that wrote it.</param>
    /// <param name="Channel">The channel.</param>
    /// <param name="Message">The message.</param>
    public sealed record MessageAppended(RunId RunId, string Node, string Channel, Message Message) : ThreadEvent;

    /// <summary>A message was taken away.</summary>
    /// <param name="RunId">The run that did it.</param>
    /// <param name="Node">The node that did it.</param>
    /// <param name="Channel">The channel.</param>
    /// <param name="MessageId">The message.</param>
    public sealed record MessageRemoved(RunId RunId, string Node, string Channel, string MessageId) : ThreadEvent;

    /// <summary>A channel got another value.</summary>
    /// <param name="RunId">The run that wrote it.</param>
    /// <param name="Node">The node that wrote it.</param>
    /// <param name="Channel">The channel.</param>
    /// <param name="Value">The value.</param>
    public sealed record ChannelWritten(RunId RunId, string Node, string Channel, JsonElement Value) : ThreadEvent;

    /// <summary>Elements were appended to the list of a channel.</summary>
    /// <param name="RunId">The run that wrote them.</param>
    /// <param name="Node">The node that wrote them.</param>
    /// <param name="Channel">The channel.</param>
    /// <param name="Items">The elements.</param>
    public sealed record ChannelAppended(RunId RunId, string Node, string Channel, ImmutableArray<JsonElement> Items)
        : ThreadEvent;

    /// <summary>The function of a channel made another value of what was written to it.</summary>
    /// <param name="RunId">The run that wrote it.</param>
    /// <param name="Node">The node that wrote it.</param>
    /// <param name="Channel">The channel.</param>
    /// <param name="Update">What was written.</param>
    /// <param name="Value">The value from now on.</param>
    public sealed record ChannelReduced(
        RunId RunId, string Node, string Channel, JsonElement Update, JsonElement Value) : ThreadEvent;

    /// <summary>A tool is about to run: durable before it does.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="CallId">The call.</param>
    public sealed record ToolCallStarted(RunId RunId, string CallId) : ThreadEvent;

    /// <summary>A tool call got its result, from the tool or from the closing of a run that was stopped.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Node">The node that ran the tool.</param>
    /// <param name="Channel">The channel.</param>
    /// <param name="Message">The result; its <see cref="Message.ToolCallId"/> names the call.</param>
    public sealed record ToolCallFinished(RunId RunId, string Node, string Channel, Message Message) : ThreadEvent
    {
        /// <summary>True when the tool never began, since a human said something new.</summary>
        public bool IsSkipped { get; init; }
    }

    /// <summary>
    /// A node of a step is done before the others: what it wrote becomes the state's with the step, and it is not
    /// executed again, whatever becomes of the others.
    /// </summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Node">The node.</param>
    /// <param name="Writes">What it wrote, save for results of tools, which are recorded by themselves.</param>
    public sealed record NodeFinished(RunId RunId, string Node, ImmutableArray<ChannelWrite> Writes) : ThreadEvent;

    /// <summary>
    /// A step of a graph that is a node of another one is complete: the inner graph goes on from here whatever becomes
    /// of the attempt. What it wrote becomes the thread's state with the outer step.
    /// </summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Namespace">The inner graph: its node and task, with those around it in front.</param>
    /// <param name="Checkpoint">The new revision's id, in that namespace.</param>
    /// <param name="Ran">The inner nodes that ran, with what they wrote.</param>
    /// <param name="Next">The inner nodes to execute next.</param>
    public sealed record SubgraphStepped(
        RunId RunId,
        string Namespace,
        CheckpointId Checkpoint,
        ImmutableArray<NodeWrites> Ran,
        ImmutableArray<string> Next) : ThreadEvent
    {
        /// <summary>The inputs of the tasks that were sent, by task.</summary>
        public ImmutableSortedDictionary<string, JsonElement> Inputs { get; init; } = NextTasks.NoInputs;
    }

    /// <summary>An inner node wrote something before its step is complete: others are at work, or ask.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Namespace">The inner graph.</param>
    /// <param name="Ran">What the node wrote.</param>
    /// <param name="IsDone">True when the node came to its end; false for the result of one of its tools.</param>
    public sealed record SubgraphWrote(RunId RunId, string Namespace, NodeWrites Ran, bool IsDone) : ThreadEvent;

    /// <summary>
    /// A tool went on although it was told to end, for longer than it may. What it answers is not accepted; the run may
    /// have ended long ago.
    /// </summary>
    /// <param name="RunId">The run.</param>
    /// <param name="CallId">The call.</param>
    /// <param name="Tool">The tool.</param>
    /// <param name="Overran">How long, as far as is known.</param>
    public sealed record ToolOverran(RunId RunId, string CallId, string Tool, TimeSpan Overran) : ThreadEvent;

    /// <summary>
    /// The thread is a copy, and waits for what the other one waits for: what was asked there can be answered here.
    /// </summary>
    /// <param name="StepFrom">The revision that the nodes that are next go on from.</param>
    /// <param name="Interrupts">The questions.</param>
    /// <param name="Answers">What was answered so far to the nodes that are next.</param>
    /// <param name="Finished">The nodes that are next and done already.</param>
    /// <param name="Lost">The calls of tools whose effects are not known, and how often they were lost.</param>
    public sealed record PositionCopied(
        CheckpointId StepFrom,
        ImmutableArray<PendingInterrupt> Interrupts,
        ImmutableSortedDictionary<string, JsonElement> Answers,
        ImmutableArray<NodeWrites> Finished,
        ImmutableSortedDictionary<string, int> Lost) : ThreadEvent
    {
        /// <summary>How far graphs have come that are nodes of the step, by their namespaces.</summary>
        public ImmutableSortedDictionary<string, SubgraphPosition> Subgraphs { get; init; } =
            ImmutableSortedDictionary.Create<string, SubgraphPosition>(StringComparer.Ordinal);
    }

    /// <summary>A step is complete: what was written since the last one is now the thread's state.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Checkpoint">The new revision's id.</param>
    /// <param name="Step">Counts along the branch, from -1.</param>
    /// <param name="Source">What made it.</param>
    /// <param name="Ran">The nodes that ran in this step, in the order of their results.</param>
    /// <param name="Next">The nodes to execute next.</param>
    public sealed record StepCommitted(
        RunId RunId,
        CheckpointId Checkpoint,
        int Step,
        CheckpointSource Source,
        ImmutableArray<string> Ran,
        ImmutableArray<string> Next) : ThreadEvent
    {
        /// <summary>The inputs of the tasks that were sent, by task.</summary>
        public ImmutableSortedDictionary<string, JsonElement> Inputs { get; init; } = NextTasks.NoInputs;
    }

    /// <summary>A run stopped to ask a human; on the wire it is a success.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Interrupts">The questions; none when it was told to stop before or after a node.</param>
    public sealed record RunPaused(RunId RunId, ImmutableArray<PendingInterrupt> Interrupts) : ThreadEvent;

    /// <summary>A run did all there was to do.</summary>
    /// <param name="RunId">The run.</param>
    public sealed record RunSucceeded(RunId RunId) : ThreadEvent;

    /// <summary>A run failed.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Failure">Where and why.</param>
    /// <param name="Cause">The cause as readers see it.</param>
    public sealed record RunFailed(RunId RunId, NodeFailure Failure, RunCause Cause) : ThreadEvent;

    /// <summary>A run took longer than it may and was stopped; what it finished stays.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Limit">How long it may take.</param>
    /// <param name="Failure">What readers are told.</param>
    public sealed record RunTimedOut(RunId RunId, TimeSpan Limit, NodeFailure Failure) : ThreadEvent;

    /// <summary>A run was stopped; what it finished stays.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Cause">By whom.</param>
    public sealed record RunInterrupted(RunId RunId, RunCause Cause) : ThreadEvent;

    /// <summary>
    /// A run is to stop as soon as the tools have ended that are at work: what they answer is kept, and nothing new
    /// begins.
    /// </summary>
    /// <param name="RunId">The run; it has the thread.</param>
    /// <param name="Cause">By whom.</param>
    public sealed record RunStopAsked(RunId RunId, RunCause Cause) : ThreadEvent;

    /// <summary>A run that had ended was taken out of sight; what it wrote stays.</summary>
    /// <param name="RunId">The run.</param>
    public sealed record RunDeleted(RunId RunId) : ThreadEvent;

    /// <summary>The past of the state is gone for readers: of its revisions, only the last can still be seen.</summary>
    public sealed record HistoryPruned : ThreadEvent;

    /// <summary>The webhook of a run that has ended took the word.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Attempts">How often it was tried since the process began.</param>
    public sealed record WebhookDelivered(RunId RunId, int Attempts) : ThreadEvent;

    /// <summary>The webhook of a run that has ended did not take the word, and is told no more.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Attempts">How often it was tried since the process began.</param>
    /// <param name="Reason">What came of the last try.</param>
    public sealed record WebhookGivenUp(RunId RunId, int Attempts, string Reason) : ThreadEvent;

    /// <summary>A run was undone: for readers it is gone, and the state is what it was before it.</summary>
    /// <param name="RunId">The run.</param>
    public sealed record RunRolledBack(RunId RunId) : ThreadEvent
    {
        /// <summary>The run that took its place; null when it was cancelled.</summary>
        public RunId? By { get; init; }

        /// <summary>The tool calls whose effects are to be undone, in this order, before the next run starts.</summary>
        public ImmutableArray<RanCall> Undo { get; init; } = [];
    }

    /// <summary>The undoing of a tool call begins: durable before it does.</summary>
    /// <param name="RunId">The run that made the call.</param>
    /// <param name="CallId">The call.</param>
    public sealed record UndoBegun(RunId RunId, string CallId) : ThreadEvent;

    /// <summary>The undoing of a tool call has ended.</summary>
    /// <param name="RunId">The run that made the call.</param>
    /// <param name="CallId">The call.</param>
    /// <param name="Failure">Why it could not be undone, or is not known to be; null when it was undone.</param>
    public sealed record UndoEnded(RunId RunId, string CallId, string? Failure) : ThreadEvent;
}
