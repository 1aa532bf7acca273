using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Runs;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Threads;

/// <summary>
/// The rules for runs that become part of another one: messages that come within a moment of each other, and messages
/// that steer the run at work. What they bring is said by the run that they join, and they end as it does.
/// </summary>
internal static class RunJoin
{
    /// <summary>
    /// The run that waits for more messages and that a new one belongs to; null when there is none. Both must ask the
    /// same of the same assistant, since only one of them will be asked.
    /// </summary>
    public static RunLedger? OpenFor(ThreadLedger ledger, RunRequest request, DateTimeOffset now)
    {
        if (request is not { Debounce: not null, Strategy: MultitaskStrategy.Enqueue or MultitaskStrategy.Interrupt })
            return null;

        return ledger.Queue.Select(id => ledger.Runs[id]).FirstOrDefault(run =>
            run.Request.Debounce is not null
            && run.DueAt > now
            && run.Request.AssistantId == request.AssistantId
            && run.Request.Strategy == request.Strategy
            && run.Request.Steers == request.Steers
            && run.Request.SkipsTools == request.SkipsTools
            && run.Request.HasInput
            && run.Request.IsStateless == request.IsStateless
            && run.Request.InterruptBefore.SequenceEqual(request.InterruptBefore)
            && run.Request.InterruptAfter.SequenceEqual(request.InterruptAfter)
            && IsSame(run.Request.Context, request.Context)
            && IsSameConfig(run.Request.Config, request.Config));
    }

    /// <summary>Adds a message to a run that waits for more, which waits a little longer for it.</summary>
    public static void Gather(ThreadDraft draft, RunRequest request, RunLedger open)
    {
        var until = draft.Context.Now + request.Debounce!.Quiet; // Both wait for more, as the caller has seen.
        var last = open.CreatedAt + open.Request.Debounce!.AtMost;
        var dueAt = until < last ? until : last;
        draft.Add(new RunJoined(request.RunId, open.Id) { DueAt = dueAt > open.DueAt ? dueAt : open.DueAt });
    }

    /// <summary>
    /// Lets the messages that steer the holder into the step that is about to be complete: never between a tool call
    /// and its result.
    /// </summary>
    /// <returns>The runs that brought them.</returns>
    public static ImmutableArray<RunId> Hear(ThreadDraft draft, RunId holder)
    {
        var request = draft.Ledger.Runs[holder].Request;
        if (!draft.Ledger.Working.OpenCalls.IsEmpty || draft.Context.Graphs.Find(request.GraphId) is not { } shape)
            return [];

        var heard = HeardBy(draft, request);
        foreach (var id in heard)
            draft.WriteInput(holder, shape, InputsOf(draft, id, shape));
        return heard;
    }

    /// <summary>
    /// Skips the tools that were just asked for, when a message is there that does not wait for them: none of them has
    /// begun.
    /// </summary>
    /// <returns>What is next instead of the tools; null when nothing is skipped.</returns>
    public static NextTasks? SkipTools(ThreadDraft draft, RunId holder, NextTasks next)
    {
        var request = draft.Ledger.Runs[holder].Request;
        var open = draft.Ledger.Working.OpenCalls;
        if (draft.Context.Graphs.Find(request.GraphId) is not { } shape
            || next is not { Tasks: [var tools], Inputs.IsEmpty: true }
            || !shape.ToolNodes.Contains(tools)
            || open.IsEmpty || open.Exists(call => call.Started)
            || !HeardBy(draft, request).Any(id => draft.Ledger.Runs[id].Request.SkipsTools))
        {
            return null;
        }

        // What follows the tools is asked of the graph before anything is written.
        var preview = new ThreadDraft(draft.Ledger, draft.Context);
        TranscriptCloser.SkipToolCalls(preview, holder, tools);
        Hear(preview, holder);
        if (After(shape, tools, preview.Ledger.Working) is not { } instead)
            return null;

        TranscriptCloser.SkipToolCalls(draft, holder, tools);
        return instead;
    }

