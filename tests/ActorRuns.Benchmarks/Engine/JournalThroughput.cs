using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;

namespace ActorRuns.Benchmarks.Engine;

/// <summary>
/// Events persisted by actors that await each one before they persist the next, beside raw inserts of as many rows at a
/// time into the same table with the same durability. The ratio of a round is the figure. Which of the two goes first
/// changes with each round: the second finds the disk and the caches as the first left them.
/// </summary>
internal static class JournalThroughput
{
    /// <summary>Measures both in turns, and prints them.</summary>
    public static async Task MeasureAsync(
        IDatabase database, int actors, EngineSizes sizes, CancellationToken cancellationToken)
    {
        var journal = new Rate($"{database.Kind}, persist, {actors} actors", "events");
        var raw = new Rate($"{database.Kind}, raw inserts, {actors} rows at a time", "events");
        var ratios = new List<double>();
        for (var round = 0; round <= sizes.Rounds; round++)
        {
            var isRawFirst = round % 2 is 1; // The journal makes the table, and so goes first at first.
            var inserted = isRawFirst ? await InsertAsync(round) : 0;
            var persisted = await PersistAsync(database, $"actor-{round}", actors, sizes.Duration, cancellationToken);
            if (!isRawFirst)
                inserted = await InsertAsync(round);
            if (round is 0)
                continue; // Warms up.

            journal.Add(persisted);
            raw.Add(inserted);
            ratios.Add(persisted / inserted);
        }

        ratios.Sort();

        Console.WriteLine(journal);
        Console.WriteLine(raw);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{database.Kind}, {actors} actors, persisted / raw: median {ratios[ratios.Count / 2]:F2}, "
            + $"{ratios[0]:F2} to {ratios[^1]:F2}"));

        Task<double> InsertAsync(int round) =>
            RawInserts.MeasureAsync(database, $"raw-{round}", actors, sizes.Duration);
    }

    private static async Task<double> PersistAsync(
        IDatabase database, string prefix, int actors, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var system = ActorSystem.Create("persist", ConfigurationFactory.ParseString(database.Hocon));
        var shift = new Shift(new Latch(actors), new Latch(actors));
        var writers = Enumerable.Range(0, actors)
            .Select(i => system.ActorOf(Props.Create<Writer>($"{prefix}-{i}", shift)))
            .ToList();
        await shift.Ready.OpenedAsync();

        var start = Stopwatch.GetTimestamp();
        foreach (var writer in writers)
            writer.Tell(Write.Instance, ActorRefs.NoSender);
        await Task.Delay(duration, TimeProvider.System, cancellationToken);
        shift.End();
        await shift.Ended.OpenedAsync();
        var perSecond = shift.Persisted / Stopwatch.GetElapsedTime(start).TotalSeconds;

        await system.Terminate();
        return perSecond;
    }

    /// <summary>The time in which the writers of a round write.</summary>
    /// <param name="ready">Opens when all have recovered.</param>
    /// <param name="ended">Opens when all have stopped writing.</param>
    private sealed class Shift(Latch ready, Latch ended)
    {
        private long _persisted;
        private volatile bool _isOver;

        public Latch Ready { get; } = ready;

        public Latch Ended { get; } = ended;

        public long Persisted => Interlocked.Read(ref _persisted);

        public bool IsOver => _isOver;

        public void Count() => Interlocked.Increment(ref _persisted);

        public void End() => _isOver = true;
    }

    private sealed record Write
    {
        public static readonly Write Instance = new();
    }

    private sealed class Writer(string id, Shift shift) : UntypedPersistentActor
    {
        public override string PersistenceId => id;

        protected override void OnRecover(object message)
        {
            if (message is RecoveryCompleted)
                shift.Ready.Signal();
        }

        protected override void OnCommand(object message) => Persist(RawEvent.Payload, _ =>
        {
            shift.Count();
            if (shift.IsOver)
                shift.Ended.Signal();
            else
                Self.Tell(Write.Instance, Self);
        });
    }
}
