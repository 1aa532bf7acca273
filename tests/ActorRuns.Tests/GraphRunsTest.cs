using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Akka.Actor;
using ActorRuns.Graphs;
using ActorRuns.Ids;
using ActorRuns.Runs;
using ActorRuns.Streams;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Tests;

/// <summary>Runs of one graph over the actors, whose threads a test can lose as a crash loses them.</summary>
public abstract class GraphRunsTest : RuntimeTest
{
    private readonly ConcurrentQueue<string> _executed = new();
    private readonly AgentGraph _graph;
    private IActorRef _region;

    /// <param name="create">Makes the graph; what its nodes do is for the test to say.</param>
    protected GraphRunsTest(Func<GraphRunsTest, AgentGraph> create)
    {
        _graph = create(this);
        _region = StartThreads();
    }

    /// <summary>Held by nodes that wait, until the test opens it.</summary>
    protected TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was executed, sorted: the order of what runs side by side is nobody's.</summary>
    protected IReadOnlyList<string> Executed => [.. _executed.Order(StringComparer.Ordinal)];

    protected static JsonElement Json(string text) => JsonElement.Parse(text);

    /// <summary>The JSON of a channel.</summary>
    protected static string Value(ThreadLedger ledger, string channel) =>
        ledger.Position.Values.Values[channel].GetRawText();

    /// <summary>Notes that a node was executed.</summary>
    protected void Note(string what) => _executed.Enqueue(what);

    /// <summary>A run of the graph.</summary>
    protected RunRequest Request() => new()
    {
        RunId = Ids.NewRunId(),
        AssistantId = RuntimeIds.SystemAssistant(_graph.Id),
        GraphId = _graph.Id,
        StreamModes = StreamModes.Values | StreamModes.Updates | StreamModes.Tasks | StreamModes.Debug,
    };

    /// <summary>A run that answers what was asked.</summary>
    protected RunRequest Answer(string json) => Request() with { Command = new GraphCommand(Json(json), default, []) };

    /// <summary>Begins a thread with a run that says something.</summary>
    protected ThreadId Begin(string says, RunRequest? request = null)
    {
        var thread = Ids.NewThreadId();
        Send(thread, (request ?? Request()) with { Input = JsonSerializer.SerializeToElement(new { says }) });
        return thread;
    }

    /// <summary>Adds a run to a thread, which goes on from where it stands, or from an older revision.</summary>
    protected void Send(ThreadId thread, RunRequest request, CheckpointId? from = null)
    {
        _region.Tell(new SubmitRun(thread, request, None, CreatesThread: true) { From = from }, TestActor);
        ExpectMsg<RunAccepted>();
    }

    /// <summary>Makes a copy of a thread.</summary>
    protected ThreadId Copy(ThreadId thread)
    {
        var copy = Ids.NewThreadId();
        _region.Tell(new CopyThread(thread, copy), TestActor);
        ExpectMsg<ThreadRead>();
        return copy;
    }

    /// <summary>The thread as it is.</summary>
    protected ThreadLedger ReadFrom(ThreadId thread)
    {
        _region.Tell(new ReadThread(thread), TestActor);
        return ExpectMsg<ThreadRead>().Ledger;
    }

    /// <summary>The thread when so many runs have ended.</summary>
    protected ThreadLedger EndedBy(ThreadId thread, int runs)
    {
        var ledger = ThreadLedger.Empty;
        AwaitAssert(() => Assert.Equal(runs, (ledger = ReadFrom(thread)).Runs.Values.Count(run => run.IsTerminal)));
        return ledger;
    }

    /// <summary>Every frame of a run: its event and its data.</summary>
    protected async Task<IReadOnlyList<string>> FramesOf(ThreadId thread, RunId run)
    {
        _region.Tell(new OpenStream(thread, run), TestActor);
        var stream = ExpectMsg<StreamOpened>().Stream;
        var frames = new List<string>();
        await foreach (var frame in stream.ReadAsync(FrameId.Origin, CancellationToken.None))
            frames.Add($"{frame.Event} {Encoding.UTF8.GetString(frame.Data.Span)}");
        return frames;
    }

    /// <summary>Ends the threads' actors without a word, and starts them anew on the same journal.</summary>
    protected void LoseThem()
    {
        Watch(_region);
        Sys.Stop(_region);
        ExpectTerminated(_region);
        _region = StartThreads();
    }

    private IActorRef StartThreads() => Sys.ActorOf(
        ThreadRegion.Props(Services with { Graphs = new GraphRegistry(_graph) }), $"threads-{Guid.NewGuid():N}");
}