    /// <summary>What follows a node; null when the graph cannot say.</summary>
    private static NextTasks? After(GraphShape shape, string node, ChannelValues values)
    {
        try
        {
            return shape.NextAfter(node, values);
        }
#pragma warning disable CA1031 // A router is a user's code: if it fails nothing is skipped, and it fails in its run.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    /// <summary>The messages that steer a run of this request now.</summary>
    private static ImmutableArray<RunId> HeardBy(ThreadDraft draft, RunRequest request) =>
    [
        .. draft.Ledger.Queue.Where(id => draft.Ledger.Runs[id] is { Request.Steers: true } run
            && run.DueAt <= draft.Context.Now
            && run.Request.AssistantId == request.AssistantId),
    ];

    /// <summary>What a run brings, and what those bring that joined it, in their order.</summary>
    public static IEnumerable<ChannelWrite> InputsOf(ThreadDraft draft, RunId id, GraphShape shape)
    {
        var run = draft.Ledger.Runs[id];
        return run.Joined.Select(joined => draft.Ledger.Runs[joined].Request).Prepend(run.Request)
            .Where(request => request.HasInput)
            .SelectMany(request =>
                InputReader.Read(shape, "input", request.Input, draft.Context.Ids.NewMessageId).Writes);
    }

    /// <summary>
    /// Puts the runs back into the queue that joined one which goes away and takes what they said with it: a message is
    /// not lost because another one is.
    /// </summary>
    public static void Part(ThreadDraft draft, RunId id)
    {
        foreach (var joined in draft.Ledger.Runs[id].Joined.Reverse())
            draft.Add(new RunRequeued(joined));
    }

    /// <summary>The run that does the work of one that has joined it and has begun; else the run itself.</summary>
    public static RunId CarrierOf(ThreadLedger ledger, RunId id) =>
        ledger.Runs[id] is { Status: RunStatus.Running, JoinedTo: { } carrier } ? carrier : id;

    /// <summary>The end of the runs that joined one which has just ended; none when the fact ends no run.</summary>
    public static IEnumerable<ThreadEvent> EndsWith(ThreadEvent fact, ThreadLedger after)
    {
        RunId? ended = fact switch
        {
            RunSucceeded e => e.RunId,
            RunPaused e => e.RunId,
            RunFailed e => e.RunId,
            RunTimedOut e => e.RunId,
            RunInterrupted e => e.RunId,
            _ => null,
        };
        return ended is { } id && after.Runs[id] is { Joined.IsEmpty: false } run
            ? run.Joined.Select(joined => new JoinedRunEnded(joined, id, run.Status))
            : [];
    }

    /// <summary>True when two runs are told the same, save for who they are.</summary>
    private static bool IsSameConfig(JsonElement one, JsonElement other)
    {
        if (one.ValueKind is not JsonValueKind.Object || other.ValueKind is not JsonValueKind.Object)
            return IsSame(one, other);

        return one.GetPropertyCount() == other.GetPropertyCount()
            && one.EnumerateObject().All(property => other.TryGetProperty(property.Name, out var value)
                && (property.NameEquals("configurable")
                    ? IsSameConfigurable(property.Value, value)
                    : IsSame(property.Value, value)));
    }

    private static bool IsSameConfigurable(JsonElement one, JsonElement other) =>
        one.ValueKind is JsonValueKind.Object && other.ValueKind is JsonValueKind.Object
            ? one.GetPropertyCount() == other.GetPropertyCount()
                && one.EnumerateObject().All(property => other.TryGetProperty(property.Name, out var value)
                    && (property.NameEquals("run_id") || IsSame(property.Value, value)))
            : IsSame(one, other);

    private static bool IsSame(JsonElement one, JsonElement other) =>
        one.ValueKind is JsonValueKind.Undefined || other.ValueKind is JsonValueKind.Undefined
            ? one.ValueKind == other.ValueKind
            : JsonElement.DeepEquals(one, other);
}
