using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Ids;
using ActorRuns.Json;
using ActorRuns.Messages;
using ActorRuns.Runs;
using ActorRuns.Threads;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Streams;

/// <summary>
/// Turns the facts of one run into the frames that its readers see. The same facts give the same frames with the same
/// ids, live or from the journal; only tokens, which are not recorded, come from elsewhere.
/// </summary>
internal sealed class RunFrames(ThreadId threadId, RunRequest run)
{
    private const StreamModes TokenModes = StreamModes.Messages | StreamModes.MessagesTuple | StreamModes.Events;

    private readonly List<ThreadEvent> _writes = [];
    private readonly Dictionary<string, StreamedMessage> _streamed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly List<StreamFrame> _frames = [];
    private FrameId _last = FrameId.Origin;
    private bool _isVolatile;
    private string _namespace = string.Empty;
    private int _attempt;
    private (CheckpointId From, string Task, RunContext Context)? _context;

    /// <summary>The frames that a fact gives.</summary>
    /// <param name="fact">The fact; it must name this run, or the one that it has joined.</param>
    /// <param name="sequenceNr">Its number in the journal.</param>
    /// <param name="before">The ledger before it.</param>
    /// <param name="after">The ledger with it.</param>
    public IReadOnlyList<StreamFrame> On(ThreadEvent fact, long sequenceNr, ThreadLedger before, ThreadLedger after)
    {
        Begin(isVolatile: false);
        _last = new FrameId(sequenceNr, -1);
        switch (fact)
        {
            case RunStarted started:
                AddStart(started.Attempt);
                break;
            case RunJoined when after.Runs[run.RunId] is { Status: RunStatus.Running } joined:
                AddStart(joined.Attempt);
                Add(StreamModes.Values, "values", writer => StateJson.WriteValues(writer, after.Position.Values));
                break;
            case MessageAppended(_, var node, _, var message):
                _writes.Add(fact);
                AddMessage(node, message, before.Position.Head);
                break;
            case ToolCallFinished(_, var node, _, var message):
                _writes.Add(fact);
                AddMessage(node, message, before.Position.Head);
                break;
            case ChannelWritten or ChannelAppended or ChannelReduced:
                _writes.Add(fact);
                break;
            case StepCommitted committed:
                AddStep(
                    committed.Ran, committed.Source, before.Position.Head, after.Position.Head!); // A commit makes one.
                _writes.Clear();
                _streamed.Clear();
                _told.Clear();
                break;
            case SubgraphStepped inner when run.StreamSubgraphs:
                AddInnerStep(inner, before, after);
                break;
            case RunPaused paused:
                Add(StreamModes.Updates, "updates", writer => FrameJson.WriteInterrupt(writer, paused.Interrupts));
                Add(StreamModes.Values, "values", writer => FrameJson.WriteInterrupt(writer, paused.Interrupts));
                AddGraphEvent("on_chain_end", CallbackJson.Of("output", writer =>
                    FrameJson.WriteInterrupt(writer, paused.Interrupts)));
                break;
            case RunSucceeded:
                AddGraphEvent("on_chain_end", CallbackJson.Of("output", writer =>
                    StateJson.WriteValues(writer, after.Position.Values)));
                break;
            case RunFailed(_, var failure, _):
                AddError(failure);
                break;
            case RunTimedOut(_, _, var failure):
                AddError(failure);
                break;
        }

        return _frames;
    }

    private void AddStart(int attempt)
    {
        _attempt = attempt;
        _writes.Clear();
        _streamed.Clear();
        _told.Clear();
        Add(StreamModes.None, "metadata", writer => FrameJson.WriteMetadata(writer, run.RunId, attempt));
        AddGraphEvent("on_chain_start", CallbackJson.Of("input", WriteInput));
    }

    /// <summary>The frames that a token gives; they follow the last fact's.</summary>
    public IReadOnlyList<StreamFrame> On(MessageChunk chunk, string node, NodePlace? place, Checkpoint head)
    {
        Begin(isVolatile: true, run.StreamSubgraphs ? place?.Namespace : null);
        var isNew = !_streamed.TryGetValue(chunk.MessageId, out var streamed);
        if (isNew)
            _streamed[chunk.MessageId] = streamed = new StreamedMessage();
        streamed!.Add(chunk); // Set on either way.
        if ((run.StreamModes & TokenModes) is StreamModes.None)
            return _frames;

        var context = place is null ? ContextOf(node, head) : ContextOf(place);
        var isInBlocks = streamed.HasReasoning;
        if (isNew)
        {
            AddModelEvent("on_chat_model_start", chunk.MessageId, context, CallbackJson.Of("input", writer =>
                StateJson.WriteValues(writer, head.Values)));
            Add(StreamModes.Messages, "messages/metadata", writer =>
                FrameJson.WriteMessageMetadata(writer, chunk.MessageId, context));
        }

        AddModelEvent("on_chat_model_stream", chunk.MessageId, context, CallbackJson.Of("chunk", writer =>
            FrameJson.WriteChunk(writer, chunk, isInBlocks)));

        if (run.StreamModes.HasFlag(StreamModes.Messages))
        {
            var (reasoning, text) = (streamed.Reasoning, streamed.Text); // As it is now, whenever the frame is read.
            Add(StreamModes.Messages, "messages/partial", writer =>
                FrameJson.WritePartial(writer, chunk.MessageId, reasoning, text));
        }

        Add(StreamModes.MessagesTuple, "messages", writer =>
            FrameJson.WriteTuple(writer, context, w => FrameJson.WriteChunk(w, chunk, isInBlocks)));
        return _frames;
    }

