using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Runs;
using ActorRuns.Undos;
using ActorRuns.Webhooks;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Threads;

/// <summary>
/// What the journal of one thread adds up to. <see cref="Apply"/> is the only way it changes, live and in recovery.
/// </summary>
public sealed partial record ThreadLedger
{
    /// <summary>A thread of which nothing is recorded.</summary>
    public static ThreadLedger Empty { get; } = new();

    /// <summary>True once the thread was created.</summary>
    public bool Exists { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When anything of it last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What its creator wants to find it by.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Metadata { get; init; } =
        ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal);

    /// <summary>The runs that readers can see, by id.</summary>
    public RunTable Runs { get; init; } = RunTable.Empty;

    /// <summary>The runs that readers can see, oldest first.</summary>
    public ImmutableList<RunId> Order { get; init; } = [];

    /// <summary>The runs that wait for their turn, the one that is next first.</summary>
    public ImmutableList<RunId> Queue { get; init; } = [];

    /// <summary>
    /// The runs that have begun, in the order in which they did; what joined another is told with that.
    /// </summary>
    public ImmutableList<RunId> Begun { get; init; } = [];

    /// <summary>The runs that have not ended, in the order in which they were submitted.</summary>
    public IEnumerable<RunLedger> Unfinished =>
        Runs.Near.Where(run => !run.IsTerminal).OrderBy(run => run.CreatedAt).ThenBy(run => run.Id.Value);

    /// <summary>The run attempt that has the thread; null when none has.</summary>
    public Holder? Holder { get; init; }

    /// <summary>The attempts of the holder's run that were handed over to another member, and not lost.</summary>
    public ImmutableList<int> HandedOver { get; init; } = [];

    /// <summary>The runs that were undone or deleted: no reader sees them, and their ids are used up.</summary>
    public ImmutableHashSet<RunId> Undone { get; init; } = [];

    /// <summary>The runs that were rolled back, and by whom, in that order.</summary>
    public ImmutableList<RolledBackRun> RolledBack { get; init; } = [];

    /// <summary>The runs that were asked for under a key, those that are gone too: a key is used once.</summary>
    public ImmutableDictionary<string, KeyedRun> Keys { get; init; } =
        ImmutableDictionary.Create<string, KeyedRun>(StringComparer.Ordinal);

    /// <summary>The webhooks that are still to be told of the ends of their runs, by run.</summary>
    public ImmutableDictionary<RunId, OwedWebhook> OwedWebhooks { get; init; } =
        ImmutableDictionary<RunId, OwedWebhook>.Empty;

    /// <summary>The revision that was made last, whatever became of it: the next one's id sorts after it.</summary>
    public CheckpointId? Newest { get; init; }

    /// <summary>True when the thread was made for one run alone, and is deleted with its end.</summary>
    public bool IsStateless { get; init; }

    /// <summary>The graph of the run that was deleted last; null when none was.</summary>
    public GraphId? DeletedGraph { get; init; }

    /// <summary>The last request of the runs that readers can see; it says which graph the state belongs to.</summary>
    public RunRequest? LastRequest => Order.IsEmpty ? null : Runs[Order[^1]].Request;

    /// <summary>The graph that the state belongs to: the last run's, or the one that the thread was created for.</summary>
    public GraphId? Graph => LastRequest?.GraphId
        ?? DeletedGraph // What it wrote is still there.
        ?? (Metadata.TryGetValue("graph_id", out var named) && named.ValueKind is JsonValueKind.String
            ? new GraphId(named.GetString()!) // A JSON string is never null.
            : null);

    /// <summary>How the last run ended that had the thread; null before the first did.</summary>
    public RunStatus? LastEnding { get; init; }

    /// <summary>Where the thread stands, as of the last complete step.</summary>
    public ThreadPosition Position { get; init; } = ThreadPosition.Origin;

    /// <summary>The values with what the step under way has written already.</summary>
    public ChannelValues Working { get; init; } = ChannelValues.Empty;

    /// <summary>Where the thread stood before the holder's run began; null without a holder.</summary>
    public ThreadPosition? BeforeHolder { get; init; }

    /// <summary>Why the holder's run is to stop when its tools have ended; null when it is not.</summary>
    public RunCause? StopAsked { get; init; }

    /// <summary>The tool calls that the holder's run made, in order.</summary>
    public ImmutableList<RanCall> Ran { get; init; } = [];

