using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using ActorRuns.Hosting;
using ActorRuns.Journal;
using ActorRuns.Runs;

namespace ActorRuns.Threads;

/// <summary>
/// Replays a thread's journal up to a fact and answers what is not kept in memory. Writes nothing, and stops when it
/// has answered.
/// </summary>
internal sealed class JournalReader : UntypedPersistentActor
{
    private readonly ThreadId _id;
    private readonly long _toSequenceNr;
    private readonly JournalQuery _query;
    private readonly IActorRef _asker;
    private readonly RuntimeServices _services;
    private readonly ThreadStreams _streams;
    private readonly ThreadHistory _history = new();
    private readonly List<NumberedFact> _facts = [];
    private readonly List<JournalEntry> _page = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private ThreadLedger _ledger = ThreadLedger.Empty;
    private bool _isUnreadSnapshot;
    private bool _hasAnswered;

    public JournalReader(ThreadId id, long toSequenceNr, JournalQuery query, IActorRef asker, RuntimeServices services)
    {
        _id = id;
        _toSequenceNr = toSequenceNr;
        _query = query;
        _asker = asker;
        _services = services;
        _streams = new ThreadStreams(id, services);
        _streams.FinishRecovery(); // Every fact is to be told here, of runs that have ended as well.
    }

    public static Props Props(
        ThreadId id, long toSequenceNr, JournalQuery query, IActorRef asker, RuntimeServices services) =>
        Akka.Actor.Props.Create(() => new JournalReader(id, toSequenceNr, query, asker, services));

    public override string PersistenceId => ThreadActor.JournalOf(_id);

    public override Recovery Recovery => _query is JournalQuery.Latest { Whole: false }
        ? new Recovery(SnapshotSelectionCriteria.Latest, _toSequenceNr)
        : new Recovery(SnapshotSelectionCriteria.None, _toSequenceNr);

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case not RecoveryCompleted when _query is JournalQuery.Facts:
                _facts.Add(new NumberedFact(message, LastSequenceNr));
                break;
            case SnapshotOffer { Snapshot: LedgerSnapshot saved }:
                _ledger = saved.Ledger.ApplyAll(saved.Later);
                break;
            case SnapshotOffer:
                _isUnreadSnapshot = true; // The journal says the same.
                break;
            case ThreadEvent or Unreadable when _isUnreadSnapshot:
                break;
            case ThreadEvent fact when _query is JournalQuery.Page(var after, _):
                if (LastSequenceNr > after)
                    _page.Add(new JournalEntry(LastSequenceNr, fact));
                break;
            case ThreadEvent fact:
                Apply(fact);
                break;
            case Unreadable(var manifest, var reason):
                throw new ThreadUnreadableException(_id, LastSequenceNr, manifest, reason);
            case RecoveryCompleted:
                _hasAnswered = true;
                Answer();
                Context.Stop(Self);
                break;
        }
    }

    protected override void OnCommand(object message) => Unhandled(message);

    /// <summary>A thread that stops by a fault takes its readers along: who asked is told, and may ask again.</summary>
    protected override void PostStop()
    {
        if (!_hasAnswered)
            _asker.Tell(ThreadRegion.WordOfLoss(_id, _services));
        base.PostStop();
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        _hasAnswered = true;
        _log.Error(reason, "The journal of thread {0} could not be read back", _id);

        // Without a message it was not a fact that failed, but the journal.
        _asker.Tell(new Status.Failure(
            message is null ? new JournalUnavailableException(_id, sequenceNr: 0, reason) : reason));
    }

    private void Apply(ThreadEvent fact)
    {
        var before = _ledger;
        _ledger = _ledger.Apply(fact);
        if (_query is JournalQuery.Past || (_query is JournalQuery.Stream(var run) && IsTold(run, fact, before)))
            _streams.On(fact, LastSequenceNr, before, _ledger);
        else if (_query is JournalQuery.Stream or JournalQuery.Latest)
            return;
        else
            _history.Add(fact, _ledger);
    }

    /// <summary>True when the stream of a run tells a fact: of itself, or of the run that it has joined.</summary>
    private static bool IsTold(RunId run, ThreadEvent fact, ThreadLedger before) =>
        ThreadStreams.RunOf(fact) is { } of && (of == run || of == before.Runs.GetValueOrDefault(run)?.JoinedTo);

    private void Answer()
    {
        switch (_query)
        {
            case JournalQuery.Facts:
                _asker.Tell(new FactsRead(_facts));
                break;
            case JournalQuery.Latest when _isUnreadSnapshot:
                Context.Parent.Tell(new ReadElsewhere(_id) { Whole = true }, _asker);
                break;
            case JournalQuery.Latest:
                _asker.Tell(_ledger.Exists
                    ? new ThreadRead(_ledger)
                    : new Refused(new Refusal.ThreadNotFound(_id)));
                break;
            case JournalQuery.Page(_, var last):
                _asker.Tell(new FactPage([.. _page], last));
                break;
            case JournalQuery.History:
                _asker.Tell(new HistoryRead(_ledger, [.. _history.Revisions.Reverse()]));
                break;
            case JournalQuery.Stream(var run):
                _asker.Tell(_streams.Find(run) is { } stream && _ledger.Runs.TryGetValue(run, out var known)
                    ? new StreamOpened(stream, known)
                    : new Refused(_ledger.NoRun(run)));
                break;
            case JournalQuery.Past(var after):
                var ended = ThreadActor.EndedRuns(_ledger);
                var frames = _ledger.Begun.Where(ended.Contains).SelectMany(begun => _streams.WholeOf(begun, after));
                _asker.Tell(new PastRead([.. frames], ended, LastSequenceNr));
                break;
            case JournalQuery.Find(var id, var asked):
                Context.Parent.Tell(new CheckpointFound(asked, _history.Find(id)), _asker);
                break;
            case JournalQuery.Copy(var copy):
                var metadata = ThreadIndexEntries.Of(_id, LastSequenceNr, _ledger).Metadata;
                var import = new ImportThread(copy, metadata, ThreadCopy.Of(_history.Revisions));
                Context.ActorSelection(Context.Parent.Path.Parent).Tell(
                    import with { Waits = ThreadCopy.WaitsOf(_ledger.Position) }, _asker);
                break;
        }
    }
}
