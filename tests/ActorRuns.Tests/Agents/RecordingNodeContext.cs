using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Messages;
using ActorRuns.Runs;
using ActorRuns.Store;
using ActorRuns.Threads;

namespace ActorRuns.Tests.Agents;

/// <summary>A node's context without a run: keeps what the node tells, and answers its questions from a list.</summary>
[SuppressMessage("Performance", "CA1852", Justification = "Derived in its own project; others share the file.")]
internal class RecordingNodeContext : NodeContext
{
    private int _ids;
    private int _asked;

    [SetsRequiredMembers]
    public RecordingNodeContext(
        ChannelValues? state = null, string node = "node", string configurable = "{}", TimeProvider? time = null)
    {
        ThreadId = default;
        Run = new RunRequest { RunId = default, AssistantId = default, GraphId = default };
        Attempt = 1;
        Node = node;
        State = state ?? ChannelValues.Empty;
        Settings = new RunSettings(JsonElement.Parse($$"""{"configurable":{{configurable}}}"""));
        Time = time ?? TimeProvider.System;
        Store = new MemoryItemStore(Time);
        IdempotencyKey = "key";
    }

    public ConcurrentQueue<MessageChunk> Chunks { get; } = new();

    public ConcurrentQueue<string> Customs { get; } = new();

    public ConcurrentQueue<Message> Results { get; } = new();

    /// <summary>The answers to the node's questions, in the order it asks.</summary>
    public List<JsonElement> Answers { get; init; } = [];

    /// <summary>Told of each result that the node records.</summary>
    public Action<Message> OnResult { get; init; } = _ => { };

    public static ChannelValues StateOf(params IEnumerable<Message> messages) =>
        NodeUpdate.Of(messages).Writes.Aggregate(ChannelValues.Empty, (values, write) => values.With(write));

    public override string NewMessageId() =>
        string.Create(CultureInfo.InvariantCulture, $"{Node}-{Messages.Count}-{Interlocked.Increment(ref _ids)}");

    public override void WriteCustom(JsonElement value) => Customs.Enqueue(value.GetRawText());

    public override void WriteChunk(MessageChunk chunk) => Chunks.Enqueue(chunk);

    public override void RecordResult(Message toolMessage)
    {
        Results.Enqueue(toolMessage);
        OnResult(toolMessage);
    }

    /// <summary>The answers to the node's questions that have names.</summary>
    public Dictionary<string, JsonElement> Named { get; init; } = [];

    public override JsonElement Interrupt(JsonElement question, string name) =>
        Named.TryGetValue(name, out var answer)
            ? answer
            : throw new GraphInterruptException([new PendingInterrupt(name, Node, question)]);

    public override JsonElement Interrupt(JsonElement question)
    {
        var asked = _asked++;
        return asked < Answers.Count
            ? Answers[asked]
            : throw new GraphInterruptException(
                [new PendingInterrupt(asked.ToString(CultureInfo.InvariantCulture), Node, question)]);
    }
}
