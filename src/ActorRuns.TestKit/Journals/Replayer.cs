using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Json;
using ActorRuns.Messages;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Microsoft.Extensions.AI;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.TestKit;

/// <summary>Plays a recording on a scenario of its own: what callers did, when all before it has been said.</summary>
internal sealed class Replayer : IAsyncDisposable
{
    private readonly Recording _recording;
    private readonly MultitaskStrategy? _strategy;
    private readonly Scenario _scenario;
    private readonly Prompter _prompter;
    private readonly ScenarioThread _thread;
    private readonly HashSet<RunId> _refused = [];
    private DateTimeOffset _now;

    private Replayer(
        Recording recording,
        MultitaskStrategy? strategy,
        Scenario scenario,
        Prompter prompter,
        ScenarioThread thread)
    {
        _recording = recording;
        _strategy = strategy;
        _scenario = scenario;
        _prompter = prompter;
        _thread = thread;
        _now = recording.Ledger.CreatedAt;
    }

    public Timeline Timeline => _scenario.Timeline;

    /// <summary>The runs that were not accepted.</summary>
    public IReadOnlyCollection<RunId> Refused => _refused;

    public static async Task<Replayer> StartAsync(
        Recording recording,
        Func<IChatClient, IReadOnlyList<AITool>, AgentGraph> agent,
        MultitaskStrategy? strategy)
    {
        var options = new ScenarioOptions { StartsAt = recording.Ledger.CreatedAt };
        Prompter? prompter = null;
        var scenario = await Scenario.GivenAsync(
            timeline =>
            {
                prompter = new Prompter(recording, timeline);
                return [agent(prompter.Model(), [.. recording.Tools.Select(prompter.Tool)])];
            },
            options);
        return new Replayer(recording, strategy, scenario, prompter!, await scenario.ThreadAsync()); // Made above.
    }

    public Task<ThreadLedger> ReadAsync() => _thread.ReadAsync();

    public ValueTask DisposeAsync() => _scenario.DisposeAsync();

    public async Task PlayAsync()
    {
        foreach (var cue in _recording.Outside)
        {
            _prompter.Reach(cue.Number);
            await ComeToRestAsync();
            await PassUntilAsync(cue.Fact.At);
            await DoAsync(cue.Fact);
        }

        await ComeToRestAsync();
        _prompter.Reach(_recording.LastNumber);
        await ComeToRestAsync();
        await PassUntilAsync(_recording.LastAt);
        _prompter.Reach(long.MaxValue);
        await ComeToRestAsync();
    }

    private async Task DoAsync(ThreadEvent fact)
    {
        switch (fact)
        {
            case RunCreated(var request, _):
                await SubmitAsync(_recording.Requests[request.RunId]);
                break;
            case StateUpdated { Writes: var writes, AsNode: var node, From: var from }:
                var edit = new StateEdit([.. writes.Select(Json)], node);
                await AskAsync(new EditState(_thread.Id, edit, from is { } fork ? Counterpart(fork.Id) : null));
                break;
            case RunInterrupted(var run, _):
                await AskAsync(new StopRuns(_thread.Id, [run], Undo: false, Wait: false));
                break;
            case RunRolledBack { RunId: var run }:
                await AskAsync(new StopRuns(_thread.Id, [run], Undo: true, Wait: false));
                break;
            case RunDeleted(var run):
                await AskAsync(new DeleteRun(_thread.Id, run));
                break;
            case RunPromoted(var run):
                await AskAsync(new PromoteRun(_thread.Id, run, MultitaskStrategy.Enqueue));
                break;
            case QueueReordered(var runs):
                await AskAsync(new ReorderQueue(_thread.Id, runs));
                break;
            case RunStarted:
                await _scenario.LoseProcessAsync();
                break;
        }
    }