    /// <summary>The tool calls that are to be undone, one after another, before the next run starts.</summary>
    public ImmutableList<OwedUndo> OwedUndos { get; init; } = [];

    /// <summary>What came of the last ones that were to be undone, oldest first.</summary>
    public ImmutableList<UndoReport> Undos { get; init; } = [];

    /// <summary>What the thread is at: a pure function of its runs.</summary>
    public ThreadStatus Status =>
        Holder is not null || !Queue.IsEmpty || !OwedUndos.IsEmpty ? ThreadStatus.Busy
        : Position.Paused ? ThreadStatus.Interrupted
        : LastEnding is RunStatus.Error or RunStatus.Timeout ? ThreadStatus.Error
        : ThreadStatus.Idle;

    /// <summary>When the holder's time is up; null without a holder, or when it has no limit.</summary>
    public DateTimeOffset? Deadline => Holder is { } holder ? Runs[holder.RunId].Deadline : null;

    /// <summary>When the thread next has something to do without anyone asking; null when never.</summary>
    public DateTimeOffset? WakeAt =>
        Holder is not null || !OwedWebhooks.IsEmpty || !OwedUndos.IsEmpty ? UpdatedAt : DueAt;

    /// <summary>When the next run is due on a thread that is free; null when none is, or it is not free.</summary>
    public DateTimeOffset? DueAt => Holder is not null || Queue.IsEmpty || !OwedUndos.IsEmpty
        ? null
        : Queue.Min(run => Runs[run].DueAt);

    /// <summary>Says that no reader can see a run, and why if that is known.</summary>
    public Refusal.RunNotFound NoRun(RunId run) =>
        new(run) { RolledBack = RolledBack.FindLast(gone => gone.RunId == run) };

    /// <summary>Folds one fact into the ledger.</summary>
    /// <exception cref="UnreachableException">The kind of event is not known to this build.</exception>
    public ThreadLedger Apply(ThreadEvent fact) => UndoFold.Fold(
        this, fact, OwedWebhook.Fold(this, fact, Fold(fact))) with
    {
        UpdatedAt = fact.At > UpdatedAt ? fact.At : UpdatedAt, // A copy begins with revisions older than itself.
    };

    /// <summary>Folds facts into the ledger, in order.</summary>
    public ThreadLedger ApplyAll(IEnumerable<ThreadEvent> facts) =>
        facts.Aggregate(this, (ledger, fact) => ledger.Apply(fact));

    private ThreadLedger Fold(ThreadEvent fact) => fact switch
    {
        ThreadCreated e => this with { Exists = true, CreatedAt = e.At, Metadata = e.Metadata },
        ThreadPatched e => this with { Metadata = Metadata.SetItems(e.Metadata) },
        RunCreated e => Accepted(e),
        RunEdited e => Edited(e),
        RunPromoted e => Promoted(e),
        QueueReordered e => this with { Queue = [.. e.Runs] },
        RunJoined e => Joined(e),
        JoinedRunEnded e => Ended(e.RunId, e.Status, new RunCause.Joined(e.Into), e.At),
        RunRequeued e => Requeued(e),
        RunStarted e => Started(e),
        RunHandedOver => this with { HandedOver = HandedOver.Add(Holder!.Attempt) }, // Only a holder is handed over.
        InterruptsAnswered e => this with { Position = Answered(e) },
        MessageAppended e => this with { Working = Working.WithMessage(e.Channel, e.Message) },
        MessageRemoved e => this with { Working = Working.WithoutMessage(e.Channel, e.MessageId) },
        ChannelWritten e => this with { Working = Working.WithValue(e.Channel, e.Value) },
        ChannelAppended e => this with { Working = Working.WithItems(e.Channel, e.Items) },
        ChannelReduced e => this with { Working = Working.WithValue(e.Channel, e.Value) },
        ToolCallStarted e => this with { Working = Working.WithStarted(e.CallId) },
        ToolCallFinished e => this with { Working = Working.WithResult(e.Channel, e.Message) },
        NodeFinished e => this with
        {
            Position = Position with { Finished = Position.Finished.Add(new NodeWrites(e.Node, e.Writes)) },
        },
        SubgraphStepped e => Stepped(e),
        SubgraphWrote e => this with
        {
            Position = Position with
            {
                Subgraphs = Position.Subgraphs.SetItem(
                    e.Namespace, Position.Subgraphs[e.Namespace].With(e.Ran, e.IsDone)),
            },
        },
        StepCommitted e => Committed(e),
        RunPaused e => Ended(e.RunId, RunStatus.Success, new RunCause.AskedHuman(), e.At) with
        {
            Position = Position with { Paused = true, Interrupts = [.. e.Interrupts] },
        },
        RunSucceeded e => Ended(e.RunId, RunStatus.Success, new RunCause.Finished(), e.At),
        RunFailed e => Ended(e.RunId, RunStatus.Error, e.Cause, e.At) with
        {
            Position = Unasked with { Failure = e.Failure },
        },
        RunTimedOut e => Ended(e.RunId, RunStatus.Timeout, new RunCause.TimedOut(e.Limit), e.At) with
        {
            Position = Unasked with { Failure = e.Failure },
        },
        RunStopAsked e => this with { StopAsked = e.Cause },
        RunInterrupted e when Holder?.RunId == e.RunId => Ended(e.RunId, RunStatus.Interrupted, e.Cause, e.At) with
        {
            Position = Unasked,
        },
        RunInterrupted e => Ended(e.RunId, RunStatus.Interrupted, e.Cause, e.At),
        RunRolledBack e => Without(e),
        RunDeleted e => WithoutRun(e.RunId) with { DeletedGraph = Runs[e.RunId].Request.GraphId },
        StateUpdated e => Updated(e),
        PositionCopied e => this with { Position = Copied(e) },
        ToolOverran e => Overran(e),
        UndoBegun or UndoEnded => this,
        HistoryPruned or WebhookDelivered or WebhookGivenUp => this,
        ThreadDeleted => Empty,
        _ => throw new UnreachableException($"No rule applies {fact.GetType().Name}."),
    };

