using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Messages;
using ActorRuns.Runs;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Threads;

/// <summary>
/// Closes what a stopped run leaves open, so that no reader and no model provider ever sees a tool call without a
/// result, and no text that a user has seen is lost.
/// </summary>
internal static class TranscriptCloser
{
    /// <summary>What the result of a call says that never got to run.</summary>
    internal const string NotStarted = "Not run: the run was stopped before this tool started.";

    /// <summary>What the result of a call says that was running.</summary>
    internal const string EffectsUnknown = "Interrupted while running: whether the tool had any effect is unknown.";

    /// <summary>What the result of a call says that was not begun, since a human said something new.</summary>
    internal const string Skipped = "Not run: the human said something new before this tool started.";

    private static readonly JsonElement Interrupted = JsonElement.Parse("""{"finish_reason":"interrupted"}""");

    /// <summary>Keeps the text streamed so far, and gives every open call its result.</summary>
    public static void Close(ThreadDraft draft, RunId run)
    {
        if (draft.Context.Policy.KeepPartialText)
            KeepPartialText(draft, run);
        CloseToolCalls(draft, run, answered: []);
        draft.CommitLooseWrites(run);
    }

    /// <summary>Gives every open call a result that says what is known of it, if the server wants that.</summary>
    /// <param name="draft">The decision in the making.</param>
    /// <param name="run">The run that closes them.</param>
    /// <param name="answered">The calls that are about to get a result of their own.</param>
    public static void CloseToolCalls(ThreadDraft draft, RunId run, IReadOnlyCollection<string> answered)
    {
        if (!draft.Context.Policy.CloseToolCalls)
            return;

        var node = draft.Ledger.Position.Next is [var first, ..] ? first : GraphNodes.Start;
        foreach (var call in draft.Ledger.Working.OpenCalls.Where(call => !answered.Contains(call.Id)))
            draft.Add(new ToolCallFinished(run, node, call.Channel, ResultOf(
                call, call.Started ? EffectsUnknown : NotStarted, draft.Context.Ids)));
    }

    /// <summary>Gives the calls that were just asked for a result that says why they are not made.</summary>
    public static void SkipToolCalls(ThreadDraft draft, RunId run, string node)
    {
        foreach (var call in draft.Ledger.Working.OpenCalls)
        {
            draft.Add(new ToolCallFinished(run, node, call.Channel, ResultOf(call, Skipped, draft.Context.Ids))
            {
                IsSkipped = true,
            });
        }
    }

    private static void KeepPartialText(ThreadDraft draft, RunId run)
    {
        foreach (var (node, channel, message) in draft.Context.Partials.Where(p => p.Message.Text.Length > 0))
        {
            // A call that was not asked for to the end is not asked for at all.
            var kept = message with { ToolCalls = [], Extra = message.Extra.SetItem("response_metadata", Interrupted) };
            draft.Add(new MessageAppended(run, node, channel, kept));
        }
    }

    private static Message ResultOf(OpenToolCall call, string text, IIdSource ids) => new()
    {
        Id = ids.NewMessageId(),
        Type = MessageType.Tool,
        ToolCallId = call.Id,
        Name = call.Name,
        Status = ToolStatus.Error,
        Content = MessageContent.Of(text),
    };
}
