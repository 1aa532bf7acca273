using ActorRuns.Messages;
using ActorRuns.Runs;
using ActorRuns.Threads;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.TestKit;

/// <summary>The facts of one thread as words; runs are numbered in the order in which they were accepted.</summary>
internal sealed class FactWords
{
    private readonly List<RunId> _runs = [];

    public string NameOf(RunId run)
    {
        if (!_runs.Contains(run))
            _runs.Add(run);
        return $"run {_runs.IndexOf(run) + 1}";
    }

    public string Of(ThreadEvent fact) => fact switch
    {
        RunCreated(var request, _) =>
            $"{NameOf(request.RunId)} is accepted: {Input(request)}, strategy {request.Strategy}".ToLowerInvariant(),
        RunStarted(var run, var attempt) => $"{NameOf(run)} has the thread, attempt {attempt}",
        MessageAppended { RunId: var run, Message: var message } => $"{NameOf(run)} writes {Line(message)}",
        ToolCallStarted(var run, var call) => $"{NameOf(run)} may run tool call {call}",
        ToolCallFinished { RunId: var run, Message: var result } => $"{NameOf(run)} gets {Line(result)}",
        StepCommitted { RunId: var run, Step: var step, Next: var next } =>
            $"{NameOf(run)} completes step {step}; next: {(next.IsEmpty ? "nothing" : string.Join(", ", next))}",
        RunSucceeded(var run) => $"{NameOf(run)} ends: success",
        RunInterrupted(var run, var cause) => $"{NameOf(run)} ends: interrupted, {Of(cause)}",
        RunStopAsked(var run, var cause) => $"{NameOf(run)} is to stop when its tools have ended, {Of(cause)}",
        RunRolledBack { RunId: var run, By: var by } =>
            $"{NameOf(run)} is undone{(by is { } other ? $" for {NameOf(other)}" : "")}",
        RunFailed(var run, var failure, _) => $"{NameOf(run)} ends: {failure.Error}, {failure.Message}",
        RunTimedOut(var run, var limit, _) => $"{NameOf(run)} ends: its time of {limit} is up",
        RunPaused(var run, var asked) =>
            $"{NameOf(run)} ends: asks {string.Join("; ", asked.Select(question => question.Value.GetRawText()))}",
        RunJoined(var run, var into) => $"{NameOf(run)} becomes part of {NameOf(into)}",
        JoinedRunEnded(var run, _, var status) => $"{NameOf(run)} ends with what it is part of: {status}",
        RunPromoted(var run) => $"{NameOf(run)} is put first",
        RunEdited(var request, _) => $"{NameOf(request.RunId)} is edited: {Input(request)}",
        RunDeleted(var run) => $"{NameOf(run)} is deleted",
        StateUpdated { AsNode: var node } => $"the state is edited as node {node}",
        _ => Plain(fact.GetType().Name),
    };

    private string Of(RunCause cause) => cause switch
    {
        RunCause.Superseded(var by) => $"superseded by {NameOf(by)}",
        RunCause.Cancelled => "cancelled",
        _ => Plain(cause.GetType().Name),
    };

    private static string Input(RunRequest request) => request.HasInput
        ? request.Input.GetRawText().Quoted()
        : request.Command is null ? "no input" : "a command";

    private static string Line(Message message) => string.Join("; ", Words.Of(message)).Quoted();

    /// <summary>The name of a kind as words: <c>thread created</c>.</summary>
    private static string Plain(string name) => string.Concat(name.Select((letter, index) =>
        index > 0 && char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}"));
}