    /// <summary>
    /// The position when a run was stopped on its way: what was asked before it is asked anew when its node is executed
    /// again, so a stopped run is never mistaken for one that waits.
    /// </summary>
    private ThreadPosition Unasked => Position.WithLoss(Working.OpenCalls) with { Paused = false, Interrupts = [] };

    private ThreadLedger Accepted(RunCreated fact)
    {
        var run = new RunLedger(fact.Request, RunStatus.Pending, 0, fact.At, fact.DueAt, fact.At, null, []);
        return this with
        {
            Runs = Runs.Add(run.Id, run),
            Order = Order.Add(run.Id),
            Queue = Queue.Add(run.Id),
            IsStateless = fact.Request.IsStateless,
            Keys = fact.Request.Idempotency is var (key, fingerprint)
                ? Keys.SetItem(key, new KeyedRun(run.Id, fingerprint))
                : Keys,
        };
    }

    /// <summary>The ledger as if the thread stood at an older revision.</summary>
    private ThreadLedger At(Checkpoint checkpoint) => this with
    {
        Position = ThreadPosition.Origin with { Head = checkpoint, StepFrom = checkpoint.Id },
        Working = checkpoint.Values,
    };

    private ThreadLedger Updated(StateUpdated fact)
    {
        var from = fact.From is { } older ? At(older) : this;
        var values = fact.Writes.Aggregate(from.Working, (state, write) => state.With(write));
        var checkpoint = new Checkpoint(
            fact.Checkpoint,
            from.Position.Head?.Id,
            fact.Step,
            fact.Source,
            fact.Next,
            fact.Origin,
            fact.At,
            values,
            fact.AsNode is StateEdit.Input ? from.Position.Head?.Ran ?? [] : [fact.AsNode])
        {
            Inputs = fact.Inputs,
        };

        // The nodes that were asked about have not run, so that what was asked can still be answered.
        var stays = fact.From is null
            && IsChangeOnTheWay(fact.Source, checkpoint.Tasks)
            && !Position.Next.Any(task => NextTasks.NodeOf(task) == fact.AsNode);
        var edited = stays
            ? this with { Position = Position with { Head = checkpoint }, Working = values }
            : At(checkpoint);
        return edited with { Newest = fact.Checkpoint };
    }

    /// <summary>A change from outside answers and repairs nothing, unless it sends the thread elsewhere.</summary>
    private bool IsChangeOnTheWay(CheckpointSource source, NextTasks next) =>
        source is CheckpointSource.Update && next.IsSame(Position.Tasks);

