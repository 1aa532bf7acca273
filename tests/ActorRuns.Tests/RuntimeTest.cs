using System.Collections.Immutable;
using System.Text.Json;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using ActorRuns.Graphs;
using ActorRuns.Hosting;
using ActorRuns.Ids;
using ActorRuns.Messages;
using ActorRuns.Runs;
using ActorRuns.Streams;
using ActorRuns.Tests.Webhooks;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Tests;

/// <summary>
/// Tests of the runtime's actors: an actor system of its own with a journal in memory, and an agent whose work is held
/// at gates that the test opens.
/// </summary>
public abstract class RuntimeTest : TestKit
{
    protected static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(150);

    private const string Hocon = """
        akka {
            loglevel = WARNING
            stdout-loglevel = OFF
            log-dead-letters = off
            test.single-expect-default = 10s
            persistence {
                journal.plugin = "akka.persistence.journal.inmem"
                snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
            }
        }
        """;

    protected RuntimeTest(string hocon = "", RuntimeOptions? options = null)
        : base(ConfigurationFactory.ParseString(hocon + "\n").WithFallback(ConfigurationFactory.ParseString(Hocon)))
    {
        Graph = new GatedGraph();
        Services = new RuntimeServices(
            new GraphRegistry(Graph.Build()), new MemoryThreadIndex(), Ids, TimeProvider.System, options ?? new RuntimeOptions())
        {
            Webhooks = Hooks,
        };
        Region = Sys.ActorOf(ThreadRegion.Props(Services), "threads");
    }

    protected GatedGraph Graph { get; }

    protected GatedWebhooks Hooks { get; } = new();

    protected RuntimeIds Ids { get; } = new(TimeProvider.System);

    private protected RuntimeServices Services { get; }

    protected IActorRef Region { get; private set; }

    protected static ImmutableSortedDictionary<string, JsonElement> None { get; } =
        ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal);

    protected ThreadId NewThread()
    {
        var thread = Ids.NewThreadId();
        Region.Tell(new BeginThread(thread, None, MayExist: false), TestActor);
        ExpectMsg<ThreadRead>();
        return thread;
    }

    /// <summary>A run that says something.</summary>
    protected RunRequest Say(string text, MultitaskStrategy strategy = MultitaskStrategy.Enqueue) => new()
    {
        RunId = Ids.NewRunId(),
        AssistantId = RuntimeIds.SystemAssistant(GatedGraph.Id),
        GraphId = GatedGraph.Id,
        Strategy = strategy,
        Input = JsonSerializer.SerializeToElement(new { messages = new[] { new { role = "human", content = text } } }),
        StreamModes = StreamModes.Values | StreamModes.Updates | StreamModes.MessagesTuple,
    };

    protected RunLedger Submit(ThreadId thread, RunRequest request)
    {
        Region.Tell(new SubmitRun(thread, request, None, CreatesThread: false), TestActor);
        return ExpectMsg<RunAccepted>().Run;
    }

    protected ThreadLedger Read(ThreadId thread)
    {
        Region.Tell(new ReadThread(thread), TestActor);
        return ExpectMsg<ThreadRead>().Ledger;
    }

    /// <summary>A thread on which something was said and answered.</summary>
    protected void Converse(ThreadId thread, string text, string answer)
    {
        var run = Submit(thread, Say(text));
        Graph.Next().Answer(answer);
        AwaitAssert(() => Assert.True(Read(thread).Runs[run.Id].IsTerminal));
    }

    /// <summary>The revisions of a thread's state, newest first.</summary>
    protected ImmutableArray<Checkpoint> History(ThreadId thread)
    {
        Region.Tell(new ReadHistory(thread), TestActor);
        return ExpectMsg<HistoryRead>().Checkpoints;
    }

    /// <summary>The actor of a thread that is awake.</summary>
    protected IActorRef ActorOf(ThreadId thread)
    {
        Sys.ActorSelection(Region.Path / thread.ToString()).Tell(new Identify(thread), TestActor);
        return ExpectMsg<ActorIdentity>().Subject ?? throw new InvalidOperationException($"Thread {thread} sleeps.");
    }

    protected IRunStream Open(ThreadId thread, RunId run)
    {
        Region.Tell(new OpenStream(thread, run), TestActor);
        return ExpectMsg<StreamOpened>().Stream;
    }

    protected Task<RunOutcome> EndOf(ThreadId thread, RunId run) =>
        Open(thread, run).Outcome.WaitAsync(TimeSpan.FromSeconds(10));

    /// <summary>The transcript as words: <c>human: hi</c>, <c>ai: hello</c>, <c>tool error: …</c>.</summary>
    protected static string[] Transcript(ThreadLedger ledger) =>
    [
        .. ledger.Position.Values.MessagesOf(Channels.Messages).Messages.Select(message =>
            $"{message.Type}{(message.Status is ToolStatus.Error ? " error" : "")}: {message.Text}"),
    ];

    /// <summary>Starts the region anew, as a process that was lost and came back; the journal is still there.</summary>
    protected void LoseTheProcess()
    {
        Watch(Region);
        Sys.Stop(Region);
        ExpectTerminated(Region);
        Region = Sys.ActorOf(ThreadRegion.Props(Services), $"threads-{Guid.NewGuid():N}");
    }
}
