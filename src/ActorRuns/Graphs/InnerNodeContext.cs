using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using ActorRuns.Messages;
using ActorRuns.Threads;

namespace ActorRuns.Graphs;

/// <summary>The outer context, with the state as the inner graph has come to see it.</summary>
internal sealed class InnerNodeContext : NodeContext
{
    private readonly NodeContext _outer;
    private readonly NodePlace _place;
    private readonly bool _isResumed;
    private readonly ConcurrentDictionary<Message, byte> _recorded = new(ReferenceEqualityComparer.Instance);
    private int _asked;

    [SetsRequiredMembers]
    public InnerNodeContext(NodeContext outer, NodePlace place, ChannelValues state, bool isResumed)
    {
        _outer = outer;
        _place = place;
        _isResumed = isResumed;
        ThreadId = outer.ThreadId;
        Run = outer.Run;
        Attempt = outer.Attempt;
        Node = place.Node;
        State = state;
        Settings = outer.Settings;
        Time = outer.Time;
        Store = outer.Store;
        IdempotencyKey = place.TaskId.ToString("D");
    }

    internal override string Namespace => _place.Path;

    internal override string ToolKey => _outer.ToolKey;

    internal override bool StepWasLost => _isResumed && _outer.StepWasLost;

    internal override bool MayHaveLostCalls => StepWasLost;

    /// <summary>True for the result of a tool that was recorded by itself.</summary>
    public bool HasRecorded(ChannelWrite write) =>
        write is ChannelWrite.AppendMessage(_, var message) && _recorded.ContainsKey(message);

    public override string NewMessageId() => _outer.NewMessageId();

    public override void WriteCustom(JsonElement value) => _outer.WriteCustom(value, _place);

    public override void WriteChunk(MessageChunk chunk) => _outer.WriteChunk(chunk, _place);

    internal override void WriteCustom(JsonElement value, NodePlace place) => _outer.WriteCustom(value, place);

    internal override void WriteChunk(MessageChunk chunk, NodePlace place) => _outer.WriteChunk(chunk, place);

    public override void RecordResult(Message toolMessage)
    {
        _recorded[toolMessage] = 0;
        var write = new ChannelWrite.AppendMessage(Channels.Messages, toolMessage);
        _outer.Record(_place.Namespace, new NodeWrites(Node, [write]), isDone: false);
    }

    public override JsonElement Interrupt(JsonElement question)
    {
        var index = _asked++;
        return Interrupt(question, index.ToString(CultureInfo.InvariantCulture));
    }

    public override JsonElement Interrupt(JsonElement question, string name) =>
        _outer.Interrupt(question, $"{IdempotencyKey}/{name}");

    internal override SubgraphPosition? SubgraphAt(string name) => _outer.SubgraphAt(name);

    internal override Task<SubgraphPosition> CommitAsync(InnerStep step, CancellationToken cancellationToken) =>
        _outer.CommitAsync(step, cancellationToken);

    internal override void Record(string name, NodeWrites ran, bool isDone) => _outer.Record(name, ran, isDone);

    internal override void Watch(ToolCall call, Task work, CancellationToken told) => _outer.Watch(call, work, told);
}
