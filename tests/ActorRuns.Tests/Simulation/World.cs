using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using ActorRuns.Graphs;
using ActorRuns.Hosting;
using ActorRuns.Ids;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Microsoft.Extensions.Time.Testing;

namespace ActorRuns.Tests.Simulation;

/// <summary>
/// A runtime in virtual time on a disk with moods: clients send whatever comes to their minds, writes fail, are refused
/// or take their time, journals cannot be read for a while, processes are lost. The laws are checked on the way; when
/// the faults stop, every run must come to its end.
/// </summary>
/// <remarks>
/// What is sent, what fails and how long things take follows from the seed and from what it happens to, never from the
/// order in which threads of the machine get their turn; only that order differs between two plays of one seed.
/// </remarks>
internal sealed class World : IAsyncDisposable
{
    private const int Threads = 3;
    private const int Turns = 12;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly int _seed;
    private readonly Random _random;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 7, 0, 0, TimeSpan.Zero));
    private readonly Disk _disk;
    private readonly DurableLaws _laws = new();
    private readonly PlayedGraph _graph;
    private readonly ThreadId[] _threads;
    private readonly List<(ThreadId Thread, RunId Run)> _accepted = [];
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentDictionary<ThreadId, int> _working = new();
    private readonly List<string> _script = [];
    private ActorRunsRuntime _runtime = null!; // Set by the first start.
    private bool _isCalm;

    private World(int seed)
    {
        _seed = seed;
        _random = new Random(seed);
        _disk = new Disk { Time = _time };
        _disk.Weather = Weather;
        _disk.CanRead = journal => _isCalm || Dice($"read {journal} {_time.GetUtcNow().Ticks}") % 40 is not 0;
        _disk.Written = _laws.OnWritten;
        _graph = new PlayedGraph(PassAsync);
        _threads = [.. Enumerable.Range(0, Threads).Select(_ => new ThreadId(NewGuid()))];
    }

    /// <summary>How many commands were sent, faults made and time passed in all worlds so far.</summary>
    public static Chronicle Chronicle { get; } = new();

    /// <summary>Plays a world.</summary>
    /// <returns>What went wrong and the way there; null when nothing did.</returns>
    public static async Task<string?> PlayAsync(int seed, int moves)
    {
        await using var world = new World(seed);
        try
        {
            await world.StartAsync();
            for (var move = 0; move < moves; move++)
                await world.MoveAsync();
            await world.ComeToRestAsync();
            return null;
        }
#pragma warning disable CA1031 // Whatever goes wrong is a finding.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return $"Seed {seed}: {failure.Message}\n{string.Join('\n', world._script)}";
        }
    }

    public async ValueTask DisposeAsync() => await _runtime.DisposeAsync();

    private async Task StartAsync()
    {
        var config = ConfigurationFactory.ParseString(Disks.Hocon(_disk) + $$"""
            akka {
                loglevel = OFF
                stdout-loglevel = OFF
                log-dead-letters = off
                scheduler.implementation = "{{typeof(TestScheduler).AssemblyQualifiedName}}"
            }
            actorruns {
                passivate-after = 20s
                snapshots.every = 12
                streams.retention = 5s
            }
            """);
        var stores = RuntimeStores.InMemory(_time) with { Threads = new DurableIndex(_laws) };
        _runtime = await ActorRunsRuntime.StartAsync(
            config, new GraphRegistry(_graph.Build()), stores, _time, CancellationToken.None);
    }

    private async Task MoveAsync()
    {
        switch (_random.Next(20))
        {
            case 0:
                await LoseProcessAsync();
                break;
            case < 8:
                await PassAsync(TimeSpan.FromMilliseconds(_random.Next(1, _random.Next(8) is 0 ? 40_000 : 1_500)));
                break;
            default:
                _ = Send(Command());
                await SettleAsync();
                break;
        }
    }

    /// <summary>The faults stop; in bounded time everything that was accepted has come to its end.</summary>
    private async Task ComeToRestAsync()
    {
        _isCalm = true;
        _script.Add("the faults stop");
        for (var passes = 0; passes < 200 && !_laws.IsAtRest; passes++)
        {
            await PassAsync(TimeSpan.FromSeconds(2));
            foreach (var (thread, run) in _laws.Holders.Where(holder => _graph.IsHolding(holder.Thread)))
                await Send(new StopRuns(thread, [run], Undo: false, Wait: false)).WaitAsync(Patience);
        }

        if (!_laws.IsAtRest)
            throw new InvalidOperationException($"I8: minutes after the faults have stopped, {_laws.Unrest} goes on: "
                + string.Join(", ", _laws.Unfinished.Select(Condition)));
        foreach (var (thread, run) in _accepted)
            _laws.CheckEnded(thread, run);
        await CheckReadsAsync();
        CheckFaults();
    }

    private async Task LoseProcessAsync()
    {
        _script.Add("the process is lost");
        Chronicle.Losses++;
        _disk.LoseProcess();
        var lost = _runtime;
        await lost.DisposeAsync();
        await StartAsync();
        await SettleAsync();
    }

    private async Task PassAsync(TimeSpan time)
    {
        _script.Add(string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds} ms pass"));
        for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromMilliseconds(500))
        {
            var step = left < TimeSpan.FromMilliseconds(500) ? left : TimeSpan.FromMilliseconds(500);
            Advance(step);
            await SettleAsync();
        }
    }

    /// <summary>
    /// Waits until something is at work wherever it must be. What was stopped by a fault comes back after a while, so
    /// time passes when the machine alone does not bring it about.
    /// </summary>
    private async Task SettleAsync()
    {
        // Who is asked after others were gets its turn after them: so far has come whatever was told before.
        for (var turn = 0; turn < Turns; turn++)
            await _runtime.Threads.Ask<ActorIdentity>(new Identify(turn), Patience);

        var passed = TimeSpan.Zero;
        for (var looks = 0; !IsSettled; looks++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1));
            if (looks % 50 is not 49)
                continue;

            Advance(TimeSpan.FromMilliseconds(250));
            passed += TimeSpan.FromMilliseconds(250);
            if (passed > Patience)
            {
                var left = _laws.Busy(_time.GetUtcNow()).Where(busy => !IsAttended(busy)).Select(_laws.Describe);
                throw new InvalidOperationException(
                    $"I8: something is due, and nothing is at work: {string.Join(", ", left)}.");
            }
        }

        CheckFaults();
    }

    private bool IsSettled => _laws.Busy(_time.GetUtcNow()).All(IsAttended);

    private void Advance(TimeSpan time)
    {
        Chronicle.Time += time;
        _time.Advance(time);
        ((TestScheduler)_runtime.System.Scheduler).Advance(time);
    }

    private string Condition(ThreadId thread) =>
        $"holding {_graph.IsHolding(thread)} working {_working.GetValueOrDefault(thread)} "
        + $"writing {_disk.IsWriting(ThreadActor.JournalOf(thread))} "
        + $"failed {_disk.HasFailed(ThreadActor.JournalOf(thread))}";

    private bool IsAttended(ThreadId thread) =>
        _graph.IsHolding(thread) || _working.GetValueOrDefault(thread) > 0
        || _disk.IsWriting(ThreadActor.JournalOf(thread))
        || _disk.HasFailed(ThreadActor.JournalOf(thread));

    private async Task PassAsync(NodeContext context, CancellationToken cancellationToken)
    {
        var work = $"work {context.Run.RunId} {context.Attempt} {context.Node} {context.Messages.Count}";
        var takes = TimeSpan.FromMilliseconds(1 + (Dice(work) % 3_000));
        _working.AddOrUpdate(context.ThreadId, 1, (_, others) => others + 1);
        try
        {
            await Task.Delay(takes, _time, cancellationToken);
        }
        finally
        {
            _working.AddOrUpdate(context.ThreadId, 0, (_, others) => others - 1);
        }
    }

    private (Fate Fate, TimeSpan Takes) Weather(string journal, long number, int process)
    {
        if (_isCalm)
            return (Fate.Written, TimeSpan.Zero);

        var dice = Dice($"write {journal} {number} {process} {_time.GetUtcNow().Ticks}");
        var takes = dice / 64 % 6 is 0 ? TimeSpan.FromMilliseconds(dice / 512 % 4_000) : TimeSpan.Zero;
        var fate = (dice % 60) switch
        {
            0 => Fate.Failed,
            1 => Fate.WrittenAndFailed,
            2 => Fate.Rejected,
            _ => Fate.Written,
        };
        if (fate is not Fate.Written)
            Chronicle.Faults++;
        return (fate, takes);
    }

    private IThreadMessage Command()
    {
        var thread = _threads[_random.Next(Threads)];
        var known = _laws.RunsOf(thread);
        switch (_random.Next(16))
        {
            case 0 when known.Length > 0:
                return new StopRuns(thread, [Any(known)], Undo: _random.Next(2) is 0, Wait: false);
            case 1 when known.Length > 0:
                return new DeleteRun(thread, Any(known));
            case 2 when _random.Next(4) is 0:
                return new DeleteThread(thread);
            case 3:
                return new PatchThread(thread, None);
            case 4:
                return new ReadHistory(thread);
            case 5:
                return new ReadThread(thread);
            case 6:
                var answer = new GraphCommand(JsonElement.Parse("\"yes\""), default, []);
                var resume = Run() with { Input = default, Command = answer };
                return new SubmitRun(thread, resume, None, CreatesThread: true);
            default:
                return new SubmitRun(thread, Run(), None, CreatesThread: true);
        }
    }

    private static ImmutableSortedDictionary<string, JsonElement> None { get; } =
        ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal);

    private RunRequest Run()
    {
        string[] texts = ["hello", "call 1", "call 2", "hold", "think", "ask", "fail", "call 3"];
        return new RunRequest
        {
            RunId = new RunId(NewGuid()),
            AssistantId = RuntimeIds.SystemAssistant(PlayedGraph.Id),
            GraphId = PlayedGraph.Id,
            Strategy = (MultitaskStrategy)_random.Next(4),
            Delay = _random.Next(5) is 0 ? TimeSpan.FromMilliseconds(_random.Next(5_000)) : TimeSpan.Zero,
            Input = JsonSerializer.SerializeToElement(new { messages = texts[_random.Next(texts.Length)] }),
        };
    }

    private Task Send(IThreadMessage message)
    {
        Chronicle.Commands++;
        _script.Add($"{Array.IndexOf(_threads, message.ThreadId)}: {Words(message)}");
        return AskAsync(message, _disk.Process);
    }

    private async Task AskAsync(IThreadMessage message, int process)
    {
        object answer;
        try
        {
            answer = await _runtime.Threads.Ask<object>(message, TimeSpan.FromMinutes(5)).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return;
        }

        if (process != _disk.Process)
            return;
        if (answer is RunAccepted accepted)
        {
            if (!_laws.Knows(message.ThreadId, accepted.Run.Id))
                _faults.Enqueue($"I3: run {accepted.Run.Id} was accepted, and is not in the journal");
            lock (_accepted)
                _accepted.Add((message.ThreadId, accepted.Run.Id));
        }
        else if (answer is Status.Failure { Cause: ThreadUnreadableException unreadable })
        {
            _faults.Enqueue($"a journal that was written by rule cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>I6: what a reader sees is what the journal says.</summary>
    private async Task CheckReadsAsync()
    {
        foreach (var thread in _threads)
        {
            var asked = _runtime.Threads.Ask<object>(new ReadThread(thread), TimeSpan.FromMinutes(5));
            if (await asked.WaitAsync(Patience) is ThreadRead(var read))
                _laws.CheckRead(thread, read);
        }
    }

    private void CheckFaults()
    {
        if (_faults.TryDequeue(out var fault)
            || _graph.Faults.TryDequeue(out fault)
            || _laws.Faults.TryDequeue(out fault))
            throw new InvalidOperationException(fault);
    }

    private T Any<T>(IReadOnlyList<T> many) => many[_random.Next(many.Count)];

    /// <summary>A number that follows from the seed and from what is asked about.</summary>
    private int Dice(string about)
    {
        var hash = (uint)_seed * 2654435761u;
        foreach (var letter in about)
            hash = (hash ^ letter) * 16777619u;
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return (int)((hash ^ (hash >> 16)) & 0x7FFFFFFF);
    }

    private Guid NewGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private static string Words(IThreadMessage message) => message switch
    {
        SubmitRun { Request: { Command: null } run } => $"{run.Strategy} {run.Input.GetRawText()} in {run.Delay}",
        SubmitRun { Request: var run } => $"{run.Strategy} resume in {run.Delay}",
        StopRuns stop => stop.Undo ? "undo" : "cancel",
        _ => message.GetType().Name,
    };
}

/// <summary>What all worlds together have seen.</summary>
internal sealed class Chronicle
{
    public int Commands { get; set; }

    public int Faults { get; set; }

    public int Losses { get; set; }

    public TimeSpan Time { get; set; }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Commands} commands, {Time.TotalHours:F1} simulated hours, {Faults} failed writes, {Losses} lost processes");
}
