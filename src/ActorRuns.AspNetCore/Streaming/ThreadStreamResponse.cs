using System.Collections.Immutable;
using ActorRuns.AspNetCore.Wire;
using ActorRuns.Runs;
using ActorRuns.Streams;
using ActorRuns.Threads;
using Microsoft.AspNetCore.Http;

namespace ActorRuns.AspNetCore.Streaming;

/// <summary>What the stream of a thread tells.</summary>
[Flags]
internal enum ThreadStreamModes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>All events of its runs.</summary>
    RunModes = 1,

    /// <summary>Only that runs begin and end.</summary>
    Lifecycle = 2,

    /// <summary>That the state was changed from outside of any run.</summary>
    StateUpdate = 4,
}

/// <summary>
/// Answers with all that happens on a thread, run after run, until the client hangs up. Each run's events are followed
/// by one that tells its end; all ids are in order, over all runs, so that a reader can read on after any.
/// </summary>
/// <param name="threads">The threads.</param>
/// <param name="answers">What answers are given with that take as long as a run.</param>
internal sealed class ThreadStreamResponse(ThreadGateway threads, LongAnswers answers)
{
    /// <summary>Streams what happens after an event; null for what is at work, and what comes.</summary>
    public async Task StreamAsync(HttpContext context, ThreadId thread, ThreadStreamModes modes, FrameId? after)
    {
        var past = await threads.AskAsync<PastRead>(new ReadPast(thread, after), context.RequestAborted);
        using var answer = new LongAnswer(context, answers);
        await answer.GiveAsync(async cancellationToken =>
        {
            var writer = await answer.BeginStreamAsync($"{context.Request.Path}{context.Request.QueryString}");
            var filtered = new FilteredWriter(writer, modes);
            foreach (var frame in past.Frames)
                filtered.Write(frame);
            await answer.FlushAsync(writer, cancellationToken);
            var last = past.Frames.IsEmpty ? after ?? FrameId.Origin : past.Frames[^1].Id;
            var editsAfter = after?.SequenceNr ?? past.SequenceNr;
            await FollowAsync(answer, filtered, new Followed(thread, past.Ended, last, editsAfter), cancellationToken);
        });
    }

    private async Task FollowAsync(
        LongAnswer answer, FilteredWriter filtered, Followed followed, CancellationToken cancellationToken)
    {
        while (true)
        {
            var editsAfter = Math.Max(followed.EditsAfter, followed.Last.SequenceNr);
            var next = new AwaitNext(followed.Thread, followed.Seen, editsAfter);
            var waiting = threads.AwaitNextAsync(next, cancellationToken);
            while (!await answer.EndsWithinAsync(waiting, cancellationToken))
                await answer.BeatAsync(filtered.Writer, cancellationToken);
            switch (await waiting)
            {
                case StreamOpened(var stream, var run):
                    var last = await CopyAsync(answer, filtered, stream, followed.Last, cancellationToken);
                    followed = followed with { Seen = followed.Seen.Add(run.Id), Last = last };
                    break;
                case StateEdited(var sequenceNr, var ledger):
                    followed = followed with { Last = new FrameId(sequenceNr, 0) };
                    filtered.Write(EditOf(followed, ledger));
                    break;
                case Refused(Refusal.RunNotFound(var gone)):
                    followed = followed with { Seen = followed.Seen.Add(gone) };
                    break;
                case Refused(Refusal.ThreadElsewhere(var moved)):
                    throw new StreamBrokenException(moved);
                default:
                    return; // The thread was deleted: nothing comes any more.
            }

            await answer.FlushAsync(filtered.Writer, cancellationToken);
        }
    }

    private static async Task<FrameId> CopyAsync(
        LongAnswer answer,
        FilteredWriter filtered,
        IRunStream stream,
        FrameId last,
        CancellationToken cancellationToken)
    {
        await using (var frames = stream.ReadAsync(last, cancellationToken).GetAsyncEnumerator(cancellationToken))
        {
            while (await answer.NextAsync(frames, filtered.Writer))
            {
                last = frames.Current.Id;
                filtered.Write(frames.Current);
            }
        }

        if (stream.End is not { } end || end.Id <= last)
            return last;
        filtered.Write(end);
        return end.Id;
    }

    private static StreamFrame EditOf(Followed followed, ThreadLedger ledger) => new(
        followed.Last,
        StreamModes.None,
        FilteredWriter.StateUpdate,
        writer => CheckpointJson.Write(writer, followed.Thread, ledger, ledger.Position.Head!)); // The edit made it.

    /// <summary>How far somebody has followed a thread.</summary>
    /// <param name="Thread">The thread.</param>
    /// <param name="Seen">The runs that are told.</param>
    /// <param name="Last">The last frame that is told.</param>
    /// <param name="EditsAfter">The journal's number after which changes from outside are of interest.</param>
    private sealed record Followed(ThreadId Thread, ImmutableHashSet<RunId> Seen, FrameId Last, long EditsAfter);

    /// <summary>Writes the frames that are of interest.</summary>
    private sealed class FilteredWriter(SseWriter writer, ThreadStreamModes modes)
    {
        public const string StateUpdate = "state_update";

        public SseWriter Writer => writer;

        public void Write(StreamFrame frame)
        {
            var isWanted = frame.Event is StateUpdate
                ? modes.HasFlag(ThreadStreamModes.StateUpdate)
                : modes.HasFlag(ThreadStreamModes.RunModes)
                    || (modes.HasFlag(ThreadStreamModes.Lifecycle) && frame.Event is "metadata");
            if (isWanted)
                writer.Write(frame);
        }
    }
}
