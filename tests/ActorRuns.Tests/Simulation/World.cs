using System.Collections.Immutable;
using System.Globalization;
using Akka.Configuration;
using Akka.TestKit;
using ActorRuns.Agents;
using ActorRuns.Graphs;
using ActorRuns.Hosting;
using ActorRuns.Threads;
using Microsoft.Extensions.Time.Testing;

namespace ActorRuns.Tests.Simulation;

/// <summary>
/// A runtime in virtual time on a disk with moods: clients send whatever comes to their minds, writes fail, are refused
/// or take their time, journals cannot be read for a while, processes are lost. The laws are checked on the way; when
/// the faults stop, every run must come to its end and every request must have its answer.
/// </summary>
/// <remarks>
/// It follows from the seed: what is sent, what fails, how long things take, and who is next of those that can go on.
/// What little is handed to the pool all the same can make two plays of one seed differ: compare their digests.
/// </remarks>
internal sealed partial class World : IDisposable
{
    private const int Threads = 3;

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly int _seed;
    private readonly Random _random;
    private readonly Turns _turns = new();
    private readonly SynchronizationContext? _outer = SynchronizationContext.Current;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 7, 0, 0, TimeSpan.Zero));
    private readonly Disk _disk;
    private readonly DurableLaws _laws = new();
    private readonly Works _works = new();
    private readonly PlayedGraph _graph;
    private readonly ImmutableArray<ThreadId> _threads;
    private readonly Requests _requests;
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
        _disk.ReadTakes = ReadTakes;
        _disk.Written = _laws.OnWritten;
        _turns.IsComplete = () => _works.AllKnow;
        _graph = new PlayedGraph(PassAsync) { Compensate = CompensateAsync, Done = _works.DoOnce };
        _threads =
        [
            .. Enumerable.Range(0, Threads).Select(number =>
                new ThreadId(new Guid(seed, 0, (short)number, [0, 0, 0, 0, 0, 0, 0, 0]))),
        ];
        _requests = new Requests(_random, _threads, _laws);
        SynchronizationContext.SetSynchronizationContext(_turns);
    }

    /// <summary>How many commands were sent, faults made and time passed in all worlds so far.</summary>
    public static Chronicle Chronicle { get; } = new();

    /// <summary>Plays a world.</summary>
    /// <returns>What went wrong and the way there, null when nothing did; and all that was written.</returns>
    public static (string? Failure, ulong Digest) Play(int seed, int moves)
    {
        using var world = new World(seed);
        Chronicle.Worlds++;
        try
        {
            world.Start();
            for (var move = 0; move < moves; move++)
                world.Move();
            world.ComeToRest();
            return (null, world._laws.Digest);
        }
#pragma warning disable CA1031 // Whatever goes wrong is a finding.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            var how = failure is InvalidOperationException ? failure.Message : failure.ToString();
            return ($"Seed {seed}: {how}\n{string.Join('\n', world._script)}", world._laws.Digest);
        }
    }

    public void Dispose()
    {
        try
        {
            Stop();
        }
        finally
        {
            foreach (var reader in _readers)
                reader.Dispose();
            SynchronizationContext.SetSynchronizationContext(_outer);
        }
    }

    private void Start()
    {
        _turns.Reset(_seed % 4 is 0 ? null : HashCode(_seed, _disk.Process));
        var config = ConfigurationFactory.ParseString(Disks.Hocon(_disk) + $$"""
            akka {
                loglevel = OFF
                stdout-loglevel = OFF
                log-dead-letters = off
                loggers = []
                scheduler.implementation = "{{typeof(TestScheduler).AssemblyQualifiedName}}"
                actor.default-dispatcher {
                    executor = "current-context-executor"
                    throughput = {{(_seed % 3 is 0 ? 1 : 30)}}
                }
            }
            actorruns {
                passivate-after = 20s
                snapshots.every = 12
                streams.retention = 5s
            }
            """);
        var stores = RuntimeStores.InMemory(_time) with { Threads = new DurableIndex(_laws), Crons = new NoCrons() };
        _runtime = _turns.Await(ActorRunsRuntime.StartAsync(
            config, new GraphRegistry(_graph.Build()), stores, _time, CancellationToken.None));
    }

    private void Stop() => _turns.Await(StopAsync());

    private async Task<bool> StopAsync()
    {
        await _runtime.DisposeAsync();
        return true;
    }

    private void Move()
    {
        switch (_random.Next(20))
        {
            case 0:
                LoseProcess();
                break;
            case < 7:
                Pass(TimeSpan.FromMilliseconds(_random.Next(1, _random.Next(8) is 0 ? 40_000 : 1_500)));
                break;
            case 7:
                MoveReaders();
                break;
            default:
                Send(_requests.Next());
                if (_random.Next(4) is not 0) // Some come in the same moment.
                    Settle();
                break;
        }
    }

    /// <summary>The faults stop; in bounded time everything that was accepted has come to its end.</summary>
    private void ComeToRest()
    {
        _isCalm = true;
        _script.Add($"the faults stop, {_laws.Waiting} runs are there");
        Settle();
        var passes = 60 + (40 * _laws.Waiting);
        while (passes-- > 0 && (!_laws.Unfinished.IsEmpty || _asked.Count > 0))
        {
            Pass(TimeSpan.FromSeconds(2));
            foreach (var (thread, run) in _laws.Holders.Where(holder => _graph.IsHolding(holder.Thread)))
                Send(new StopRuns(thread, [run], Undo: false, Wait: false));
            Settle();
        }

        if (!_laws.Unfinished.IsEmpty)
        {
            var unrest = _laws.Unfinished.Select(thread => $"{_laws.Describe(thread)} {Condition(thread)}");
            throw new InvalidOperationException(
                $"I8: long after the faults have stopped, work goes on: {string.Join(", ", unrest)}");
        }

        Pass(TimeSpan.FromSeconds(40));
        CheckAnswers(isLast: true);
        foreach (var (thread, run) in _accepted)
            _laws.CheckEnded(thread, run);
        CheckReads();
        CheckReaders();
        CheckFaults();
    }

    private void LoseProcess()
    {
        _script.Add("the process is lost");
        Chronicle.Losses++;
        _disk.LoseProcess();
        Stop();
        _works.LoseProcess();
        Start();
        RejoinReaders();
        Settle();
    }

    private void Pass(TimeSpan time)
    {
        _script.Add(string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds} ms pass"));
        for (var left = time; left > TimeSpan.Zero; left -= Slice)
        {
            Advance(left < Slice ? left : Slice);
            Settle();
        }
    }

    /// <summary>
    /// Lets all go on that can, until something is at work wherever it must be. What was stopped by a fault comes back
    /// after a while, so time passes when nothing else brings it about.
    /// </summary>
    private void Settle()
    {
        _turns.RunUntilIdle();
        for (var passed = TimeSpan.Zero; !IsSettled; passed += Slice)
        {
            if (passed > Patience)
            {
                var left = _laws.Busy(_time.GetUtcNow()).Where(busy => !IsAttended(busy)).Select(_laws.Describe);
                throw new InvalidOperationException(
                    $"I8: something is due, and nothing is at work: {string.Join(", ", left)}.");
            }

            Advance(Slice);
        }

        CheckAnswers(isLast: false);
        CheckFaults();
    }

    private bool IsSettled => _laws.Busy(_time.GetUtcNow()).All(IsAttended);

    private void Advance(TimeSpan time)
    {
        Chronicle.Time += time;
        _time.Advance(time);
        ((TestScheduler)_runtime.System.Scheduler).Advance(time);
        _turns.RunUntilIdle();
    }

    private bool IsAtWork(ThreadId thread) => _works.IsAtWork(thread) || _graph.IsHolding(thread);

    private string Condition(ThreadId thread) =>
        $"at work {IsAtWork(thread)} writing {_disk.IsWriting(ThreadActor.JournalOf(thread))} "
        + $"reading {_disk.IsReading(ThreadActor.JournalOf(thread))} "
        + $"failed {_disk.HasFailed(ThreadActor.JournalOf(thread))}";

    private bool IsAttended(ThreadId thread) =>
        IsAtWork(thread)
        || _disk.IsWriting(ThreadActor.JournalOf(thread))
        || _disk.IsReading(ThreadActor.JournalOf(thread))
        || _disk.HasFailed(ThreadActor.JournalOf(thread));

    private Task PassAsync(NodeContext context, CancellationToken cancellationToken)
    {
        _works.Begin(context, cancellationToken);
        var work = $"work {context.Run.RunId} {context.Attempt} {context.Node} {context.Messages.Count}";
        var takes = TimeSpan.FromMilliseconds(1 + (Dice(work) % 3_000));
        return _works.CountAsync(context.ThreadId, Task.Delay(takes, _time, cancellationToken));
    }

    private async Task CompensateAsync(ToolCompensation undo, CancellationToken cancellationToken)
    {
        if (!_laws.LedgerOf(undo.ThreadId).Undone.Contains(undo.RunId))
            _works.Faults.Enqueue($"I9: a call of {undo.RunId}, which nobody rolled back, is undone");
        if (undo.Call.Name is "book")
            _works.UndoOnce(undo.IdempotencyKey);
        var takes = TimeSpan.FromMilliseconds(1 + (Dice($"undo {undo.RunId} {undo.Call.Name}") % 3_000));
        await _works.CountAsync(undo.ThreadId, Task.Delay(takes, _time, cancellationToken));
        if (Dice($"undone {undo.RunId} {undo.Call.Name}") % 5 is 0)
            throw new InvalidOperationException("It cannot be undone.");
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

    /// <summary>Most reads take no time; some take so long that who reads has given up by then.</summary>
    private TimeSpan ReadTakes(string journal)
    {
        var dice = Dice($"read takes {journal} {_time.GetUtcNow().Ticks}");
        return _isCalm || dice % 8 > 0
            ? TimeSpan.Zero
            : TimeSpan.FromMilliseconds(dice / 8 % (dice % 3 is 0 ? 50_000 : 900));
    }

    private void CheckFaults()
    {
        if (_works.Faults.TryDequeue(out var fault)
            || _faults.TryDequeue(out fault)
            || _graph.Faults.TryDequeue(out fault)
            || _laws.Faults.TryDequeue(out fault))
            throw new InvalidOperationException(fault);
    }

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

    private static int HashCode(int seed, int process) => (seed * 7919) ^ (process * 104729);
}
