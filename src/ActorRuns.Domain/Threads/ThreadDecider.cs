using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Messages;
using ActorRuns.Runs;
using static ActorRuns.Threads.ThreadCommand;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Threads;

/// <summary>
/// All rules about threads and runs: what a command comes to, given what is recorded. Pure: the same ledger, command
/// and context give the same decision.
/// </summary>
public static class ThreadDecider
{
    /// <summary>Decides on a command.</summary>
    /// <exception cref="UnreachableException">The kind of command is not known to this build.</exception>
    public static Decision Decide(ThreadLedger ledger, ThreadCommand command, DecisionContext context) => command switch
    {
        CreateThread create => Create(ledger, create, context),
        ImportThread import => Import(ledger, import, context),
        PatchThread patch => IfThere(ledger, context, draft => draft.Add(new ThreadPatched(patch.Metadata))),
        DeleteThread => IfThere(ledger, context, draft => draft.Add(new ThreadDeleted())),
        DeleteRun delete => Delete(ledger, delete, context),
        UpdateState update => Update(ledger, update, context),
        SubmitRun submit => Submit(ledger, submit, context),
        CancelRuns cancel => Cancel(ledger, cancel, context),
        StartDueRuns => StartDue(new ThreadDraft(ledger, context)),
        TakeOver take => Resume(ledger, take, context),
        RecordToolResult record => From(record.Holder, ledger, context, draft => Record(draft, record)),
        CommitStep commit => From(commit.Holder, ledger, context, draft => Commit(draft, commit)),
        PauseRun pause => From(pause.Holder, ledger, context, draft => Pause(draft, pause)),
        FailRun fail => From(fail.Holder, ledger, context, draft => Fail(
            draft, fail.Failure, new RunCause.Failed(fail.Failure.Error, fail.Failure.Message))),
        _ => throw new UnreachableException($"No rule decides {command.GetType().Name}."),
    };

    private static Decision Create(ThreadLedger ledger, CreateThread command, DecisionContext context)
    {
        if (ledger.Exists)
        {
            return command.MayExist
                ? new Decision.Ignore()
                : new Decision.Refuse(new Refusal.ThreadExists(context.ThreadId));
        }

        var draft = new ThreadDraft(ledger, context);
        draft.Add(new ThreadCreated(command.Metadata));
        foreach (var edit in command.Past)
        {
            if (StateEditor.Apply(draft, edit, from: null) is { } refusal)
                return new Decision.Refuse(refusal);
        }

        return draft.Decide();
    }

    private static Decision Import(ThreadLedger ledger, ImportThread command, DecisionContext context)
    {
        if (ledger.Exists)
            return new Decision.Refuse(new Refusal.ThreadExists(context.ThreadId));

        var draft = new ThreadDraft(ledger, context);
        draft.Add(new ThreadCreated(command.Metadata));
        foreach (var revision in command.Revisions)
            draft.Import(revision);
        return draft.Decide();
    }

    private static Decision IfThere(ThreadLedger ledger, DecisionContext context, Action<ThreadDraft> accept)
    {
        if (!ledger.Exists)
            return new Decision.Refuse(new Refusal.ThreadNotFound(context.ThreadId));

        var draft = new ThreadDraft(ledger, context);
        accept(draft);
        return draft.Decide();
    }

    private static Decision Delete(ThreadLedger ledger, DeleteRun command, DecisionContext context)
    {
        if (!ledger.Runs.TryGetValue(command.RunId, out var run))
            return new Decision.Refuse(new Refusal.RunNotFound(command.RunId));

        var draft = new ThreadDraft(ledger, context);
        if (!run.IsTerminal)
            Stop(draft, run.Id, new RunCause.Cancelled());
        draft.Add(new RunDeleted(run.Id));
        return StartDue(draft);
    }

    private static Decision Update(ThreadLedger ledger, UpdateState command, DecisionContext context)
    {
        if (!ledger.Exists)
            return new Decision.Refuse(new Refusal.ThreadNotFound(context.ThreadId));
        if (ledger.Status is ThreadStatus.Busy)
            return new Decision.Refuse(new Refusal.ThreadBusy(context.ThreadId));

        var draft = new ThreadDraft(ledger, context);
        return StateEditor.Apply(draft, command.Edit, command.From) is { } refusal
            ? new Decision.Refuse(refusal)
            : draft.Decide();
    }

