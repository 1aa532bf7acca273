using ActorRuns.Graphs;
using ActorRuns.Hosting;
using ActorRuns.Messages;
using ActorRuns.Runs;
using ActorRuns.Streams;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Threads;

/// <summary>
/// The streams of one thread's runs: made when a run is accepted, fed with its facts and tokens, kept for a while when
/// it has ended. Used by the thread's actor alone.
/// </summary>
internal sealed class ThreadStreams(ThreadId threadId, RuntimeServices services)
{
    private readonly Dictionary<RunId, LiveStream> _live = [];

    // In recovery the streams of runs that have ended need not be made: their facts are kept until it is known.
    private Dictionary<RunId, List<Recovered>>? _recovered = [];

    /// <summary>True when no stream is kept.</summary>
    public bool IsEmpty => _live.Count is 0;

    /// <summary>The stream of a run, or null when it is not kept any more.</summary>
    public IRunStream? Find(RunId run) => _live.GetValueOrDefault(run)?.Stream;

    /// <summary>The frames after one of a run that has ended, and the one that tells its end.</summary>
    public IEnumerable<StreamFrame> WholeOf(RunId run, FrameId after) => _live.TryGetValue(run, out var live)
        ? live.Stream.After(after).Concat(live.Stream.End is { } end && end.Id > after ? [end] : [])
        : [];

    /// <summary>Feeds a fact to the stream of its run.</summary>
    /// <returns>The run whose stream has ended with it, if any.</returns>
    public IEnumerable<RunId> On(ThreadEvent fact, long sequenceNr, ThreadLedger before, ThreadLedger after)
    {
        if (fact is ThreadDeleted)
            return CompleteAll(after);
        if (RunOf(fact) is not { } run)
            return [];

        var told = new Recovered(fact, sequenceNr, before, after);
        var joined = before.Runs.GetValueOrDefault(run)?.Joined ?? [];
        if (_recovered is not null)
        {
            Keep(run, told);
            foreach (var part in joined)
                Keep(part, told);
            return [];
        }

        foreach (var part in joined)
            Feed(part, told);
        return Feed(run, told) ? [run] : [];
    }

    /// <summary>Begins a recovery with a thread at rest: the runs that wait will have streams of their own.</summary>
    public void Restore(ThreadLedger ledger, long sequenceNr)
    {
        foreach (var run in ledger.Unfinished)
            On(new RunCreated(run.Request, run.DueAt) { At = run.CreatedAt }, sequenceNr, ledger, ledger);
    }

    /// <summary>Makes the streams of the runs that have not ended, as if they had been there all the time.</summary>
    public void FinishRecovery()
    {
        var recovered = _recovered ?? [];
        _recovered = null;
        foreach (var (run, facts) in recovered)
        {
            foreach (var fact in facts)
                Feed(run, fact);
        }
    }

    /// <summary>Tells the readers of a run a token, and those of the runs that joined it.</summary>
    public void Publish(RunLedger run, ChunkStreamed streamed, ThreadPosition position)
    {
        Publish(run.Id, streamed, position);
        foreach (var joined in run.Joined)
            Publish(joined, streamed, position);
    }

    /// <summary>Tells them what a node wrote to the stream itself.</summary>
    public void Publish(RunLedger run, CustomWritten written)
    {
        Publish(run.Id, written);
        foreach (var joined in run.Joined)
            Publish(joined, written);
    }

    private void Publish(RunId run, ChunkStreamed streamed, ThreadPosition position)
    {
        if (_live.TryGetValue(run, out var live) && position.Head is { } head)
        {
            live.Stream.Append(live.Frames.On(streamed.Chunk, streamed.Node, streamed.Place, head));
            live.Writers[streamed.Chunk.MessageId] = streamed.Node;
        }
    }

    private void Publish(RunId run, CustomWritten written)
    {
        if (_live.TryGetValue(run, out var live))
            live.Stream.Append(live.Frames.On(written.Value, written.Place));
    }

    /// <summary>What a run has streamed so far of messages that are not complete.</summary>
    public IEnumerable<PartialMessage> PartialsOf(RunId run) => _live.TryGetValue(run, out var live)
        ? live.Frames.Unfinished.Select(partial => new PartialMessage(
            live.Writers[partial.MessageId],
            Channels.Messages,
            new Message
            {
                Id = partial.MessageId,
                Type = MessageType.Ai,
                Content = MessageContent.Of(partial.Text),
            }))
        : [];

