using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using ActorRuns.Assistants;
using ActorRuns.Graphs;
using ActorRuns.Journal;
using ActorRuns.Json;
using ActorRuns.Messages;
using ActorRuns.Runs;
using ActorRuns.Tests.Threads;
using ActorRuns.Threads;
using ActorRuns.Undos;
using ActorRuns.Webhooks;
using Xunit;

namespace ActorRuns.Tests.Journal;

/// <summary>
/// The stored form of a thread as it is saved. A file pins it: when it changes, the manifest must, so that no build
/// takes what another one has saved for something else.
/// </summary>
public sealed class LedgerSnapshotSpec
{
    private static readonly DateTimeOffset At = new(2026, 11, 22, 7, 42, 32, 184, TimeSpan.Zero);
    private static readonly RunId Ended = new(Guid.Parse("01a20236-128a-7760-9c43-736622dfede1"));
    private static readonly RunId Waiting = new(Guid.Parse("01a20236-128b-7760-9c43-736622dfede1"));

    private static readonly ImmutableSortedDictionary<string, JsonElement> Map =
        ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal).Add("user", Json("\"u1\""));

    private static readonly RunRequest Request = new()
    {
        RunId = Ended,
        AssistantId = new AssistantId(Guid.Parse("fe096781-5601-53d2-b2f6-0d3403f7e9ca")),
        GraphId = new GraphId("agent"),
        Input = Json("""{"messages":"hi"}"""),
        Metadata = Map,
        Idempotency = new Idempotency("order-7", "e3b0c442"),
    };

    private static readonly Checkpoint Head = new(
        new CheckpointId(Guid.Parse("1f1e6484-6c70-6d40-8003-8d74fa72113c")),
        Parent: null,
        3,
        CheckpointSource.Loop,
        ["tools"],
        Ended,
        At,
        ChannelValues.Empty
            .WithMessage("messages", new Message
            {
                Id = "m1",
                Type = MessageType.Ai,
                ToolCalls = [new ToolCall("c1", "search", Json("{}")), new ToolCall("c2", "book", Json("{}"))],
            })
            .WithStarted("c2")
            .WithValue("count", Json("1")),
        ["agent"]);

    /// <summary>A thread of which nothing is what it is in a new one, save for what only a run at work has.</summary>
    private static ThreadLedger Full { get; } = ThreadLedger.Empty with
    {
        Exists = true,
        CreatedAt = At,
        UpdatedAt = At.AddSeconds(9),
        Metadata = Map,
        Runs = RunTable.Empty
            .Add(Ended, new RunLedger(
                Request, RunStatus.Success, 2, At, At, At.AddSeconds(8), new RunCause.AskedHuman(), [Waiting])
            {
                Deadline = At.AddHours(1),
                StartedAt = At.AddSeconds(1),
                Webhook = WebhookStatus.GivenUp,
                Overran = TimeSpan.FromMilliseconds(1.5),
                OverranTools = ["search"],
                Joined = [Waiting],
                Undid = [new UndoReport(Waiting, "book", "c7", null)],
            })
            .Add(Waiting, new RunLedger(
                Request with { RunId = Waiting }, RunStatus.Pending, 0, At, At.AddDays(1), At, null, [])
            {
                JoinedTo = Ended,
            }),
        Order = [Ended, Waiting],
        Begun = [Ended],
        Queue = [Waiting],
        Undone = [new RunId(Guid.Parse("01a20236-128c-7760-9c43-736622dfede1"))],
        Keys = ImmutableDictionary.Create<string, KeyedRun>(StringComparer.Ordinal)
            .Add("order-7", new KeyedRun(Ended, "e3b0c442")),
        OwedWebhooks = ImmutableDictionary<RunId, OwedWebhook>.Empty
            .Add(Ended, new OwedWebhook(
                new Uri("https://hook.test/a?b=%20"),
                new RunLedger(Request, RunStatus.Success, 1, At, At, At, new RunCause.Finished(), []),
                Head.Values,
                [new PendingInterrupt("q1", "tools", Json("\"Proceed?\""))]))
            .Add(Waiting, new OwedWebhook(
                new Uri("https://hook.test/b"),
                new RunLedger(Request, RunStatus.Interrupted, 1, At, At, At, new RunCause.Cancelled(), []),
                ChannelValues.Empty.WithValue("count", Json("0")),
                [])),
        Newest = Head.Id,
        IsStateless = true,
        DeletedGraph = new GraphId("older"),
        LastEnding = RunStatus.Success,
        RolledBack =
        [
            new RolledBackRun(new RunId(Guid.Parse("01a20236-128c-7760-9c43-736622dfede1")), Waiting, At),
            new RolledBackRun(new RunId(Guid.Parse("01a20236-128d-7760-9c43-736622dfede1")), null, At),
        ],
        Undos = [new UndoReport(Waiting, "book", "c7", null), new UndoReport(Waiting, "pay", "c6", "no way back")],
        Position = new ThreadPosition(
            Head,
            Paused: true,
            [new PendingInterrupt("q1", "tools", Json("\"Proceed?\""))],
            Map,
            new NodeFailure(null, "TimeoutException", "too slow"))
        {
            StepFrom = Head.Id,
            Lost = ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal).Add("c2", 2),
            Losses = 2,
            Subgraphs = ImmutableSortedDictionary.Create<string, SubgraphPosition>(StringComparer.Ordinal).Add(
                "child:1", new SubgraphPosition(Head.Id, 1, At, ["inner"], ["ask"])),
            Finished = [new NodeWrites("tools", [new ChannelWrite.SetValue("count", Json("2"))])],
        },
        Working = Head.Values,
    };

    [Fact]
    public void A_snapshot_is_stored_as_its_file_says() => Assert.Equal(Golden(), Stored(Full));

    [Fact]
    public void What_is_stored_is_read_back_to_the_same_thread()
    {
        var (read, edited) = LedgerSnapshotJson.Read(Json(Golden()[(LedgerSnapshotJson.Manifest.Length + 1)..]));

        Assert.Equal(7, edited);
        Assert.Equal(Likeness.Of(Full), Likeness.Of(read));
        Assert.Same(read.Position.Values, read.Working);
        Assert.Same(read.Position.Values, read.OwedWebhooks[Ended].Values);
    }

    [Fact]
    public void The_facts_of_a_run_that_has_just_begun_are_stored_with_it()
    {
        ThreadEvent[] facts =
            [new ThreadEvent.RunStarted(Waiting, 1) { At = At }, new ThreadEvent.RunSucceeded(Waiting)];
        var snapshot = new LedgerSnapshot(Full, Edited: 7) { Later = [.. facts] };

        var json = StateJson.Write(writer => LedgerSnapshotJson.Write(writer, snapshot));

        Assert.Equal(facts, LedgerSnapshotJson.Read(Json(Encoding.UTF8.GetString(json))).Later);
    }

    [Fact]
    public void Whatever_a_thread_at_rest_can_have_is_in_the_file()
    {
        var untouched = new RunLedger(Request, RunStatus.Pending, 0, default, default, default, null, []);

        Assert.Equal(
            [
                nameof(ThreadLedger.BeforeHolder),
                nameof(ThreadLedger.HandedOver),
                nameof(ThreadLedger.Holder),
                nameof(ThreadLedger.OwedUndos),
                nameof(ThreadLedger.Ran),
                nameof(ThreadLedger.StopAsked),
            ],
            Same(Full, ThreadLedger.Empty));
        Assert.Empty(Same(Full.Position, ThreadPosition.Origin));
        Assert.Empty(Same(Full.Runs[Ended], untouched).Intersect(Same(Full.Runs[Waiting], untouched)));
    }

    /// <summary>The properties in which two are alike; a new one is among them until it has a value here.</summary>
    private static IEnumerable<string> Same<T>(T one, T other) => typeof(T).GetProperties()
        .Where(property => property.SetMethod is { IsPublic: true })
        .Where(property => Likeness.Of(property.GetValue(one)) == Likeness.Of(property.GetValue(other)))
        .Select(property => property.Name)
        .Order(StringComparer.Ordinal);

    private static string Stored(ThreadLedger ledger) => $"{LedgerSnapshotJson.Manifest} " + Encoding.UTF8.GetString(
        StateJson.Write(writer => LedgerSnapshotJson.Write(writer, new LedgerSnapshot(ledger, Edited: 7))));

    private static string Golden()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "Journal", "snapshots", "thread-ledger.txt");
        return File.ReadAllText(file).TrimEnd('\n');
    }

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