    private static Decision Submit(ThreadLedger ledger, SubmitRun command, DecisionContext context)
    {
        var request = command.Request;
        if (ledger.Runs.ContainsKey(request.RunId) || ledger.Undone.Contains(request.RunId))
            return new Decision.Ignore();
        if (request.Idempotency is var (key, fingerprint) && ledger.Keys.TryGetValue(key, out var known))
        {
            return known.Fingerprint == fingerprint
                ? new Decision.Ignore()
                : new Decision.Refuse(new Refusal.KeyUsed(key, known.RunId));
        }

        if (WhyNot(ledger, command, context) is { } refusal)
            return new Decision.Refuse(refusal);

        var draft = new ThreadDraft(ledger, context);
        if (!ledger.Exists)
            draft.Add(new ThreadCreated(request.Metadata));

        // The new run comes first, so that no fact names a run that is not recorded yet.
        ImmutableArray<RunId> before = ledger.Holder is { } holder ? [holder.RunId, .. ledger.Queue] : [.. ledger.Queue];
        var metadata = command.AssistantMetadata.SetItems(ledger.Metadata).SetItems(request.Metadata);
        draft.Add(new RunCreated(request with { Metadata = metadata }, context.Now + request.Delay));
        foreach (var run in before)
        {
            if (request.Strategy is MultitaskStrategy.Interrupt)
                Stop(draft, run, new RunCause.Superseded(request.RunId));
            else if (request.Strategy is MultitaskStrategy.Rollback)
                draft.Add(new RunRolledBack(run));
        }

        return StartDue(draft);
    }

    private static Refusal? WhyNot(ThreadLedger ledger, SubmitRun command, DecisionContext context)
    {
        var request = command.Request;
        if (!ledger.Exists && !command.CreatesThread)
            return new Refusal.ThreadNotFound(context.ThreadId);
        if (context.Graphs.Find(request.GraphId) is not { } shape)
            return new Refusal.UnknownGraph(request.GraphId);
        if (!command.IfStatus.IsEmpty && !command.IfStatus.Contains(ledger.Status))
            return new Refusal.ThreadStatusMismatch(context.ThreadId, ledger.Status);
        if (request.Strategy is MultitaskStrategy.Reject && ledger.Status is ThreadStatus.Busy)
            return new Refusal.ThreadBusy(context.ThreadId);

        // On a busy thread the question may be asked by the time it is the run's turn.
        if (ledger.Status is not ThreadStatus.Busy && AnswersNobody(ledger.Position, request))
            return new Refusal.NothingAsked(context.ThreadId);
        return InputOf(request) is var (field, input)
            ? InputReader.Read(shape, field, input, () => string.Empty).Refusal
            : null;
    }

    private static Decision Cancel(ThreadLedger ledger, CancelRuns command, DecisionContext context)
    {
        foreach (var id in command.Runs)
        {
            if (!ledger.Runs.ContainsKey(id))
                return new Decision.Refuse(new Refusal.RunNotFound(id));
        }

        var draft = new ThreadDraft(ledger, context);
        foreach (var id in command.Runs.Distinct().Where(id => !ledger.Runs[id].IsTerminal))
        {
            if (command.Undo)
                draft.Add(new RunRolledBack(id));
            else
                Stop(draft, id, new RunCause.Cancelled());
        }

        return StartDue(draft);
    }

    private static Decision Resume(ThreadLedger ledger, TakeOver command, DecisionContext context)
    {
        if (ledger.Holder is not { } holder)
            return StartDue(new ThreadDraft(ledger, context));
        if (command.Lost is { } lost && lost != holder)
            return new Decision.Ignore();

        var draft = new ThreadDraft(ledger, context);
        if (holder.Attempt < context.Policy.MaxAttempts)
        {
            draft.Add(new RunStarted(holder.RunId, holder.Attempt + 1));
            return draft.Decide();
        }

        var failure = new NodeFailure(null, "WorkerLost", $"The process was lost in each of {holder.Attempt} attempts.");
        Fail(draft, failure, new RunCause.WorkerLost(holder.Attempt));
        return StartDue(draft);
    }