    /// <summary>How long the stream of a run that has ended is to be kept.</summary>
    public TimeSpan RetentionOf(RunId run) => _live.TryGetValue(run, out var live) && live.Stream.IsRecorded
        ? services.Options.RecordedStreamRetention
        : services.Options.StreamRetention;

    /// <summary>Forgets the stream of a run that has ended; from now on it is read off the journal.</summary>
    public void Drop(RunId run)
    {
        // A run with the id of a deleted one may be at work by now.
        if (_live.TryGetValue(run, out var live) && live.Stream.Outcome.IsCompleted)
            _live.Remove(run);
    }

    /// <summary>Cuts off whoever reads a stream that has not ended: it goes on somewhere else.</summary>
    public void Break()
    {
        foreach (var live in _live.Values)
            live.Stream.Break(threadId);
    }

    /// <summary>Forgets every stream of a thread that cannot be read.</summary>
    public void Clear()
    {
        _recovered = null;
        _live.Clear();
    }

    private RunId[] CompleteAll(ThreadLedger after)
    {
        _recovered?.Clear();
        foreach (var (run, live) in _live)
            live.Stream.Complete(RunOutcome.Of(after, run), end: null);
        _live.Clear();
        return [];
    }

    private void Keep(RunId run, Recovered recovered)
    {
        if (Ends(recovered.Fact, run))
            _recovered!.Remove(run); // Not null in recovery, as the caller has seen.
        else if (_recovered!.TryGetValue(run, out var facts)) // As above.
            facts.Add(recovered);
        else
            _recovered[run] = [recovered];
    }

    /// <summary>True when the stream has ended with the fact.</summary>
    private bool Feed(RunId run, Recovered recovered)
    {
        var (fact, sequenceNr, before, after) = recovered;
        if (fact is RunCreated created && created.Request.RunId == run)
            _live[run] = new LiveStream(threadId, created.Request, services);
        if (!_live.TryGetValue(run, out var live))
            return false;
        if (fact is RunEdited edited && edited.Request.RunId == run)
            live.Frames = new RunFrames(threadId, edited.Request); // It has not begun, so there were none yet.

        live.Stream.Append(live.Frames.On(fact, sequenceNr, before, after));
        if (!Ends(fact, run))
            return false;

        live.Stream.Complete(RunOutcome.Of(after, run), live.Frames.End);
        return true;
    }

    /// <summary>True when a run ends with a fact, and not only the one that it has joined.</summary>
    private static bool Ends(ThreadEvent fact, RunId run) => RunOf(fact) == run && fact
        is RunSucceeded or RunFailed or RunTimedOut or RunInterrupted or RunPaused or RunRolledBack or JoinedRunEnded;

    internal static RunId? RunOf(ThreadEvent fact) => fact switch
    {
        RunCreated e => e.Request.RunId,
        RunEdited e => e.Request.RunId,
        RunPromoted e => e.RunId,
        RunJoined e => e.RunId,
        JoinedRunEnded e => e.RunId,
        RunRequeued e => e.RunId,
        RunStarted e => e.RunId,
        InterruptsAnswered e => e.RunId,
        MessageAppended e => e.RunId,
        MessageRemoved e => e.RunId,
        ChannelWritten e => e.RunId,
        ChannelAppended e => e.RunId,
        ChannelReduced e => e.RunId,
        ToolCallStarted e => e.RunId,
        ToolCallFinished e => e.RunId,
        NodeFinished e => e.RunId,
        ToolOverran e => e.RunId,
        SubgraphStepped e => e.RunId,
        SubgraphWrote e => e.RunId,
        StepCommitted e => e.RunId,
        RunPaused e => e.RunId,
        RunSucceeded e => e.RunId,
        RunFailed e => e.RunId,
        RunTimedOut e => e.RunId,
        RunInterrupted e => e.RunId,
        RunRolledBack e => e.RunId,
        RunDeleted e => e.RunId,
        RunHandedOver e => e.RunId,
        RunStopAsked e => e.RunId,
        UndoBegun e => e.RunId,
        UndoEnded e => e.RunId,
        WebhookDelivered e => e.RunId,
        WebhookGivenUp e => e.RunId,
        _ => null,
    };

    private sealed record Recovered(ThreadEvent Fact, long SequenceNr, ThreadLedger Before, ThreadLedger After);

    private sealed class LiveStream(ThreadId threadId, RunRequest request, RuntimeServices services)
    {
        public RunFrames Frames { get; set; } = new(threadId, request);

        public RunStream Stream { get; } = new(services.Options.StreamMaxFrames, services.Meter);

        public Dictionary<string, string> Writers { get; } = new(StringComparer.Ordinal);
    }
}
