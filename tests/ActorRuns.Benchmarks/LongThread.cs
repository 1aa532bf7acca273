using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ActorRuns.Benchmarks.Engine;
using ActorRuns.Graphs;
using ActorRuns.Hosting;
using ActorRuns.Ids;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Akka.Actor;
using Akka.Configuration;

namespace ActorRuns.Benchmarks;

/// <summary>
/// What a thread of many facts costs beside one of few: to be read (its ledger, not its JSON), to take a run, and to
/// come back after the process was lost, with snapshots and without. Of two kinds: one whose state stays small, and one
/// whose messages add up.
/// </summary>
internal static class LongThread
{
    private const int FewFacts = 80;
    private const int Reads = 1_000;
    private const int Rounds = 30;

    private static readonly ImmutableSortedDictionary<string, JsonElement> None =
        ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal);

    public static async Task RunAsync(int facts, CancellationToken cancellationToken)
    {
        using var files = new SqliteFiles();
        foreach (var says in (bool[])[false, true])
        {
            foreach (var every in (int[])[1_000_000, 1_000])
                await MeasureAsync(files.Create($"{says}-{every}"), facts, says, every, cancellationToken);
        }
    }

    private static async Task MeasureAsync(
        IDatabase database, int facts, bool says, int every, CancellationToken cancellationToken)
    {
        var numbers = new Numbers();
        var stores = RuntimeStores.InMemory(TimeProvider.System) with { Threads = numbers };
        ThreadId brief;
        ThreadId lengthy;
        ThreadId laden;
        ThreadId another;
        Console.WriteLine($"{(says ? "messages that add up" : "a small state")}, a snapshot every {every} facts");
        await using (var runtime = await StartAsync(database, stores, every, cancellationToken))
        {
            brief = await FillAsync(runtime, numbers, says, FewFacts, cancellationToken);
            another = await FillAsync(runtime, numbers, says, FewFacts, cancellationToken);
            lengthy = await FillAsync(runtime, numbers, says, facts, cancellationToken);
            laden = await LoadAsync(runtime, lengthy, cancellationToken);
            await CompareAsync($"{Reads} reads", brief, lengthy,
                thread => TimeAsync(() => ReadManyAsync(runtime, thread)));
            await CompareAsync("run, to its end", brief, lengthy,
                thread => TimeAsync(() => RunOnceAsync(runtime, thread, says, cancellationToken)));
        }

        await CompareAsync("first read after the process was lost", brief, lengthy, ReadAnewAsync, rounds: 9);
        if (says)
            await CompareAsync("the same beside one run of the same state", laden, lengthy, ReadAnewAsync, rounds: 9);

        async Task<TimeSpan> ReadAnewAsync(ThreadId thread)
        {
            await using var runtime = await StartAsync(database, stores, every, cancellationToken);
            await ReadAsync(runtime, another); // What is done once in a process is not this thread's.
            var start = Stopwatch.GetTimestamp();
            await ReadAsync(runtime, thread);
            return Stopwatch.GetElapsedTime(start);
        }
    }

    /// <summary>Makes a thread with the messages of another one, all brought by one run.</summary>
    private static async Task<ThreadId> LoadAsync(
        ActorRunsRuntime runtime, ThreadId other, CancellationToken cancellationToken)
    {
        var ledger = (await runtime.Threads.Ask<ThreadRead>(new ReadThread(other))).Ledger;
        var messages = ledger.Position.Values.MessagesOf(Channels.Messages).Messages
            .Select(message => new { role = "human", content = message.Text });
        var thread = runtime.Ids.NewThreadId();
        await RunOnceAsync(runtime, thread, JsonSerializer.SerializeToElement(new { messages }), cancellationToken);
        return thread;
    }

    private static Task<ActorRunsRuntime> StartAsync(
        IDatabase database, RuntimeStores stores, int every, CancellationToken cancellationToken)
    {
        var hocon = $"{database.Hocon}\nactorruns.snapshots.every = {every}\nakka.loglevel = WARNING";
        var graph = AgentGraph.Create("tally")
            .Channel(Channels.Messages, ChannelKind.Messages)
            .Channel("count", ChannelKind.LastValue)
            .Node("agent", Tally)
            .Edge(GraphNodes.Start, "agent")
            .Edge("agent", GraphNodes.End)
            .Build();
        var config = ConfigurationFactory.ParseString(hocon);
        return ActorRunsRuntime.StartAsync(
            config, new GraphRegistry(graph), stores, TimeProvider.System, cancellationToken);
    }

    private static Task<NodeUpdate> Tally(NodeContext context, CancellationToken cancellationToken) =>
        Task.FromResult(NodeUpdate.None.With("count", JsonElement.Parse("1")));

    /// <summary>Lets a thread have runs until its journal has so many facts, as the index is told.</summary>
    private static async Task<ThreadId> FillAsync(
        ActorRunsRuntime runtime, Numbers numbers, bool says, int facts, CancellationToken cancellationToken)
    {
        var thread = runtime.Ids.NewThreadId();
        while (numbers.Of(thread) < facts)
            await RunOnceAsync(runtime, thread, says, cancellationToken);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  a thread of {numbers.Of(thread)} facts"));
        return thread;
    }

    private static Task RunOnceAsync(
        ActorRunsRuntime runtime, ThreadId thread, bool says, CancellationToken cancellationToken) => RunOnceAsync(
            runtime,
            thread,
            JsonElement.Parse(says ? """{"messages":"What is the weather like today?"}""" : """{"count":0}"""),
            cancellationToken);

    private static async Task RunOnceAsync(
        ActorRunsRuntime runtime, ThreadId thread, JsonElement input, CancellationToken cancellationToken)
    {
        var request = new RunRequest
        {
            RunId = runtime.Ids.NewRunId(),
            AssistantId = RuntimeIds.SystemAssistant(new GraphId("tally")),
            GraphId = new GraphId("tally"),
            Input = input,
        };
        var submit = new SubmitRun(thread, request, None, CreatesThread: true);
        var accepted = await runtime.Threads.Ask<RunAccepted>(submit);
        await accepted.Stream!.Outcome.WaitAsync(cancellationToken); // A run that is new has its stream.
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start);
    }

    private static async Task ReadAsync(ActorRunsRuntime runtime, ThreadId thread) =>
        await runtime.Threads.Ask<ThreadRead>(new ReadThread(thread));

    /// <summary>Many at once in one sample: one is too short for the clock.</summary>
    private static async Task ReadManyAsync(ActorRunsRuntime runtime, ThreadId thread)
    {
        for (var read = 0; read < Reads; read++)
            await ReadAsync(runtime, thread);
    }

    private static async Task CompareAsync(
        string what, ThreadId brief, ThreadId lengthy, Func<ThreadId, Task<TimeSpan>> measure, int rounds = Rounds)
    {
        var few = new Sample($"  {what}, few facts");
        var many = new Sample($"  {what}, many facts");
        for (var round = -1; round < rounds; round++)
        {
            foreach (var (sample, thread) in new[] { (few, brief), (many, lengthy) })
            {
                var time = await measure(thread);
                if (round >= 0)
                    sample.Add(time);
            }
        }

        Console.WriteLine(few);
        Console.WriteLine(many);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  many / few at p50: {many.Percentile(0.5) / few.Percentile(0.5):F2}"));
    }

    /// <summary>Knows the number of the last fact of each thread; finds nothing, and has nothing to wake.</summary>
    private sealed class Numbers : IThreadIndex
    {
        private readonly ConcurrentDictionary<ThreadId, long> _last = new();

        public long Of(ThreadId thread) => _last.GetValueOrDefault(thread);

        public void Note(ThreadIndexEntry entry) => _last[entry.ThreadId] = entry.SequenceNr;

        public void Forget(ThreadId thread, long sequenceNr) => _last.TryRemove(thread, out _);

        public Task SettleAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<ThreadPage> SearchAsync(ThreadQuery query, CancellationToken cancellationToken) =>
            Task.FromResult(new ThreadPage([], 0));

        public Task<IReadOnlyList<ThreadId>> FindUnfinishedAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<ThreadId>>([]);
    }
}