    /// <summary>The frame of what a node wrote to the stream itself.</summary>
    public IReadOnlyList<StreamFrame> On(JsonElement custom, NodePlace? place)
    {
        Begin(isVolatile: true, run.StreamSubgraphs ? place?.Namespace : null);
        Add(StreamModes.Custom, "custom", custom.WriteTo);
        return _frames;
    }

    /// <summary>Tells the end of the run, when all else is told.</summary>
    public StreamFrame End => new(
        _last with { Index = _last.Index + 1 },
        StreamModes.None,
        "metadata",
        writer => FrameJson.WriteEnd(writer, run.RunId));

    /// <summary>The messages that are being streamed, as far as they have come.</summary>
    public IEnumerable<(string MessageId, string Text)> Unfinished =>
        _streamed.Select(message => (message.Key, message.Value.Text));

    private void AddError(NodeFailure failure) => Add(StreamModes.None, "error", writer =>
        FrameJson.WriteError(writer, failure.Error, failure.Message));

    private void AddMessage(string node, Message message, Checkpoint? head)
    {
        if (_namespace.Length > 0)
            _told.Add(message.Id);
        else if (_told.Contains(message.Id))
            return; // It was told when the inner node wrote it.

        if (node != GraphNodes.Start && head is not null)
        {
            var context = ContextOf(node, head);
            if (_streamed.ContainsKey(message.Id))
            {
                AddModelEvent("on_chat_model_end", message.Id, context, CallbackJson.Of("output", writer =>
                    StateJson.WriteMessage(writer, message)));
                Skip(StreamModes.MessagesTuple);
            }
            else
            {
                Skip(StreamModes.Events);
                Add(StreamModes.MessagesTuple, "messages", writer =>
                    FrameJson.WriteTuple(writer, context, w => StateJson.WriteMessage(w, message)));
            }
        }

        Add(StreamModes.Messages, "messages/complete", writer => StateJson.WriteMessages(writer, [message]));
    }

    /// <summary>A step of an inner graph, in the namespace of that graph.</summary>
    private void AddInnerStep(SubgraphStepped inner, ThreadLedger before, ThreadLedger after)
    {
        var outerWrites = _writes.ToList();
        var from = before.Position.RevisionOf(inner.Namespace, run.RunId);
        _namespace = inner.Namespace;
        _writes.Clear();
        foreach (var (node, writes) in inner.Ran)
        {
            _writes.AddRange(writes.Select(write => FactOf(write, node)));
            foreach (var write in writes.OfType<ChannelWrite.AppendMessage>())
                AddMessage(node, write.Message, from);
        }

        AddStep(
            [.. inner.Ran.Select(ran => ran.Node)],
            CheckpointSource.Loop,
            from,
            after.Position.RevisionOf(inner.Namespace, run.RunId)!); // The fact makes it.
        _namespace = string.Empty;
        _writes.Clear();
        _writes.AddRange(outerWrites);
    }

    private void AddStep(ImmutableArray<string> ran, CheckpointSource source, Checkpoint? before, Checkpoint after)
    {
        foreach (var node in ran.Where(node => node != GraphNodes.Start))
            AddResult(after, before!, node); // A node runs after a checkpoint.

        if (source is CheckpointSource.Loop)
            Add(StreamModes.Values, "values", writer => StateJson.WriteValues(writer, after.Values));
        AddTwice(StreamModes.Checkpoints, "checkpoints", "checkpoint", after.Step, after.At, writer =>
            FrameJson.WriteCheckpoint(writer, after));
        foreach (var task in after.Next.Where(task => task != GraphNodes.Start && source is CheckpointSource.Loop))
        {
            AddTwice(StreamModes.Tasks, "tasks", "task", after.Step + 1, after.At, writer =>
                FrameJson.WriteTaskStart(writer, after, task));
            AddNodeEvent("on_chain_start", ContextOf(task, after), CallbackJson.Of("input", writer =>
                StateJson.WriteValues(writer, after.Values)));
        }
    }

