using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using ActorRuns.Assistants;
using ActorRuns.Graphs;
using ActorRuns.Journal;
using ActorRuns.Json;
using ActorRuns.Messages;
using ActorRuns.Runs;
using ActorRuns.Threads;
using ActorRuns.Undos;
using Xunit;
using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Tests.Journal;

/// <summary>
/// The stored form of every kind of fact, pinned by a file: what a release has written, every later build reads alike.
/// </summary>
public sealed class ThreadEventSerializerSpec
{
    private static readonly DateTimeOffset At = new(2026, 11, 22, 7, 42, 32, 184, TimeSpan.Zero);
    private static readonly RunId Run = new(Guid.Parse("01a20236-128a-7760-9c43-736622dfede1"));
    private static readonly RunId Other = new(Guid.Parse("01a20236-128b-7760-9c43-736622dfede1"));

    private static readonly ImmutableSortedDictionary<string, JsonElement> Map =
        ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal).Add("user", Json("\"u1\""));

    private static readonly RunRequest Plain = new()
    {
        RunId = Run,
        AssistantId = new AssistantId(Guid.Parse("fe096781-5601-53d2-b2f6-0d3403f7e9ca")),
        GraphId = new GraphId("agent"),
        Input = Json("""{"messages":[{"role":"human","content":"hi"}]}"""),
    };

    private static readonly RunRequest Full = Plain with
    {
        Strategy = MultitaskStrategy.Interrupt,
        Input = default,
        Command = new GraphCommand(Json("\"yes\""), Json("""{"count":1}"""), ["agent"]),
        Config = Json("""{"configurable":{"k":1}}"""),
        Context = Json("""{"c":1}"""),
        Metadata = Map,
        StreamModes = StreamModes.Values | StreamModes.MessagesTuple,
        StreamSubgraphs = true,
        StreamResumable = true,
        InterruptBefore = ["*"],
        InterruptAfter = ["tools"],
        Delay = TimeSpan.FromSeconds(1.5),
    };

    private static readonly ImmutableSortedDictionary<string, JsonElement> Sent =
        NextTasks.Of([], [new Send("work", Json("1")), new Send("work", Json("""{"part":"b"}"""))]).Inputs;

    private static readonly Message Answer = new()
    {
        Id = "m1",
        Type = MessageType.Ai,
        Content = MessageContent.Of("Grüße \"<b>\""),
        ToolCalls = [new ToolCall("c1", "search", Json("""{"q":1}"""))],
        Extra = Map,
    };

    private static readonly Message Result = new()
    {
        Id = "m2",
        Type = MessageType.Tool,
        ToolCallId = "c1",
        Name = "search",
        Status = ToolStatus.Error,
        Content = MessageContent.Of(Json("""[{"type":"text","text":"no"}]""")),
    };

    private static readonly Checkpoint Revision = new(
        new CheckpointId(Guid.Parse("1f1e6484-6c70-6d40-8003-8d74fa72113c")),
        new CheckpointId(Guid.Parse("1f1e6484-6c70-6d40-8002-8d74fa72113c")),
        3,
        CheckpointSource.Loop,
        ["tools"],
        Run,
        At,
        ChannelValues.Empty.WithMessage("messages", Answer).WithValue("count", Json("1")),
        ["agent"]);

    private static readonly ImmutableSortedDictionary<string, int> Losses =
        ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal).Add("c1", 2);

    public static TheoryData<string> Names => [.. Facts.Keys];

    private static Dictionary<string, ThreadEvent> Facts => new(StringComparer.Ordinal)
    {
        ["thread-created"] = new ThreadCreated(Map),
        ["thread-patched"] = new ThreadPatched(Map),
        ["run-created"] = new RunCreated(Plain, At),
        ["run-created-full"] = new RunCreated(Full, At.AddSeconds(1.5)),
        ["run-created-fork"] = new RunCreated(Plain with { Fork = Revision }, At),
        ["run-created-keyed"] = new RunCreated(Plain with { Idempotency = new Idempotency("order-7", "e3b0c442") }, At),
        ["run-created-stateless"] = new RunCreated(Plain with { IsStateless = true }, At),
        ["run-created-webhook"] = new RunCreated(
            Plain with { Webhook = new Uri("https://a.example/hook?key=1"), FeedbackKeys = ["thumbs"] }, At),
        ["run-deleted"] = new RunDeleted(Run),
        ["thread-deleted"] = new ThreadDeleted(),
        ["state-updated"] = new StateUpdated(
            Revision.Id,
            4,
            CheckpointSource.Update,
            "agent",
            [
                new ChannelWrite.AppendMessage("messages", Answer),
                new ChannelWrite.RemoveMessage("messages", "m0"),
                new ChannelWrite.SetValue("count", Json("42")),
            ],
            ["tools"],
            From: null,
            Origin: null),
        ["state-updated-copy"] = new StateUpdated(
            Revision.Id, 4, CheckpointSource.Loop, "agent", [], [], From: Revision, Origin: Run),
        ["run-edited"] = new RunEdited(Plain with { Delay = TimeSpan.FromSeconds(1.5) }, At.AddSeconds(1.5)),
        ["run-promoted"] = new RunPromoted(Run),
        ["run-created-steers"] = new RunCreated(
            Plain with { Steers = true, StrategyFrom = StrategySource.Assistant }, At),
        ["run-created-steers-now"] = new RunCreated(Plain with { Steers = true, SkipsTools = true }, At),
        ["run-created-after-tools"] = new RunCreated(
            Plain with { Strategy = MultitaskStrategy.Interrupt, AfterTools = true }, At),
        ["run-created-gathers"] = new RunCreated(
            Plain with { Debounce = new Debounce(TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(10)) }, At),
        ["run-joined"] = new RunJoined(Run, Other),
        ["run-joined-gathered"] = new RunJoined(Run, Other) { DueAt = At.AddSeconds(1.5) },
        ["joined-run-ended"] = new JoinedRunEnded(Run, Other, RunStatus.Interrupted),
        ["run-requeued"] = new RunRequeued(Run),
        ["queue-reordered"] = new QueueReordered([Other, Run]),
        ["run-started"] = new RunStarted(Run, 2),
        ["run-handed-over"] = new RunHandedOver(Run),
        ["run-stop-asked"] = new RunStopAsked(Run, new RunCause.Superseded(Other)),
        ["run-started-deadline"] = new RunStarted(Run, 1) { Deadline = At.AddHours(1) },
        ["run-timed-out"] = new RunTimedOut(
            Run, TimeSpan.FromSeconds(1.5), new NodeFailure(null, "TimeoutError", "too slow")),
        ["interrupts-answered"] = new InterruptsAnswered(Run, Map),
        ["message-appended"] = new MessageAppended(Run, "agent", "messages", Answer),
        ["message-removed"] = new MessageRemoved(Run, "agent", "messages", "m1"),
        ["channel-written"] = new ChannelWritten(Run, "echo", "count", Json("42")),
        ["channel-appended"] = new ChannelAppended(Run, "echo", "parts", [Json("42"), Json("""{"a":1}""")]),
        ["channel-reduced"] = new ChannelReduced(Run, "echo", "sum", Json("2"), Json("42")),
        ["node-finished-channels"] = new NodeFinished(
            Run,
            "left",
            [
                new ChannelWrite.AppendItems("parts", [Json("42")]),
                new ChannelWrite.ReduceValue("sum", Json("2"), Json("42")),
            ]),
        ["tool-call-started"] = new ToolCallStarted(Run, "c1"),
        ["tool-call-finished"] = new ToolCallFinished(Run, "tools", "messages", Result),
        ["tool-call-finished-skipped"] = new ToolCallFinished(Run, "tools", "messages", Result) { IsSkipped = true },
        ["node-finished"] = new NodeFinished(
            Run,
            "left",
            [new ChannelWrite.AppendMessage("messages", Answer), new ChannelWrite.SetValue("count", Json("42"))]),
        ["tool-overran"] = new ToolOverran(Run, "c1", "search", TimeSpan.FromSeconds(7.5)),
        ["position-copied"] = new PositionCopied(
            Revision.Id,
            [new PendingInterrupt("q1", "ask", Json("""{"question":"Proceed?"}"""))],
            Map,
            [new NodeWrites("left", [new ChannelWrite.SetValue("count", Json("42"))])],
            Losses),
        ["position-copied-subgraph"] = new PositionCopied(Revision.Id, [], Map, [], Losses)
        {
            Subgraphs = ImmutableSortedDictionary.Create<string, SubgraphPosition>(StringComparer.Ordinal).Add(
                "child:1",
                new SubgraphPosition(Revision.Id, 1, At, ["inner"], ["ask"])
                {
                    Parent = Revision.Parent,
                    Writes = [new ChannelWrite.SetValue("count", Json("42"))],
                    Finished = [new NodeWrites("other", [])],
                }),
        },
        ["subgraph-stepped"] = new SubgraphStepped(
            Run,
            "child:1|inner:2",
            Revision.Id,
            [new NodeWrites("inner", [new ChannelWrite.SetValue("count", Json("42"))])],
            ["ask"]),
        ["subgraph-wrote"] = new SubgraphWrote(
            Run,
            "child:1",
            new NodeWrites("tools", [new ChannelWrite.AppendMessage("messages", Result)]),
            IsDone: false),
        ["subgraph-wrote-done"] = new SubgraphWrote(Run, "child:1", new NodeWrites("inner", []), IsDone: true),
        ["step-committed"] = new StepCommitted(
            Run,
            new CheckpointId(Guid.Parse("1f1e6484-6c70-6d40-8003-8d74fa72113c")),
            3,
            CheckpointSource.Loop,
            ["agent"],
            ["tools"]),
        ["step-committed-sent"] = new StepCommitted(
            Run, Revision.Id, 3, CheckpointSource.Loop, ["agent"], ["work:0", "work:1"]) { Inputs = Sent },
        ["state-updated-sent"] = new StateUpdated(
            Revision.Id, 4, CheckpointSource.Update, "agent", [], ["work:0", "work:1"], From: null, Origin: null)
        {
            Inputs = Sent,
        },
        ["subgraph-stepped-sent"] = new SubgraphStepped(Run, "child:1", Revision.Id, [], ["work:0", "work:1"])
        {
            Inputs = Sent,
        },
        ["run-created-sends"] = new RunCreated(
            Plain with
            {
                Input = default,
                Command = new GraphCommand(default, default, ["agent"]) { Sends = [new Send("work", Json("1"))] },
            },
            At),
        ["run-created-fork-started"] = new RunCreated(
            Plain with { Fork = Revision with { Values = Revision.Values.WithStarted("c1") } }, At),
        ["run-created-fork-sent"] = new RunCreated(
            Plain with { Fork = Revision with { Next = ["work:0", "work:1"], Inputs = Sent } }, At),
        ["run-paused"] = new RunPaused(Run, [new PendingInterrupt("q1", "ask", Json("""{"question":"Proceed?"}"""))]),
        ["run-succeeded"] = new RunSucceeded(Run),
        ["run-failed"] = new RunFailed(
            Run,
            new NodeFailure("agent", "TimeoutException", "too slow"),
            new RunCause.Failed("TimeoutException", "too slow")),
        ["run-failed-lost"] = new RunFailed(
            Run, new NodeFailure(null, "WorkerLost", "lost"), new RunCause.WorkerLost(3)),
        ["run-interrupted"] = new RunInterrupted(Run, new RunCause.Superseded(Other)),
        ["run-interrupted-cancelled"] = new RunInterrupted(Run, new RunCause.Cancelled()),
        ["run-rolled-back-undo"] = new RunRolledBack(Run)
        {
            By = Other,
            Undo = [new RanCall(Revision.Id, "tools", Answer.ToolCalls[0], Result)],
        },
        ["undo-begun"] = new UndoBegun(Run, "c1"),
        ["undo-ended"] = new UndoEnded(Run, "c1", null),
        ["undo-ended-failed"] = new UndoEnded(Run, "c1", "no way back"),
        ["run-rolled-back"] = new RunRolledBack(Run),
        ["history-pruned"] = new HistoryPruned(),
        ["webhook-delivered"] = new WebhookDelivered(Run, 2),
        ["webhook-given-up"] = new WebhookGivenUp(Run, 8, "It answered 500."),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_fact_is_stored_as_its_file_says(string name)
    {
        var fact = Facts[name] with { At = At };

        Assert.Equal(Golden(name), $"{ThreadEventJson.ManifestOf(fact)} {Stored(fact)}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_stored_is_read_back_to_the_same(string name)
    {
        var golden = Golden(name);
        var manifest = golden[..golden.IndexOf(' ', StringComparison.Ordinal)];

        var fact = ThreadEventJson.Read(manifest, Json(golden[manifest.Length..]));

        Assert.Equal(golden[(manifest.Length + 1)..], Stored(fact));
    }

    [Fact]
    public void Every_kind_of_fact_has_its_file()
    {
        var kinds = typeof(ThreadEvent).GetNestedTypes(BindingFlags.Public).Where(type => type.IsSealed);

        Assert.Empty(kinds.Except(Facts.Values.Select(fact => fact.GetType())));
    }

    [Fact]
    public void A_kind_that_is_not_known_is_refused_by_name()
    {
        var refused = Assert.Throws<JsonException>(() => ThreadEventJson.Read("run-promoted/1", Json("{}")));

        Assert.Contains("'run-promoted/1'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_that_is_missing_is_named_with_its_kind()
    {
        var refused = Assert.Throws<JsonException>(() =>
            ThreadEventJson.Read("run-started/1", Json($$"""{"run_id":"{{Run}}"}""")));

        Assert.Contains("'run-started/1'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("'attempt'", refused.Message, StringComparison.Ordinal);
    }

    private static string Stored(ThreadEvent fact) =>
        System.Text.Encoding.UTF8.GetString(StateJson.Write(writer => ThreadEventJson.Write(writer, fact)));

    // Beside the tests, not where they were compiled: a deterministic build does not know that place.
    private static string Golden(string name) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Journal", "facts", $"{name}.txt")).TrimEnd('\n');

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
