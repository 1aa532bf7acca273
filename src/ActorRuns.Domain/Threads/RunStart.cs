using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Runs;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Threads;

/// <summary>Which run gets a free thread, and what it does first.</summary>
internal static class RunStart
{
    /// <summary>
    /// Gives the free thread to the first run that is due, and on to the next one if that has nothing to do.
    /// </summary>
    public static Decision Due(ThreadDraft draft)
    {
        while (draft.Ledger is { Holder: null, OwedUndos.IsEmpty: true }
            && draft.Ledger.Queue.FindIndex(id => draft.Ledger.Runs[id].DueAt <= draft.Context.Now) is var due and >= 0)
        {
            Start(draft, draft.Ledger.Runs[draft.Ledger.Queue[due]].Request);
        }

        // What a webhook is still to be told goes with the thread.
        if (draft.Ledger is { Holder: null, Queue.IsEmpty: true, IsStateless: true }
            && draft.Ledger is { OwedWebhooks.IsEmpty: true, OwedUndos.IsEmpty: true })
        {
            draft.Add(new ThreadDeleted());
        }

        return draft.Decide();
    }

    private static void Start(ThreadDraft draft, RunRequest request)
    {
        var limit = request.Timeout ?? draft.Context.Policy.RunTimeout;
        draft.Add(new RunStarted(request.RunId, Attempt: 1)
        {
            Deadline = limit > TimeSpan.Zero ? draft.Context.Now + limit : null,
        });
        if (draft.Context.Graphs.Find(request.GraphId) is not { } shape)
        {
            var failure = new NodeFailure(null, "UnknownGraph", $"No graph named '{request.GraphId}' is registered.");
            RunEnd.Fail(draft, failure, new RunCause.Failed(failure.Error, failure.Message));
            return;
        }

        // An answer that nobody waits for must neither vanish nor pass for one to what is asked later.
        if (AnswersNobody(draft.Ledger.Position, request))
        {
            var failure = new NodeFailure(null, "NothingAsked", "The run brings an answer, and nothing was asked.");
            RunEnd.Fail(draft, failure, new RunCause.Failed(failure.Error, failure.Message));
            return;
        }

        try
        {
            Begin(draft, request, shape);
        }
        catch (InvalidUpdateException unfit)
        {
            RunEnd.Fail(draft, unfit);
            return;
        }

        var onlyUpdates = request.Command is { Resumes: false, GoesOn: true };
        if (draft.Ledger.Position.Next.IsEmpty || onlyUpdates)
            draft.Add(new RunSucceeded(request.RunId));
        else if (draft.Ledger.Position.Next.Any(task => shape.ToolNodes.Contains(NextTasks.NodeOf(task))))
            StartTools(draft, request.RunId);
    }

    /// <summary>Writes what the run brings.</summary>
    private static void Begin(ThreadDraft draft, RunRequest request, GraphShape shape)
    {
        if (request.HasInput)
            TakeInput(draft, request, shape);
        else if (request.Command is { } command)
            Obey(draft, request, command, shape);
        else if (request.Fork is { } fork)
            draft.Commit(request.RunId, CheckpointSource.Fork, ran: [], fork.Tasks);
    }

    /// <summary>Records that the calls which wait will now be made: a crash must not take them for untouched.</summary>
    private static void StartTools(ThreadDraft draft, RunId run)
    {
        foreach (var call in draft.Ledger.Working.OpenCalls.Where(call => !call.Started))
            draft.Add(new ToolCallStarted(run, call.Id));
    }

    private static void TakeInput(ThreadDraft draft, RunRequest request, GraphShape shape)
    {
        List<ChannelWrite> writes = [.. RunJoin.InputsOf(draft, request.RunId, shape)];
        HashSet<string> answered =
            [.. writes.OfType<ChannelWrite.AppendMessage>().Select(write => write.Message.ToolCallId).OfType<string>()];

        // A question that was waiting, or a failed step, is passed over: its calls will not run any more.
        TranscriptCloser.CloseToolCalls(draft, request.RunId, answered);
        draft.Commit(request.RunId, CheckpointSource.Input, ran: [], NextTasks.Of([GraphNodes.Start], []));
        draft.WriteInput(request.RunId, shape, writes);
        draft.Commit(request.RunId, CheckpointSource.Loop, ran: [GraphNodes.Start], NextTasks.Of(shape.Entry, []));
    }

    /// <summary>True when the run brings an answer, and no question waits where it would go on.</summary>
    public static bool AnswersNobody(ThreadPosition position, RunRequest request) =>
        request.Command is { Resumes: true }
        && (!position.Paused || (request.Fork is { } fork && fork.Id != position.Head?.Id));

    private static void Obey(ThreadDraft draft, RunRequest request, GraphCommand command, GraphShape shape)
    {
        if (command.Resumes && Answers(draft.Ledger.Position, command.Resume) is { IsEmpty: false } answers)
            draft.Add(new InterruptsAnswered(request.RunId, answers));

        var updates = command.Update.ValueKind is not JsonValueKind.Undefined;
        if (!updates && command.GoesOn)
            return;

        if (updates)
        {
            var (writes, _) = InputReader.Read(shape, "command.update", command.Update, draft.Context.Ids.NewMessageId);
            draft.WriteInput(request.RunId, shape, writes);
        }

        var next = command.GoesOn
            ? draft.Ledger.Position.Tasks
            : NextTasks.Of(command.Goto.Where(node => node != GraphNodes.End), command.Sends);
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
}