    /// <summary>What the holder says is accepted; from any other attempt it is a late word and ignored.</summary>
    private static Decision From(Holder holder, ThreadLedger ledger, DecisionContext context, Action<ThreadDraft> accept)
    {
        if (ledger.Holder != holder)
            return new Decision.Ignore();

        var draft = new ThreadDraft(ledger, context);
        accept(draft);
        return StartDue(draft);
    }

    private static void Record(ThreadDraft draft, RecordToolResult command)
    {
        // A second answer to one call would be one too many for the next model call.
        if (draft.Ledger.Working.IsAwaited(command.Channel, command.Result))
            draft.Add(new ToolCallFinished(command.Holder.RunId, command.Node, command.Channel, command.Result));
    }

    private static void Commit(ThreadDraft draft, CommitStep command)
    {
        var run = command.Holder.RunId;
        foreach (var (node, writes) in command.Ran)
            draft.Write(run, node, writes);
        draft.Commit(run, CheckpointSource.Loop, [.. command.Ran.Select(node => node.Node)], command.Next);

        if (command.Next.IsEmpty)
            draft.Add(new RunSucceeded(run)); // Nothing is left that a human could be asked about.
        else if (command.Pauses)
            draft.Add(new RunPaused(run, []));
        else
            foreach (var call in command.Starting)
                draft.Add(new ToolCallStarted(run, call));
    }

    private static void Pause(ThreadDraft draft, PauseRun command)
    {
        draft.CommitLooseWrites(command.Holder.RunId);
        draft.Add(new RunPaused(command.Holder.RunId, command.Interrupts));
    }

    private static void Fail(ThreadDraft draft, NodeFailure failure, RunCause cause)
    {
        var run = draft.Ledger.Holder!.RunId; // Only a holder fails: both callers have seen it.
        TranscriptCloser.CloseToolCalls(draft, run, answered: []);
        draft.CommitLooseWrites(run);
        draft.Add(new RunFailed(run, failure, cause));
    }

    /// <summary>Stops a run and keeps what it has; of one that never began, what the user said to it.</summary>
    private static void Stop(ThreadDraft draft, RunId run, RunCause cause)
    {
        if (draft.Ledger.Holder?.RunId == run)
            TranscriptCloser.Close(draft, run);
        else if (cause is RunCause.Superseded)
            KeepWhatWasSaid(draft, run);
        draft.Add(new RunInterrupted(run, cause));
    }

    private static void KeepWhatWasSaid(ThreadDraft draft, RunId run)
    {
        var request = draft.Ledger.Runs[run].Request;
        if (!request.HasInput || draft.Context.Graphs.Find(request.GraphId) is not { } shape)
            return;

        var (writes, _) = InputReader.Read(shape, "input", request.Input, draft.Context.Ids.NewMessageId);
        draft.Write(run, GraphNodes.Start, writes.Where(write =>
            write is ChannelWrite.AppendMessage { Message.Type: MessageType.Human }));
        draft.CommitLooseWrites(run);
    }

    /// <summary>Gives the free thread to the first run that is due, and on to the next one if that has nothing to do.</summary>
    private static Decision StartDue(ThreadDraft draft)
    {
        while (draft.Ledger.Holder is null
            && draft.Ledger.Queue.FindIndex(id => draft.Ledger.Runs[id].DueAt <= draft.Context.Now) is var due and >= 0)
        {
            Start(draft, draft.Ledger.Runs[draft.Ledger.Queue[due]].Request);
        }

        if (draft.Ledger is { Holder: null, Queue.IsEmpty: true, IsStateless: true })
            draft.Add(new ThreadDeleted());
        return draft.Decide();
    }

