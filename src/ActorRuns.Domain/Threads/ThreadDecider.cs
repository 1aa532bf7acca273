using System.Diagnostics;
using System.Text.Json;
using ActorRuns.Graphs;
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
        PruneHistory => IfThere(ledger, context, draft => draft.Add(new HistoryPruned())),
        BeginUndo(var run, var call) => Undoing(ledger, run, call, context, new UndoBegun(run, call)),
        SettleUndo(var run, var call, var failure) =>
            Undoing(ledger, run, call, context, new UndoEnded(run, call, failure)),
        SettleWebhook settle => Settle(ledger, settle, context),
        EditRun edit => RunQueue.Edit(ledger, edit, context),
        ReorderQueue reorder => RunQueue.Reorder(ledger, reorder, context),
        PromoteRun promote => RunQueue.Promote(ledger, promote, context),
        StartDueRuns => StartDue(ledger, context),
        TakeOver take => Resume(ledger, take, context),
        HandOverRun(var holder) => From(holder, ledger, context, draft =>
        {
            if (!draft.Ledger.IsHandedOver(holder))
                draft.Add(new RunHandedOver(holder.RunId));
        }),
        RecordToolResult record => From(record.Holder, ledger, context, draft => Record(draft, record)),
        RecordOverrun(var run, var call, var tool, var time) when ledger.Runs.ContainsKey(run) =>
            IfThere(ledger, context, draft => draft.Add(new ToolOverran(run, call, tool, time))),
        RecordOverrun => new Decision.Ignore(), // Its run is gone.
        RecordNode record => From(record.Holder, ledger, context, draft => Record(draft, record)),
        RecordSubgraphStep step => From(step.Holder, ledger, context, draft => Record(draft, step)),
        RecordSubgraphWrites wrote => From(wrote.Holder, ledger, context, draft => Record(draft, wrote)),
        CommitStep commit => From(commit.Holder, ledger, context, draft => Commit(draft, commit)),
        PauseRun pause => From(pause.Holder, ledger, context, draft => Pause(draft, pause)),
        FailRun fail => From(fail.Holder, ledger, context, draft => RunEnd.Fail(
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
        if (command.Waits is { } waits)
            draft.Add(waits);
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
            return new Decision.Refuse(ledger.NoRun(command.RunId));

        var draft = new ThreadDraft(ledger, context);
        if (!run.IsTerminal)
            RunEnd.Stop(draft, RunJoin.CarrierOf(ledger, run.Id), new RunCause.Cancelled());
        draft.Add(new RunDeleted(run.Id));
        return RunStart.Due(draft);
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

        // Who steers does not wait for others, unless nobody is there to be steered.
        request = request with
        {
            Metadata = command.AssistantMetadata.SetItems(ledger.Metadata).SetItems(request.Metadata),
            Debounce = request.Steers && ledger.Holder is not null
                ? null
                : DebounceRule.Of(request, draft.Ledger.Metadata, context.Policy),
        };

        // The new run comes first, so that no fact names a run that is not recorded yet.
        draft.Add(new RunCreated(request, context.Now + (request.Debounce?.Quiet ?? request.Delay)));
        var open = RunJoin.OpenFor(ledger, request, context.Now);
        RunEnd.GiveWay(draft, ledger, request, open?.Id);
        if (open is not null)
            RunJoin.Gather(draft, request, open);
        return RunStart.Due(draft);
    }

    private static Refusal? WhyNot(ThreadLedger ledger, SubmitRun command, DecisionContext context)
    {
        var request = command.Request;
        if (!ledger.Exists && !command.CreatesThread)
            return new Refusal.ThreadNotFound(context.ThreadId);
        if (!ledger.Exists && command.IsUsedUp)
            return new Refusal.ThreadUsedUp(context.ThreadId);
        if (WhyNotReadable(request, context) is { } fault)
            return fault;
        if (!command.IfStatus.IsEmpty && !command.IfStatus.Contains(ledger.Status))
            return new Refusal.ThreadStatusMismatch(context.ThreadId, ledger.Status);
        if (request.Strategy is MultitaskStrategy.Reject && ledger.Status is ThreadStatus.Busy)
            return new Refusal.ThreadBusy(context.ThreadId);

        if (request.Steers && (!request.HasInput || request is not { Fork: null, Strategy: MultitaskStrategy.Enqueue }))
        {
            return new Refusal.InvalidInput(
                "config.configurable.actorruns_refinement", "an input, strategy enqueue and no checkpoint to steer");
        }

        // On a busy thread the question may be asked by the time it is the run's turn.
        if (ledger.Status is not ThreadStatus.Busy && RunStart.AnswersNobody(ledger.Position, request))
            return new Refusal.NothingAsked(context.ThreadId);
        return null;
    }

    /// <summary>Why what is asked does not fit the graph; null when it does.</summary>
    internal static Refusal? WhyNotReadable(RunRequest request, DecisionContext context)
    {
        if (context.Graphs.Find(request.GraphId) is not { } shape)
            return new Refusal.UnknownGraph(request.GraphId);
        return InputOf(request) is var (field, input)
            ? InputReader.Read(shape, field, input, () => string.Empty).Refusal
            : null;
    }

    private static Decision Cancel(ThreadLedger ledger, CancelRuns command, DecisionContext context)
    {
        foreach (var id in command.Runs)
        {
            if (!ledger.Runs.ContainsKey(id))
                return new Decision.Refuse(ledger.NoRun(id));
        }

        var draft = new ThreadDraft(ledger, context);
        foreach (var id in command.Runs.Distinct())
        {
            if (!draft.Ledger.Runs.ContainsKey(id))
                continue; // It was undone with the run that it had joined.

            var run = RunJoin.CarrierOf(draft.Ledger, id);
            if (draft.Ledger.Runs[run].IsTerminal)
                continue;
            if (command.Undo)
                RunEnd.Undo(draft, run, command.Runs, by: null);
            else if (command.AfterTools)
                RunEnd.StopAfterTools(draft, run, new RunCause.Cancelled());
            else
                RunEnd.Stop(draft, run, new RunCause.Cancelled());
        }

        return RunStart.Due(draft);
    }

    private static Decision Undoing(
        ThreadLedger ledger, RunId run, string callId, DecisionContext context, ThreadEvent fact)
    {
        // One that is settled, or begun, stays so; of a thread that is gone nothing is owed.
        if (ledger.OwedUndos.Find(undo => undo.Is(run, callId)) is not { } owed || (owed.Begun && fact is UndoBegun))
            return new Decision.Ignore();

        var draft = new ThreadDraft(ledger, context);
        draft.Add(fact);
        return RunStart.Due(draft);
    }

    private static Decision Settle(ThreadLedger ledger, SettleWebhook command, DecisionContext context)
    {
        if (!ledger.OwedWebhooks.ContainsKey(command.RunId))
            return new Decision.Ignore(); // Its run or its thread was deleted meanwhile.

        var draft = new ThreadDraft(ledger, context);
        draft.Add(command.Failure is { } reason
            ? new WebhookGivenUp(command.RunId, command.Attempts, reason)
            : new WebhookDelivered(command.RunId, command.Attempts));
        return RunStart.Due(draft);
    }

    private static Decision StartDue(ThreadLedger ledger, DecisionContext context)
    {
        var draft = new ThreadDraft(ledger, context);
        RunEnd.TimeOutIfDue(draft);
        return RunStart.Due(draft);
    }

    private static Decision Resume(ThreadLedger ledger, TakeOver command, DecisionContext context)
    {
        if (ledger.Holder is not { } holder)
            return RunStart.Due(new ThreadDraft(ledger, context));
        if (command.Lost is { } attempt && attempt != holder)
            return new Decision.Ignore();

        var draft = new ThreadDraft(ledger, context);
        RunEnd.TimeOutIfDue(draft);
        if (draft.Ledger.Holder is null || RunEnd.StopIfAsked(draft)) // Its tools are lost with the process.
            return RunStart.Due(draft);
        var lost = holder.Attempt - ledger.HandedOver.Count;
        if (lost < context.Policy.MaxAttempts)
        {
            draft.Add(new RunStarted(holder.RunId, holder.Attempt + 1));
            return draft.Decide();
        }

        var failure = new NodeFailure(
            null, "WorkerLost", $"The process was lost in each of {lost} attempts.");
        RunEnd.Fail(draft, failure, new RunCause.WorkerLost(lost));
        return RunStart.Due(draft);
    }

    /// <summary>What the holder says is accepted; from any other attempt it is a late word and ignored.</summary>
    private static Decision From(
        Holder holder, ThreadLedger ledger, DecisionContext context, Action<ThreadDraft> accept)
    {
        if (ledger.Holder != holder)
            return new Decision.Ignore();

        var draft = new ThreadDraft(ledger, context);
        try
        {
            accept(draft);
        }
        catch (InvalidUpdateException unfit)
        {
            draft = new ThreadDraft(ledger, context);
            RunEnd.Fail(draft, unfit);
        }

        return RunStart.Due(draft);
    }

    private static void Record(ThreadDraft draft, RecordToolResult command)
    {
        // A second answer to one call would be one too many for the next model call.
        if (draft.Ledger.Working.IsAwaited(command.Channel, command.Result))
            draft.Add(new ToolCallFinished(command.Holder.RunId, command.Node, command.Channel, command.Result));
    }

    private static void Record(ThreadDraft draft, RecordNode command)
    {
        var (node, writes) = command.Ran;
        var position = draft.Ledger.Position;
        if (!position.Next.Contains(node) || position.Finished.Exists(ran => ran.Node == node))
            return;

        // The result of a tool is the transcript's at once, as it is when other tools are still at work.
        var results = writes.Where(write => IsResult(draft.Ledger.Working, write)).ToList();
        draft.Write(command.Holder.RunId, node, results);
        draft.Add(new NodeFinished(command.Holder.RunId, node, [.. writes.Except(results)]));
    }

    private static void Record(ThreadDraft draft, RecordSubgraphStep command)
    {
        var step = draft.Ledger.Position.Subgraphs.TryGetValue(command.Namespace, out var before) ? before.Step + 1 : 0;
        var id = draft.Context.Ids.NewCheckpointId(draft.Context.Now, step, draft.Ledger.Newest);
        draft.Add(new SubgraphStepped(command.Holder.RunId, command.Namespace, id, command.Ran, command.Next.Tasks)
        {
            Inputs = command.Next.Inputs,
        });
    }

    private static void Record(ThreadDraft draft, RecordSubgraphWrites command)
    {
        if (draft.Ledger.Position.Subgraphs.ContainsKey(command.Namespace))
            draft.Add(new SubgraphWrote(command.Holder.RunId, command.Namespace, command.Ran, command.IsDone));
    }

    private static bool IsResult(ChannelValues working, ChannelWrite write) =>
        write is ChannelWrite.AppendMessage(var channel, { ToolCallId: { } call } message)
        && (working.IsAwaited(channel, message)
            || ReferenceEquals(working.MessagesOf(channel).Find(message.Id), message));

    private static void Commit(ThreadDraft draft, CommitStep command)
    {
        var run = command.Holder.RunId;
        foreach (var (node, writes) in command.Ran)
            draft.Write(run, node, writes);
        var goesOn = command is { Next.IsEmpty: false, Pauses: false } && draft.Ledger.StopAsked is null;
        var next = new NextTasks(command.Next, command.Inputs);
        var instead = goesOn ? RunJoin.SkipTools(draft, run, next) : null;
        next = instead ?? next;
        var heard = goesOn ? RunJoin.Hear(draft, run) : [];
        draft.Commit(run, CheckpointSource.Loop, [.. command.Ran.Select(node => node.Node)], next);
        foreach (var steering in heard)
            draft.Add(new RunJoined(steering, run));

        if (command.Next.IsEmpty)
            draft.Add(new RunSucceeded(run)); // Nothing is left that a human could be asked about.
        else if (RunEnd.StopIfAsked(draft))
            return;
        else if (command.Pauses)
            draft.Add(new RunPaused(run, []));
        else if (instead is { Tasks.IsEmpty: true })
            draft.Add(new RunSucceeded(run));
        else if (instead is null)
            foreach (var call in command.Starting)
                draft.Add(new ToolCallStarted(run, call));
    }

    private static void Pause(ThreadDraft draft, PauseRun command)
    {
        if (RunEnd.StopIfAsked(draft))
            return; // Nobody goes on with it who would want to know.

        draft.CommitLooseWrites(command.Holder.RunId);
        draft.Add(new RunPaused(command.Holder.RunId, command.Interrupts));
    }

    private static (string Field, JsonElement Input)? InputOf(RunRequest request) =>
        request.HasInput ? ("input", request.Input)
        : request.Command is { Update.ValueKind: not JsonValueKind.Undefined } command
            ? ("command.update", command.Update)
        : null;
}
