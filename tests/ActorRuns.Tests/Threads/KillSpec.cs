using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using ActorRuns.Graphs;
using ActorRuns.Hosting;
using ActorRuns.Ids;
using ActorRuns.Runs;
using ActorRuns.Tests.Simulation;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Tests.Threads;

/// <summary>
/// Each scene is played to its end. Then, for every write of its journal, the process is lost right after it: a new one
/// finds the journal so far, goes on by itself, and is told what had not been said yet. It ends as the first did, up to
/// ids and attempts.
/// </summary>
public sealed class KillSpec : TestKit
{
    private static readonly ImmutableSortedDictionary<string, JsonElement> None =
        ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal);

    private static readonly Dictionary<string, Line[]> Scenes = new(StringComparer.Ordinal)
    {
        ["a run with a tool"] = [Say("call 1")],
        ["a run with parallel calls"] = [Say("call 3")],
        ["a run that fails, and another"] = [Say("fail"), Later(Say("two"))],
        ["an interrupt in a tool"] = [Say("hold"), Held(Say("two", MultitaskStrategy.Interrupt))],
        ["an interrupt in the model"] = [Say("think"), Held(Say("two", MultitaskStrategy.Interrupt))],
        ["an interrupt of an interrupt"] =
        [
            Say("hold"),
            Held(Say("think", MultitaskStrategy.Interrupt)),
            Held(Say("call 2", MultitaskStrategy.Interrupt)),
        ],
        ["three in a row"] = [Say("call 1"), Say("two"), Say("three")],
        ["a rollback"] = [Say("one"), Later(Say("hold")), Held(Say("three", MultitaskStrategy.Rollback))],
        ["a question and its answer"] = [Say("ask"), Later(Resume("yes"))],
        ["a question that is passed over"] = [Say("ask"), Later(Say("never mind"))],
        ["a cancel, and another run"] = [Say("hold"), Held(Cancel(1)), Later(Say("two"))],
        ["a cancel that undoes"] = [Say("one"), Later(Say("hold")), Held(Cancel(2, undo: true)), Later(Say("three"))],
        ["a fork"] = [Say("one"), Later(Say("two")), Later(Fork("three"))],
        ["a run that is due later"] = [Say("one") with { Delay = TimeSpan.FromMilliseconds(50) }, Later(Say("two"))],
    };

    private readonly Disk _disk;
    private readonly PlayedGraph _graph = new();
    private readonly RuntimeIds _ids = new(TimeProvider.System);
    private readonly ConcurrentDictionary<string, ImmutableList<long>> _writes = new(StringComparer.Ordinal);
    private readonly IActorRef _region;

    public KillSpec() : this(new Disk())
    {
    }

    private KillSpec(Disk disk) : base(ConfigurationFactory.ParseString(Disks.Hocon(disk) + """
        akka {
            loglevel = ERROR
            stdout-loglevel = OFF
            log-dead-letters = off
            test.single-expect-default = 10s
        }
        """))
    {
        _disk = disk;
        _disk.Written = (journal, batch) =>
            _writes.AddOrUpdate(journal, [batch[^1].SequenceNr], (_, known) => known.Add(batch[^1].SequenceNr));
        var services = new RuntimeServices(
            new GraphRegistry(_graph.Build()),
            new MemoryThreadIndex(),
            _ids,
            TimeProvider.System,
            new RuntimeOptions { SnapshotEvery = 4 });
        _region = Sys.ActorOf(ThreadRegion.Props(services), "threads");
    }

    private enum Moment
    {
        AtOnce,
        WhenHeld,
        AtRest,
    }

    public static TheoryData<string> Names => [.. Scenes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Killed_after_any_write_a_thread_ends_as_if_nothing_had_happened(string scene)
    {
        var first = _ids.NewThreadId();
        var runs = Scenes[scene].Select(_ => _ids.NewRunId()).ToArray();
        var end = Play(first, scene, runs);
        var journal = _disk.Of(ThreadActor.JournalOf(first));

        foreach (var last in _writes[ThreadActor.JournalOf(first)])
        {
            var thread = _ids.NewThreadId();
            _disk.Put(ThreadActor.JournalOf(thread), journal.Where(fact => fact.SequenceNr <= last));
            _region.Tell(new WakeThread(thread), TestActor);

            Assert.True(end == Play(thread, scene, runs), $"killed after number {last}: {Picture(Read(thread), runs)}");
        }

        Assert.Empty(_graph.Faults);
    }

    [Fact]
    public void A_thread_that_was_lost_while_it_worked_goes_on_without_anyone_asking()
    {
        var first = _ids.NewThreadId();
        RunId[] runs = [_ids.NewRunId()];
        Submit(first, Say("hold"), runs[0]);
        AwaitCondition(() => _graph.IsHolding(first), max: null);

        var thread = Copy(first);
        _region.Tell(new WakeThread(thread), TestActor);

        AwaitCondition(() => _graph.IsHolding(thread), max: null);
        Assert.Equal(2, Read(thread).Runs[runs[0]].Attempt);
    }

    [Fact]
    public void A_run_that_loses_its_process_too_often_fails_and_the_next_one_begins()
    {
        var thread = _ids.NewThreadId();
        RunId[] runs = [_ids.NewRunId(), _ids.NewRunId()];
        Submit(thread, Say("hold"), runs[0]);
        Submit(thread, Say("two"), runs[1]);
        for (var lost = 0; lost < 3; lost++)
        {
            AwaitCondition(() => _graph.IsHolding(thread), max: null);
            thread = Copy(thread);
            _region.Tell(new WakeThread(thread), TestActor);
        }

        AwaitCondition(() => Read(thread).Runs[runs[1]].IsTerminal, max: null);

        var ledger = Read(thread);
        Assert.Equal(new RunCause.WorkerLost(3), ledger.Runs[runs[0]].Cause);
        Assert.Equal(new RunCause.Finished(), ledger.Runs[runs[1]].Cause);
    }

    private static Line Say(string text, MultitaskStrategy strategy = MultitaskStrategy.Enqueue) =>
        new(text, strategy, Moment.AtOnce);

    private static Line Later(Line line) => line with { At = Moment.AtRest };

    private static Line Held(Line line) => line with { At = Moment.WhenHeld };

    private static Line Resume(string answer) => Say(answer) with { Resumes = true };

    private static Line Fork(string text) => Say(text) with { Forks = true };

    private static Line Cancel(int run, bool undo = false) => Say("cancel") with { Cancels = run, Undoes = undo };

    /// <summary>Says what has not been said, each line at its moment, and waits for the end.</summary>
    private string Play(ThreadId thread, string scene, RunId[] runs)
    {
        var number = 0;
        foreach (var line in Scenes[scene])
        {
            var run = runs[number++];
            if (IsSaid(thread, line, line.Cancels > 0 ? runs[line.Cancels - 1] : run))
                continue;

            AwaitCondition(() => line.At switch
            {
                Moment.WhenHeld => _graph.IsHolding(thread),
                Moment.AtRest => Read(thread).Status is not ThreadStatus.Busy,
                _ => true,
            }, max: null);
            if (line.Cancels > 0)
                Stop(thread, runs[line.Cancels - 1], line.Undoes);
            else
                Submit(thread, line, run);
        }

        AwaitCondition(() => Read(thread).Status is not ThreadStatus.Busy, max: null);
        return Picture(Read(thread), runs);
    }

    private bool IsSaid(ThreadId thread, Line line, RunId run)
    {
        _region.Tell(new ReadThread(thread), TestActor);
        if (ExpectMsg<object>() is not ThreadRead(var ledger))
            return false;
        return line.Cancels > 0
            ? ledger.Undone.Contains(run) || (ledger.Runs.TryGetValue(run, out var known) && known.IsTerminal)
            : ledger.Undone.Contains(run) || ledger.Runs.ContainsKey(run);
    }

    private void Submit(ThreadId thread, Line line, RunId run)
    {
        var request = new RunRequest
        {
            RunId = run,
            AssistantId = RuntimeIds.SystemAssistant(PlayedGraph.Id),
            GraphId = PlayedGraph.Id,
            Strategy = line.Strategy,
            Delay = line.Delay,
        };
        request = line.Resumes
            ? request with { Command = new GraphCommand(JsonSerializer.SerializeToElement(line.Text), default, []) }
            : request with { Input = JsonSerializer.SerializeToElement(new { messages = line.Text }) };
        var from = line.Forks ? FirstAnswer(thread) : (CheckpointId?)null;
        _region.Tell(new SubmitRun(thread, request, None, CreatesThread: true) { From = from }, TestActor);
        ExpectMsg<RunAccepted>();
    }

    private void Stop(ThreadId thread, RunId run, bool undo)
    {
        _region.Tell(new StopRuns(thread, [run], undo, Wait: false), TestActor);
        ExpectMsg<RunsStopped>();
    }

    private CheckpointId FirstAnswer(ThreadId thread)
    {
        _region.Tell(new ReadHistory(thread), TestActor);
        var history = ExpectMsg<HistoryRead>().Checkpoints;
        return history.Last(checkpoint => Words(checkpoint.Values) is [_, "ai: re one"]).Id;
    }

    private ThreadLedger Read(ThreadId thread)
    {
        _region.Tell(new ReadThread(thread), TestActor);
        return ExpectMsg<ThreadRead>().Ledger;
    }

    /// <summary>A thread of which the disk knows what it knows of another one now.</summary>
    private ThreadId Copy(ThreadId thread)
    {
        var copy = _ids.NewThreadId();
        _disk.Put(ThreadActor.JournalOf(copy), _disk.Of(ThreadActor.JournalOf(thread)));
        return copy;
    }

    private static string Picture(ThreadLedger ledger, RunId[] runs) =>
        $"{ledger.Status} next [{string.Join(' ', ledger.Position.Next)}] asked {ledger.Position.Interrupts.Count} "
        + $"[{string.Join(" | ", Words(ledger.Position.Values))}] "
        + string.Join(", ", ledger.Order.Select(id => ledger.Runs[id]).Select(run =>
            $"{Array.IndexOf(runs, run.Id) + 1} {run.Status} {run.Cause?.GetType().Name}"));

    private static string[] Words(ChannelValues values) =>
    [
        .. values.MessagesOf(Channels.Messages).Messages.Select(message =>
            $"{message.Type}: {message.Text}{string.Concat(message.ToolCalls.Select(call => $"*{call.Name}"))}"),
    ];

    /// <summary>Something that is said to the thread, and when.</summary>
    private sealed record Line(string Text, MultitaskStrategy Strategy, Moment At)
    {
        public bool Resumes { get; init; }

        public bool Forks { get; init; }

        public int Cancels { get; init; }

        public bool Undoes { get; init; }

        public TimeSpan Delay { get; init; }
    }
}
