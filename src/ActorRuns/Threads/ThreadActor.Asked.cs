using Akka.Actor;
using Akka.Event;
using ActorRuns.Runs;

namespace ActorRuns.Threads;

/// <content>What others can ask of a thread, and what each comes to.</content>
internal sealed partial class ThreadActor
{
    private void OnAsked(IThreadMessage asked)
    {
        switch (asked)
        {
            case BeginThread begin:
                Execute(
                    new ThreadCommand.CreateThread(begin.Metadata, begin.MayExist, begin.Past),
                    new ThreadAnswer.Read());
                break;
            case ImportThread import:
                Execute(
                    new ThreadCommand.ImportThread(import.Metadata, import.Revisions) { Waits = import.Waits },
                    new ThreadAnswer.Read());
                break;
            case PatchThread patch:
                Execute(new ThreadCommand.PatchThread(patch.Metadata), new ThreadAnswer.Read());
                break;
            case DeleteThread:
                Execute(new ThreadCommand.DeleteThread(), new ThreadAnswer.Gone());
                break;
            case DeleteRun delete:
                Execute(new ThreadCommand.DeleteRun(delete.RunId), new ThreadAnswer.Gone());
                break;
            case StopRuns stop:
                Execute(
                    new ThreadCommand.CancelRuns(stop.Runs, stop.Undo) { AfterTools = stop.AfterTools },
                    new ThreadAnswer.Stopped(
                        stop, ChildOf(stop), EndedWith(stop), UndoneWith(stop), _services.Time.GetTimestamp()));
                break;
            case EditRun edit:
                Execute(new ThreadCommand.EditRun(edit.RunId, edit.Edit), new ThreadAnswer.Read());
                break;
            case ReorderQueue reorder:
                Execute(new ThreadCommand.ReorderQueue(reorder.Runs), new ThreadAnswer.Read());
                break;
            case PromoteRun promote:
                Execute(new ThreadCommand.PromoteRun(promote.RunId, promote.Over), new ThreadAnswer.Read());
                break;
            case SubmitRun { From: { } from }:
                Find(from, asked);
                break;
            case SubmitRun submit:
                Submit(submit, fork: null);
                break;
            case EditState { From: { } from }:
                Find(from, asked);
                break;
            case EditState edit:
                Execute(new ThreadCommand.UpdateState(edit.Edit, From: null), new ThreadAnswer.Read());
                break;
            case ToolWentOn(_, var late):
                _log.Warning("Tool '{0}' of run {1} of thread {2} goes on {3} ms after it was told to end; what it "
                    + "answers is not accepted", late.Tool, late.RunId, _id, (long)late.Overran.TotalMilliseconds);
                Execute(late);
                break;
            case ReadThread:
                Sender.Tell(_ledger.Exists ? new ThreadRead(_ledger) : NotFound());
                break;
            case OpenStream open:
                Open(open.RunId, Sender);
                break;
            case ReadHistory:
                ReadJournal(new JournalQuery.History());
                break;
            case ReadFacts page:
                var upTo = Math.Min(LastSequenceNr, page.After + page.Limit);
                ReadJournal(new JournalQuery.Page(page.After, LastSequenceNr), upTo: upTo);
                break;
            case PruneHistory:
                Execute(new ThreadCommand.PruneHistory(), new ThreadAnswer.Read());
                break;
            case ReadPast { After: { } after }:
                ReadJournal(new JournalQuery.Past(after));
                break;
            case ReadPast:
                Sender.Tell(_ledger.Exists ? new PastRead([], EndedRuns(_ledger), LastSequenceNr) : NotFound());
                break;
            case AwaitNext next:
                TellNext(next, Sender);
                break;
            case CopyThread copy:
                ReadJournal(new JournalQuery.Copy(copy.Copy));
                break;
            default:
                Unhandled(asked);
                break;
        }
    }

    /// <summary>The run at work, if it is one of those to stop, or has been joined by one.</summary>
    private RunChild? ChildOf(StopRuns stop) =>
        _child is { Holder.RunId: var run } && stop.Runs.Any(id =>
            id == run || _ledger.Runs.GetValueOrDefault(id)?.JoinedTo == run) ? _child : null;

    private void Submit(SubmitRun submit, Checkpoint? fork)
    {
        var request = submit.Request with { Fork = fork };
        var command = new ThreadCommand.SubmitRun(request, submit.AssistantMetadata, submit.CreatesThread);
        command = command with
        {
            IfStatus = submit.IfStatus,
            IsUsedUp = submit.OnlyOnce && LastSequenceNr > 0, // The number outlives what was recorded.
        };
        Execute(command, new ThreadAnswer.Accepted(() => AcceptedAs(request)));
    }

    /// <summary>The run that was just accepted, or one that was accepted before and is sent again.</summary>
    private object AcceptedAs(RunRequest request)
    {
        var id = request.Idempotency is { Key: var key } && _ledger.Keys.TryGetValue(key, out var keyed)
            ? keyed.RunId
            : request.RunId;
        if (_accepted?.Run.Id == id)
            return _accepted;
        if (!_ledger.Runs.TryGetValue(id, out var run))
            return new Refused(_ledger.NoRun(id)); // It was accepted once, and undone or deleted since.

        return new RunAccepted(
            run with { Status = RunStatus.Pending, Attempt = 0, Cause = null, UpdatedAt = run.CreatedAt },
            _streams.Find(id)) { IsReplay = true };
    }

    /// <summary>Finds the revision that something is to go on from; it comes back to <see cref="GoOnFrom"/>.</summary>
    private void Find(CheckpointId id, IThreadMessage asked)
    {
        if (_ledger.Position.Head is { } head && head.Id == id)
            GoOnFrom(asked, head);
        else
            ReadJournal(new JournalQuery.Find(id, asked));
    }

    private void GoOnFrom(IThreadMessage asked, Checkpoint? checkpoint)
    {
        if (checkpoint is null)
            Sender.Tell(new Refused(new Refusal.InvalidInput("checkpoint_id", "a checkpoint of this thread")));
        else if (asked is SubmitRun submit)
            Submit(submit, checkpoint);
        else if (asked is EditState edit)
            Execute(new ThreadCommand.UpdateState(edit.Edit, checkpoint), new ThreadAnswer.Read());
    }

    private void Open(RunId run, IActorRef asker)
    {
        if (!_ledger.Exists)
            asker.Tell(NotFound());
        else if (!_ledger.Runs.TryGetValue(run, out var known))
            asker.Tell(new Refused(_ledger.NoRun(run)));
        else if (_streams.Find(run) is { } stream)
            asker.Tell(new StreamOpened(stream, known));
        else
            ReadJournal(new JournalQuery.Stream(run), asker);
    }

    /// <summary>Lets an actor of its own replay the journal up to here and answer.</summary>
    private void ReadJournal(JournalQuery query, IActorRef? asker = null, long? upTo = null)
    {
        asker ??= Sender;
        if (!_ledger.Exists)
            asker.Tell(NotFound());
        else
            Context.ActorOf(JournalReader.Props(_id, upTo ?? LastSequenceNr, query, asker, _services));
    }

    private Refused NotFound() => new(new Refusal.ThreadNotFound(_id));
}
