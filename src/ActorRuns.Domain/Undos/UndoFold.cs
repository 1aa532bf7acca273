using System.Collections.Immutable;
using ActorRuns.Graphs;
using ActorRuns.Messages;
using ActorRuns.Runs;
using ActorRuns.Threads;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Undos;

/// <summary>What facts say of the tool calls of the run at work, and of those that are to be undone.</summary>
internal static class UndoFold
{
    // What came of older ones is in the journal; a thread shall not grow with its undos.
    private const int MaxReports = 50;

    /// <summary>The ledger with what a fact adds to what ran, to what is owed and to what came of it.</summary>
    public static ThreadLedger Fold(ThreadLedger before, ThreadEvent fact, ThreadLedger after) => fact switch
    {
        RunStarted { Attempt: 1 } => after with { Ran = [] },
        ToolCallStarted e => Began(before, after, e.CallId),
        ToolCallFinished { IsSkipped: true } => after, // There is nothing to be undone.
        ToolCallFinished e => Finished(before, after, e),
        StepCommitted { Source: CheckpointSource.Input } => after with { Ran = [] }, // Closed, not run.
        RunRolledBack { Undo.IsEmpty: false } e => Owe(before, after, e),
        UndoBegun e => after with { OwedUndos = after.OwedUndos.ConvertAll(undo =>
            undo.Is(e.RunId, e.CallId) ? undo with { Begun = true } : undo) },
        UndoEnded e => Settle(after, e),
        _ => before.Holder is not null && after.Holder is null ? after with { Ran = [] } : after,
    };

    /// <summary>The calls of the run at work that are to be undone with it, the last one first.</summary>
    public static ImmutableArray<RanCall> Of(ThreadLedger ledger, RunId run, IGraphCatalog graphs) =>
        ledger.Holder?.RunId == run && graphs.Find(ledger.Runs[run].Request.GraphId) is { } shape
            ? [.. ledger.Ran.Where(ran => shape.Compensated.Contains(ran.Call.Name)).Reverse()]
            : [];

    private static ThreadLedger Began(ThreadLedger before, ThreadLedger after, string callId) =>
        before.Working.OpenCalls.Find(open => open.Id == callId) is { } open
        && !after.Ran.Exists(ran => ran.Call.Id == callId)
        && AskedIn(before.Working.MessagesOf(open.Channel), callId) is { } call
            ? after with { Ran = after.Ran.Add(new RanCall(before.Position.StepFrom, NodeOf(before), call, null)) }
            : after;

    private static ThreadLedger Finished(ThreadLedger before, ThreadLedger after, ToolCallFinished fact)
    {
        var at = after.Ran.FindIndex(ran => ran.Call.Id == fact.Message.ToolCallId);
        if (at >= 0)
        {
            var ran = after.Ran[at] with { Node = fact.Node, Result = fact.Message };
            return after with { Ran = after.Ran.SetItem(at, ran) };
        }

        return AskedIn(before.Working.MessagesOf(fact.Channel), fact.Message.ToolCallId) is { } call
            ? after with { Ran = after.Ran.Add(new RanCall(before.Position.StepFrom, fact.Node, call, fact.Message)) }
            : after;
    }

    private static ThreadLedger Owe(ThreadLedger before, ThreadLedger after, RunRolledBack fact)
    {
        var graph = before.Runs[fact.RunId].Request.GraphId;
        var owed = fact.Undo.Select(ran => new OwedUndo(fact.RunId, fact.By, graph, ran, Begun: false));
        return after with { Ran = [], OwedUndos = after.OwedUndos.AddRange(owed) };
    }

    private static ThreadLedger Settle(ThreadLedger after, UndoEnded fact)
    {
        if (after.OwedUndos.Find(undo => undo.Is(fact.RunId, fact.CallId)) is not { } owed)
            return after;

        var report = new UndoReport(fact.RunId, owed.Ran.Call.Name, fact.CallId, fact.Failure);
        var reports = after.Undos.Add(report);
        return after with
        {
            OwedUndos = after.OwedUndos.Remove(owed),
            Undos = reports.Count > MaxReports ? reports.RemoveAt(0) : reports,
            Runs = owed.By is { } by && after.Runs.TryGetValue(by, out var winner)
                ? after.Runs.SetItem(by, winner with { Undid = winner.Undid.Add(report) })
                : after.Runs,
        };
    }

    private static string NodeOf(ThreadLedger ledger) =>
        ledger.Position.Next is [var first, ..] ? first : GraphNodes.Start;

    private static ToolCall? AskedIn(Transcript transcript, string? callId) => callId is null
        ? null
        : transcript.FindOpenCall(callId);
}