    private async Task SubmitAsync(RunRequest request)
    {
        request = request with
        {
            GraphId = new GraphId(_scenario.Agent),
            Strategy = _strategy ?? request.Strategy,
            Webhook = null,
            IsStateless = false, // The thread is to be looked at afterwards.
            Fork = null,
        };
        var message = new SubmitRun(_thread.Id, request, RunRequest.NoMetadata, CreatesThread: false)
        {
            From = _recording.Requests[request.RunId].Fork is { } fork ? Counterpart(fork.Id) : null,
        };
        if (await AskAsync(message) is Refused)
            _refused.Add(request.RunId);
    }

    /// <summary>Asks; what is refused now, since things went another way, is told in the timeline.</summary>
    private async Task<object> AskAsync(IThreadMessage message)
    {
        var answer = await _scenario.AskAsync(message);
        var refusal = answer is Refused(var reason) ? $", and refused: {reason.GetType().Name}" : string.Empty;
        Timeline.Note($"{message.GetType().Name} is sent{refusal}", _thread.Id);
        return answer;
    }

    /// <summary>The checkpoint that takes the place of a recorded one, by the order of their making.</summary>
    private CheckpointId Counterpart(CheckpointId recorded)
    {
        var made = _scenario.FactsOf(_thread.Id).Select(row => row.Fact)
            .Select(fact => fact switch
            {
                StepCommitted step => step.Checkpoint,
                StateUpdated updated => updated.Checkpoint,
                _ => (CheckpointId?)null,
            })
            .OfType<CheckpointId>()
            .ToList();
        var index = _recording.Checkpoints.IndexOf(recorded);
        return index >= 0 && index < made.Count ? made[index] : recorded;
    }

    private async Task PassUntilAsync(DateTimeOffset then)
    {
        if (then > _now)
        {
            await _scenario.PassAsync(then - _now);
            _now = then;
            await ComeToRestAsync();
        }
    }

    /// <summary>Waits until nothing more happens by itself: the thread is free, or waits for what is not due.</summary>
    private async Task ComeToRestAsync()
    {
        using var late = new CancellationTokenSource(Scenario.Patience, TimeProvider.System);
        try
        {
            while (true)
            {
                var (recorded, asked) = (_scenario.Recorded, _prompter.Changed);
                if (await IsAtRestAsync())
                    return;
                await Task.WhenAny(recorded, asked).WaitAsync(late.Token);
            }
        }
        catch (OperationCanceledException cause)
        {
            throw Timeline.Failure("The replay does not come to rest.", _thread.Id, cause);
        }
    }

    private async Task<bool> IsAtRestAsync()
    {
        await _scenario.SettleAsync();
        var ledger = await _thread.ReadAsync();
        if (ledger.Holder is null)
            return ledger.Queue.IsEmpty || ledger.DueAt > _scenario.Time.GetUtcNow();

        // What was said by models and tools is recorded, and somebody waits to say more.
        var (given, waiting) = _prompter.Standing;
        return waiting > 0 && given <= Said();
    }

    private int Said() => _scenario.FactsOf(_thread.Id).Count(row => row.Fact switch
    {
        MessageAppended { Message: { Type: MessageType.Ai } message, Channel: Channels.Messages } =>
            !Recording.IsCutOff(message),
        ToolCallFinished { Message: var result } => !ClosedCall.IsResultOf(result),
        RunFailed => true,
        _ => false,
    });

    private static JsonElement Json(ChannelWrite write) => JsonElement.Parse(StateJson.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WritePropertyName(write.Channel);
        switch (write)
        {
            case ChannelWrite.SetValue(_, var value):
                value.WriteTo(writer);
                break;
            case ChannelWrite.AppendMessage(_, var message):
                StateJson.WriteMessages(writer, [message]);
                break;
            case ChannelWrite.RemoveMessage(_, var id):
                writer.WriteStartArray();
                writer.WriteStartObject();
                writer.WriteString("type", "remove");
                writer.WriteString("id", id);
                writer.WriteEndObject();
                writer.WriteEndArray();
                break;
        }

        writer.WriteEndObject();
    }));
}