    private static void Start(ThreadDraft draft, RunRequest request)
    {
        draft.Add(new RunStarted(request.RunId, Attempt: 1));
        if (draft.Context.Graphs.Find(request.GraphId) is not { } shape)
        {
            var failure = new NodeFailure(null, "UnknownGraph", $"No graph named '{request.GraphId}' is registered.");
            Fail(draft, failure, new RunCause.Failed(failure.Error, failure.Message));
            return;
        }

        // An answer that nobody waits for must neither vanish nor pass for one to what is asked later.
        if (AnswersNobody(draft.Ledger.Position, request))
        {
            var failure = new NodeFailure(null, "NothingAsked", "The run brings an answer, and nothing was asked.");
            Fail(draft, failure, new RunCause.Failed(failure.Error, failure.Message));
            return;
        }

        if (request.HasInput)
            TakeInput(draft, request, shape);
        else if (request.Command is { } command)
            Obey(draft, request, command, shape);
        else if (request.Fork is { } fork)
            draft.Commit(request.RunId, CheckpointSource.Fork, ran: [], fork.Next);

        var onlyUpdates = request.Command is { Resumes: false, Goto.IsEmpty: true };
        if (draft.Ledger.Position.Next.IsEmpty || onlyUpdates)
            draft.Add(new RunSucceeded(request.RunId));
        else if (draft.Ledger.Position.Next.Any(shape.ToolNodes.Contains))
            StartTools(draft, request.RunId);
    }

    /// <summary>Records that the calls which wait will now be made: a crash must not take them for untouched.</summary>
    private static void StartTools(ThreadDraft draft, RunId run)
    {
        foreach (var call in draft.Ledger.Working.OpenCalls.Where(call => !call.Started))
            draft.Add(new ToolCallStarted(run, call.Id));
    }

    private static void TakeInput(ThreadDraft draft, RunRequest request, GraphShape shape)
    {
        var (writes, _) = InputReader.Read(shape, "input", request.Input, draft.Context.Ids.NewMessageId);
        HashSet<string> answered =
            [.. writes.OfType<ChannelWrite.AppendMessage>().Select(write => write.Message.ToolCallId).OfType<string>()];

        // A question that was waiting, or a failed step, is passed over: its calls will not run any more.
        TranscriptCloser.CloseToolCalls(draft, request.RunId, answered);
        draft.Commit(request.RunId, CheckpointSource.Input, ran: [], [GraphNodes.Start]);
        draft.Write(request.RunId, GraphNodes.Start, writes);
        draft.Commit(request.RunId, CheckpointSource.Loop, ran: [GraphNodes.Start], shape.Entry);
    }

    private static bool AnswersNobody(ThreadPosition position, RunRequest request) =>
        request.Command is { Resumes: true }
        && (!position.Paused || (request.Fork is { } fork && fork.Id != position.Head?.Id));

    private static void Obey(ThreadDraft draft, RunRequest request, GraphCommand command, GraphShape shape)
    {
        if (command.Resumes && Answers(draft.Ledger.Position, command.Resume) is { IsEmpty: false } answers)
            draft.Add(new InterruptsAnswered(request.RunId, answers));

        var updates = command.Update.ValueKind is not JsonValueKind.Undefined;
        if (!updates && command.Goto.IsEmpty)
            return;

        if (updates)
        {
            var (writes, _) = InputReader.Read(shape, "command.update", command.Update, draft.Context.Ids.NewMessageId);
            draft.Write(request.RunId, GraphNodes.Start, writes);
        }

        var next = command.Goto.IsEmpty ? draft.Ledger.Position.Next : command.Goto.Remove(GraphNodes.End);
        draft.Commit(request.RunId, CheckpointSource.Update, ran: [], next);
    }

    /// <summary>The answers by question: an object that names a question is a map, anything else answers all.</summary>
    private static ImmutableSortedDictionary<string, JsonElement> Answers(ThreadPosition position, JsonElement resume)
    {
        var asked = position.Interrupts.Select(interrupt => interrupt.Id).ToHashSet(StringComparer.Ordinal);
        var named = resume.ValueKind is JsonValueKind.Object
            ? asked.Where(id => resume.TryGetProperty(id, out _)).ToList()
            : [];
        return named.Count > 0
            ? named.ToImmutableSortedDictionary(id => id, id => resume.GetProperty(id), StringComparer.Ordinal)
            : asked.ToImmutableSortedDictionary(id => id, _ => resume, StringComparer.Ordinal);
    }

    private static (string Field, JsonElement Input)? InputOf(RunRequest request) =>
        request.HasInput ? ("input", request.Input)
        : request.Command is { Update.ValueKind: not JsonValueKind.Undefined } command ? ("command.update", command.Update)
        : null;
}
