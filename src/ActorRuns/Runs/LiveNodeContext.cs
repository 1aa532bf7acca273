using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Akka.Actor;
using ActorRuns.Graphs;
using ActorRuns.Hosting;
using ActorRuns.Ids;
using ActorRuns.Messages;
using ActorRuns.Metrics;
using ActorRuns.Threads;

namespace ActorRuns.Runs;

/// <summary>
/// What a node of a live run is given. All it tells goes to the thread as messages that name the attempt, so that
/// nothing of an attempt that lost the thread is ever seen.
/// </summary>
internal sealed class LiveNodeContext : NodeContext
{
    private readonly Holder _holder;
    private readonly ThreadPosition _position;
    private readonly string _task;
    private readonly WorkTracker _work;
    private readonly TimeSpan _grace;
    private readonly RuntimeMeter _meter;
    private readonly IActorRef _thread;
    private readonly IActorRef _threads;
    private readonly IActorRef _run;
    private readonly RuntimeIds _ids;
    private int _asked;

    [SetsRequiredMembers]
    public LiveNodeContext(
        RunAssignment assignment,
        ThreadPosition position,
        ChannelValues state,
        string task,
        RunSettings settings,
        IActorRef thread,
        IActorRef run,
        RuntimeServices services)
    {
        ThreadId = assignment.ThreadId;
        Run = assignment.Request;
        Attempt = assignment.Holder.Attempt;
        Node = NextTasks.NodeOf(task);
        Input = position.Head?.Inputs.GetValueOrDefault(task) ?? default;
        State = state;
        Settings = settings;
        Time = services.Time;
        Store = services.Items;
        IdempotencyKey = RuntimeIds.TaskId(position.StepFrom, task).ToString("D");
        _holder = assignment.Holder;
        _position = position;
        _task = task;
        _work = assignment.Work;
        _threads = assignment.Threads;
        _grace = services.Options.StopGrace;
        _meter = services.Meter;
        _thread = thread;
        _run = run;
        _ids = services.Ids;
    }

    public override string NewMessageId() => _ids.NewModelMessageId();

    public override void WriteCustom(JsonElement value) => _thread.Tell(new CustomWritten(_holder, value), ActorRefs.NoSender);

    public override void WriteChunk(MessageChunk chunk) =>
        _thread.Tell(new ChunkStreamed(_holder, _task, chunk), ActorRefs.NoSender);

    internal override void WriteCustom(JsonElement value, NodePlace place) =>
        _thread.Tell(new CustomWritten(_holder, value) { Place = place }, ActorRefs.NoSender);

    internal override void WriteChunk(MessageChunk chunk, NodePlace place) =>
        _thread.Tell(new ChunkStreamed(_holder, _task, chunk) { Place = place }, ActorRefs.NoSender);

    internal override SubgraphPosition? SubgraphAt(string name) => _position.Subgraphs.GetValueOrDefault(name);

    internal override Task<SubgraphPosition> CommitAsync(InnerStep step, CancellationToken cancellationToken)
    {
        var durable = new TaskCompletionSource<SubgraphPosition>(); // What follows yields before it runs any node.
        var command = new ThreadCommand.RecordSubgraphStep(_holder, step.Namespace, step.Ran, step.Next);
        _run.Tell(new InnerStepDone(command, durable), ActorRefs.NoSender);
        return durable.Task.WaitAsync(cancellationToken); // A run that is stopped hears of no step any more.
    }

    internal override void Record(string name, NodeWrites ran, bool isDone) => _thread.Tell(
        new ThreadCommand.RecordSubgraphWrites(_holder, name, ran, isDone), ActorRefs.NoSender);

    public override void RecordResult(Message toolMessage) => _thread.Tell(
        new ThreadCommand.RecordToolResult(_holder, _task, Channels.Messages, toolMessage), ActorRefs.NoSender);

    public override JsonElement Interrupt(JsonElement question)
    {
        // The same question has the same id each time the node is executed, so that its answer finds it.
        var index = _asked++;
        return Interrupt(question, index.ToString(CultureInfo.InvariantCulture));
    }

    public override JsonElement Interrupt(JsonElement question, string name)
    {
        var id = RuntimeIds.TaskId(_position.StepFrom, $"{_task}/{name}").ToString("N");
        return _position.Answers.TryGetValue(id, out var answer)
            ? answer
            : throw new GraphInterruptException([new PendingInterrupt(id, _task, question)]);
    }

    internal override int LossesOf(string callId) => _position.Lost.GetValueOrDefault(callId);

    internal override bool StepWasLost => _position.Losses > 0;

    internal override void Watch(ToolCall call, Task work, CancellationToken told)
    {
        _work.Begin();
        _ = WatchAsync(call, work, told);
    }

    private async Task WatchAsync(ToolCall call, Task work, CancellationToken told)
    {
        await work.WaitAsync(told).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var since = Time.GetTimestamp();
        await work.WaitAsync(_grace, Time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!work.IsCompleted)
        {
            _meter.ToolOverran(call.Name);
            Report(call, since); // It may never end: what is known is told now, and all of it when it does.
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Report(call, since);
        }

        _work.End();
    }

    private void Report(ToolCall call, long since)
    {
        var report = new ThreadCommand.RecordOverrun(_holder.RunId, call.Id, call.Name, Time.GetElapsedTime(since));
        _threads.Tell(new ToolWentOn(ThreadId, report), ActorRefs.NoSender);
    }
}

/// <summary>A piece of a message, told while it is being written.</summary>
/// <param name="Holder">Who says so.</param>
/// <param name="Node">The node that writes it.</param>
/// <param name="Chunk">The piece.</param>
internal sealed record ChunkStreamed(Holder Holder, string Node, MessageChunk Chunk)
{
    /// <summary>The inner node that writes it; null for a node of the graph itself.</summary>
    public NodePlace? Place { get; init; }
}

/// <summary>What a node wrote to the stream itself.</summary>
/// <param name="Holder">Who says so.</param>
/// <param name="Value">What it wrote.</param>
internal sealed record CustomWritten(Holder Holder, JsonElement Value)
{
    /// <summary>The inner node that wrote it; null for a node of the graph itself.</summary>
    public NodePlace? Place { get; init; }
}

/// <summary>A step of an inner graph is complete, and is to be recorded.</summary>
/// <param name="Command">What is to be recorded.</param>
/// <param name="Durable">Completes with the position after it.</param>
internal sealed record InnerStepDone(
    ThreadCommand.RecordSubgraphStep Command, TaskCompletionSource<SubgraphPosition> Durable);
