using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Messages;
using ActorRuns.Runs;
using ActorRuns.Store;
using ActorRuns.Threads;

namespace ActorRuns.Graphs;

/// <summary>What a node is given for one execution.</summary>
public abstract class NodeContext
{
    /// <summary>The thread.</summary>
    public required ThreadId ThreadId { get; init; }

    /// <summary>The run.</summary>
    public required RunRequest Run { get; init; }

    /// <summary>Which try this is, counted from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The node's name.</summary>
    public required string Node { get; init; }

    /// <summary>What was sent to this execution of the node; undefined when a way of the graph led to it.</summary>
    public JsonElement Input { get; init; }

    /// <summary>The state as of the last complete step, with tool results that an earlier attempt got already.</summary>
    public required ChannelValues State { get; init; }

    /// <summary>The settings of this run: <c>config.configurable</c>, and <c>config.tags</c>.</summary>
    public required RunSettings Settings { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>What agents and callers share outside of threads.</summary>
    public required IItemStore Store { get; init; }

    /// <summary>The metadata of the run: its own, the thread's and the assistant's.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Metadata => Run.Metadata;

    /// <summary>
    /// The same for every attempt at this step, and different for every other: what a service needs to do a thing once.
    /// </summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>The messages of the channel <c>messages</c>.</summary>
    public IReadOnlyList<Message> Messages => State.MessagesOf(Channels.Messages).Messages;

    /// <summary>Makes the id of a message that the node is about to write.</summary>
    public abstract string NewMessageId();

    /// <summary>Writes an event of the node's own to the run's stream (mode <c>custom</c>).</summary>
    public abstract void WriteCustom(JsonElement value);

    /// <summary>Tells readers a piece of a message that the node is writing; kept as text if the run is stopped.</summary>
    public abstract void WriteChunk(MessageChunk chunk);

    /// <summary>Makes the result of one of several tool calls durable at once, while the others are still at work.</summary>
    public abstract void RecordResult(Message toolMessage);

    /// <summary>
    /// Asks a human. The first time the run stops here; when the answer has come the node is executed again from its
    /// start, and this returns the answer.
    /// </summary>
    /// <param name="question">What is asked, any JSON.</param>
    /// <exception cref="GraphInterruptException">Nobody has answered yet; let it pass.</exception>
    public abstract JsonElement Interrupt(JsonElement question);

    /// <summary>
    /// Asks a human, as <see cref="Interrupt(JsonElement)"/> does, by a name instead of by the order of asking: for
    /// work that goes on side by side.
    /// </summary>
    /// <param name="question">What is asked, any JSON.</param>
    /// <param name="name">Names the question among those of the node; the same each time it is executed.</param>
    /// <exception cref="GraphInterruptException">Nobody has answered yet; let it pass.</exception>
    public abstract JsonElement Interrupt(JsonElement question, string name);

    /// <summary>The namespace of the graph that this node is, if it is one.</summary>
    internal virtual string Namespace => $"{Node}:{IdempotencyKey}";

    /// <summary>How far an inner graph had come in an earlier attempt; null when it is new.</summary>
    internal virtual SubgraphPosition? SubgraphAt(string name) => null;

    /// <summary>Records a step of an inner graph; where there is no journal, its caller alone knows of it.</summary>
    /// <param name="step">The step.</param>
    /// <param name="cancellationToken">Cancelled when the run is stopped: it hears of no step any more.</param>
    /// <returns>The position after it, when it is durable.</returns>
    internal virtual Task<SubgraphPosition> CommitAsync(InnerStep step, CancellationToken cancellationToken) =>
        Task.FromResult(SubgraphPosition.After(step.Before, default, Time.GetUtcNow(), step.Ran, step.Next));

    /// <summary>Records what an inner node wrote before its step is complete.</summary>
    internal virtual void Record(string name, NodeWrites ran, bool isDone) { }

    /// <summary>Writes to the run's stream in the name of an inner node.</summary>
    internal virtual void WriteCustom(JsonElement value, NodePlace place) => WriteCustom(value);

    /// <summary>Tells readers a piece of a message in the name of an inner node.</summary>
    internal virtual void WriteChunk(MessageChunk chunk, NodePlace place) => WriteChunk(chunk);

    /// <summary>What the keys of the node's tools begin with: the same for every attempt at this step.</summary>
    internal virtual string ToolKey => IdempotencyKey;

    /// <summary>How often a tool call of this node was lost while at work, so that its effects are not known.</summary>
    internal virtual int LossesOf(string callId) => 0;

    /// <summary>True when the process was lost while this step was under way.</summary>
    internal virtual bool StepWasLost => false;

    /// <summary>True when tools of this node may have been at work, unrecorded, when the process was lost.</summary>
    internal virtual bool MayHaveLostCalls => false;

    /// <summary>Sees to it that work which goes on although it was told to end is known of.</summary>
    /// <param name="call">The call that the work answers.</param>
    /// <param name="work">The work.</param>
    /// <param name="told">Cancelled when it is told to end.</param>
    internal virtual void Watch(ToolCall call, Task work, CancellationToken told) { }
}

/// <summary>A piece of a message that is being streamed.</summary>
/// <param name="MessageId">The id that the message will have in the state.</param>
/// <param name="Text">The text that is new; empty for a piece of a tool call, or of reasoning.</param>
/// <param name="ToolCall">The piece of a tool call; null for text.</param>
public sealed record MessageChunk(string MessageId, string Text, ToolCallChunk? ToolCall = null)
{
    /// <summary>The piece of what the model thinks before it answers; empty for text and tool calls.</summary>
    public string Reasoning { get; init; } = string.Empty;
}

/// <summary>A piece of a tool call that is being streamed.</summary>
/// <param name="Index">Which call of the message it belongs to, from 0.</param>
/// <param name="Id">The call's id; null when an earlier piece told it.</param>
/// <param name="Name">The tool's name; null when an earlier piece told it.</param>
/// <param name="Args">A piece of the arguments' JSON text.</param>
public sealed record ToolCallChunk(int Index, string? Id, string? Name, string Args);