    private ThreadPosition Answered(InterruptsAnswered fact) => Position with
    {
        Paused = false,
        Interrupts = Position.Interrupts.RemoveAll(interrupt => fact.Answers.ContainsKey(interrupt.Id)),
        Answers = Position.Answers.SetItems(fact.Answers),
    };

    private ThreadPosition Copied(PositionCopied fact) => Position with
    {
        StepFrom = fact.StepFrom,
        Paused = true,
        Interrupts = [.. fact.Interrupts],
        Answers = fact.Answers,
        Finished = [.. fact.Finished],
        Lost = fact.Lost,
        Subgraphs = fact.Subgraphs,
    };

    private ThreadLedger Stepped(SubgraphStepped fact)
    {
        var inner = SubgraphPosition.After(
            Position.Subgraphs.GetValueOrDefault(fact.Namespace), fact.Checkpoint, fact.At, fact.Ran,
            new NextTasks(fact.Next, fact.Inputs));

        // What was further in belongs to the step that is complete now.
        var within = fact.Namespace + SubgraphPosition.Separator;
        var others = Position.Subgraphs.RemoveRange(
            Position.Subgraphs.Keys.Where(name => name.StartsWith(within, StringComparison.Ordinal)));
        return this with
        {
            Position = Position with { Subgraphs = others.SetItem(fact.Namespace, inner) },
            Newest = fact.Checkpoint,
        };
    }

    private ThreadLedger Overran(ToolOverran fact)
    {
        var run = Runs[fact.RunId];
        var tools = run.OverranTools.Contains(fact.Tool) ? run.OverranTools : run.OverranTools.Add(fact.Tool);
        run = run with { Overran = fact.Overran > run.Overran ? fact.Overran : run.Overran, OverranTools = tools };
        return this with { Runs = Runs.SetItem(run.Id, run) };
    }

    private ThreadLedger Committed(StepCommitted fact)
    {
        var checkpoint = new Checkpoint(
            fact.Checkpoint,
            Position.Head?.Id,
            fact.Step,
            fact.Source,
            fact.Next,
            fact.RunId,
            fact.At,
            Working,
            fact.Ran.IsEmpty ? Position.Head?.Ran ?? [] : fact.Ran)
        {
            Inputs = fact.Inputs,
        };

        var position = IsChangeOnTheWay(fact.Source, checkpoint.Tasks)
            ? Position
            : ThreadPosition.Origin with { StepFrom = fact.Checkpoint };
        return this with { Position = position with { Head = checkpoint }, Newest = fact.Checkpoint };
    }

    private ThreadLedger Ended(RunId id, RunStatus status, RunCause cause, DateTimeOffset at)
    {
        // Who leaves before the end of what it joined is not part of it any more.
        var ledger = cause is RunCause.Joined ? this : Parted(id);
        ledger = ledger with
        {
            Runs = ledger.Runs.SetItem(id, ledger.Runs[id] with { Status = status, Cause = cause, UpdatedAt = at }),
            Queue = Queue.Remove(id),
        };
        if (cause is RunCause.Superseded(var by) && Runs.TryGetValue(by, out var winner))
        {
            winner = winner with { Supersedes = winner.Supersedes.Add(id) };
            ledger = ledger with { Runs = ledger.Runs.SetItem(by, winner) };
        }

        return Holder?.RunId == id
            ? ledger with
            {
                Holder = null,
                BeforeHolder = null,
                HandedOver = [],
                StopAsked = null,
                LastEnding = status,
                Working = Position.Values,
            }
            : ledger;
    }

    private ThreadLedger WithoutRun(RunId id) => this with
    {
        Runs = Parted(id).Runs.Remove(id),
        Order = Order.RemoveAt(Order.LastIndexOf(id)),
        Begun = Begun.LastIndexOf(id) is var begun and >= 0 ? Begun.RemoveAt(begun) : Begun,
        Queue = Queue.Remove(id),
        Undone = Undone.Add(id),
    };

    private ThreadLedger Without(RunRolledBack fact)
    {
        var id = fact.RunId;
        var ledger = WithoutRun(id) with { RolledBack = RolledBack.Add(new RolledBackRun(id, fact.By, fact.At)) };
        if (Holder?.RunId != id)
            return ledger;

        var before = BeforeHolder ?? throw new UnreachableException("A holder began somewhere.");
        return ledger with
        {
            Holder = null,
            BeforeHolder = null,
            HandedOver = [],
            StopAsked = null,
            Position = before,
            Working = before.Values,
        };
    }
}
