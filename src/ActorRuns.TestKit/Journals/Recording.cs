using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Agents;
using ActorRuns.Graphs;
using ActorRuns.Journal;
using ActorRuns.Messages;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Microsoft.Extensions.AI;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.TestKit;

/// <summary>What a journal says that came from outside, in its order: callers, models and tools.</summary>
internal sealed class Recording
{
    private readonly List<Cue> _cues = [];
    private readonly Dictionary<RunId, RunRequest> _requests = [];

    public Recording(IEnumerable<JournalEntry> entries)
    {
        var ledger = ThreadLedger.Empty;
        foreach (var (number, fact) in entries)
        {
            var before = ledger;
            ledger = ledger.Apply(fact);
            Read(number, fact, before);
            (LastNumber, LastAt) = (number, fact.At);
        }

        Ledger = ledger;
    }

    /// <summary>What the journal adds up to.</summary>
    public ThreadLedger Ledger { get; }

    /// <summary>What callers did, and what happened to the process.</summary>
    public IEnumerable<Cue> Outside => _cues.Where(cue => cue.Said is null);

    /// <summary>What models and tools said.</summary>
    public IEnumerable<Cue> Inside => _cues.Where(cue => cue.Said is not null);

    /// <summary>When the last fact was recorded.</summary>
    public DateTimeOffset LastAt { get; private set; }

    /// <summary>The number of the last fact.</summary>
    public long LastNumber { get; private set; }

    /// <summary>The checkpoints in the order in which they were made.</summary>
    public List<CheckpointId> Checkpoints { get; } = [];

    /// <summary>The tools that were called.</summary>
    public ImmutableSortedSet<string> Tools { get; private set; } =
        ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Every run that was accepted, as it was asked for in the end.</summary>
    public IReadOnlyDictionary<RunId, RunRequest> Requests => _requests;

    /// <summary>The transcript as words.</summary>
    public static ImmutableArray<string> Transcript(ChannelValues values) =>
        [.. values.MessagesOf(Channels.Messages).Messages.SelectMany(Words.Of)];

    /// <summary>True for the text of a model whose run was stopped in the middle of it.</summary>
    public static bool IsCutOff(Message message) =>
        message.Extra.TryGetValue("response_metadata", out var metadata)
            && metadata.ValueKind is JsonValueKind.Object
            && metadata.TryGetProperty("finish_reason", out var reason)
            && reason.ValueEquals("interrupted");

    private void Read(long number, ThreadEvent fact, ThreadLedger before)
    {
        switch (fact)
        {
            case RunCreated(var request, _):
                _requests[request.RunId] = request;
                _cues.Add(new Cue(number, fact));
                break;
            case RunEdited(var request, _):
                _requests[request.RunId] = request; // Submitted again, it is what it was in the end.
                break;
            case StateUpdated updated:
                Checkpoints.Add(updated.Checkpoint);
                _cues.Add(new Cue(number, fact));
                break;
            case StepCommitted step:
                Checkpoints.Add(step.Checkpoint);
                break;
            case RunInterrupted { Cause: RunCause.Cancelled } or RunRolledBack { By: null } or RunDeleted:
            case RunPromoted or QueueReordered or RunStarted { Attempt: > 1 }:
                _cues.Add(new Cue(number, fact));
                break;
            case MessageAppended { Message: { Type: MessageType.Ai } message, Channel: Channels.Messages }:
                _cues.Add(new Cue(number, fact) { Said = SaidBy(message), Before = Transcript(before.Working) });
                break;
            case ToolCallFinished { Message: var result } when !ClosedCall.IsResultOf(result):
                ReadResult(number, fact, result, before);
                break;
            case RunFailed { Failure.Message: var reason } when before.Position.Next is not [ChatAgent.ToolNodeName]:
                _cues.Add(new Cue(number, fact)
                {
                    Said = new Saying.Failure(reason),
                    Before = Transcript(before.Working),
                });
                break;
        }
    }

    private void ReadResult(long number, ThreadEvent fact, Message result, ThreadLedger before)
    {
        var call = before.Working.MessagesOf(Channels.Messages).Messages
            .SelectMany(message => message.ToolCalls)
            .LastOrDefault(asked => asked.Id == result.ToolCallId);
        if (call is null)
            return;

        Tools = Tools.Add(call.Name);
        _cues.Add(new Cue(number, fact)
        {
            Said = new Saying.Result(call.Name, call.Args.GetRawText(), result.Text, result.Status is ToolStatus.Error),
        });
    }

    private static Saying SaidBy(Message message) => new Saying.Answer(
        [.. MessageMapping.ToChatMessage(message).Contents], IsCutOff(message));
}

/// <summary>A fact of a journal that came from outside of the thread.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Fact">The fact.</param>
internal sealed record Cue(long Number, ThreadEvent Fact)
{
    /// <summary>What a model or a tool said; null when a caller did something.</summary>
    public Saying? Said { get; init; }

    /// <summary>The transcript that the model was given, as words.</summary>
    public ImmutableArray<string> Before { get; init; } = [];
}

/// <summary>What a model or a tool said.</summary>
internal abstract record Saying
{
    private Saying() { }

    /// <summary>A model's message.</summary>
    /// <param name="Contents">What it says and asks for.</param>
    /// <param name="IsCutOff">True when its run was stopped in the middle.</param>
    public sealed record Answer(ImmutableArray<AIContent> Contents, bool IsCutOff) : Saying;

    /// <summary>A model, or another node, failed.</summary>
    /// <param name="Message">How.</param>
    public sealed record Failure(string Message) : Saying;

    /// <summary>A tool's result.</summary>
    /// <param name="Tool">The tool.</param>
    /// <param name="Arguments">The arguments, as they stood in the call.</param>
    /// <param name="Text">The result.</param>
    /// <param name="IsError">True when it failed.</param>
    public sealed record Result(string Tool, string Arguments, string Text, bool IsError) : Saying;
}