    private void AddResult(Checkpoint after, Checkpoint before, string task)
    {
        var writes = _writes.Where(write => NodeOf(write) == task).ToList();
        Add(StreamModes.Updates, "updates", writer =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName(NextTasks.NodeOf(task));
            FrameJson.WriteUpdate(writer, writes);
            writer.WriteEndObject();
        });
        AddTwice(StreamModes.Tasks, "tasks", "task_result", after.Step, after.At, writer =>
            FrameJson.WriteTaskResult(writer, before.Id, task, writes));
        AddNodeEvent("on_chain_end", ContextOf(task, before), CallbackJson.Of("output", writer =>
            FrameJson.WriteUpdate(writer, writes)));
    }

    private void AddGraphEvent(string name, Action<Utf8JsonWriter> data) =>
        Add(StreamModes.Events, "events", writer => CallbackJson.WriteGraph(writer, name, run, data));

    private void AddNodeEvent(string name, RunContext context, Action<Utf8JsonWriter> data) =>
        Add(StreamModes.Events, "events", writer =>
            CallbackJson.Write(writer, name, context.Node, context.TaskId.ToString("D"), context, data));

    private void AddModelEvent(string name, string messageId, RunContext context, Action<Utf8JsonWriter> data) =>
        Add(
            StreamModes.Events,
            "events",
            writer => CallbackJson.Write(writer, name, "ChatModel", messageId, context, data),
            isVolatile: true);

    private void WriteInput(Utf8JsonWriter writer)
    {
        if (run.Input.ValueKind is JsonValueKind.Undefined)
            writer.WriteNullValue();
        else
            run.Input.WriteTo(writer);
    }

    /// <summary>A frame for one mode, and the same inside a frame for mode <c>debug</c>.</summary>
    private void AddTwice(
        StreamModes mode, string name, string debugType, int step, DateTimeOffset at, Action<Utf8JsonWriter> data)
    {
        Add(mode, name, data);
        Add(StreamModes.Debug, "debug", writer => FrameJson.WriteDebug(writer, debugType, step, at, data));
    }

    private void Add(StreamModes mode, string name, Action<Utf8JsonWriter> data, bool isVolatile = false)
    {
        if (mode is not StreamModes.None && !run.StreamModes.HasFlag(mode))
            return;

        _last = _last with { Index = _last.Index + 1 };
        var told = _namespace.Length is 0 ? name : $"{name}{SubgraphPosition.Separator}{_namespace}";
        _frames.Add(new StreamFrame(_last, mode, told, data) { IsVolatile = _isVolatile || isVolatile });
    }

    /// <summary>
    /// Leaves the id unused of a frame that depends on whether tokens were seen: the frames behind it have the same ids
    /// live, when they were, and from the journal, when they were not.
    /// </summary>
    private void Skip(StreamModes mode)
    {
        if (run.StreamModes.HasFlag(mode))
            _last = _last with { Index = _last.Index + 1 };
    }

    private void Begin(bool isVolatile, string? within = null)
    {
        _namespace = within ?? string.Empty;
        _frames.Clear();
        _isVolatile = isVolatile;
    }

    /// <summary>The same again for each token of a node, since its ids cost something to make.</summary>
    private RunContext ContextOf(string task, Checkpoint head)
    {
        if (_context is { } known && known.From == head.Id && known.Task == task
            && known.Context.Namespace == _namespace
            && known.Context.Attempt == _attempt)
        {
            return known.Context;
        }

        var context = new RunContext(
            threadId, run, _attempt, head.Step + 1, NextTasks.NodeOf(task), RuntimeIds.TaskId(head.Id, task))
        {
            Namespace = _namespace,
        };
        _context = (head.Id, task, context);
        return context;
    }

    private RunContext ContextOf(NodePlace place) =>
        new(threadId, run, _attempt, place.Step, place.Node, place.TaskId) { Namespace = place.Namespace };

    private ThreadEvent FactOf(ChannelWrite write, string node) => write switch
    {
        ChannelWrite.AppendMessage(var channel, var message) => new MessageAppended(run.RunId, node, channel, message),
        ChannelWrite.RemoveMessage(var channel, var id) => new MessageRemoved(run.RunId, node, channel, id),
        ChannelWrite.SetValue(var channel, var value) => new ChannelWritten(run.RunId, node, channel, value),
        ChannelWrite.AppendItems(var channel, var items) => new ChannelAppended(run.RunId, node, channel, items),
        ChannelWrite.ReduceValue(var channel, var update, var value) =>
            new ChannelReduced(run.RunId, node, channel, update, value),
        _ => throw new UnreachableException($"{write.GetType().Name} is no fact."),
    };

    private static string? NodeOf(ThreadEvent write) => write switch
    {
        MessageAppended e => e.Node,
        ToolCallFinished e => e.Node,
        ChannelWritten e => e.Node,
        ChannelAppended e => e.Node,
        ChannelReduced e => e.Node,
        _ => null,
    };
}
