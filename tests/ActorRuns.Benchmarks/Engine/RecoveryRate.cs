using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;

namespace ActorRuns.Benchmarks.Engine;

/// <summary>Events read back and handled by actors that start all at once, in a system that has just started.</summary>
internal static class RecoveryRate
{
    /// <summary>Measures it, after a round that warms up.</summary>
    public static async Task<Rate> MeasureAsync(IDatabase database, int actors, EngineSizes sizes)
    {
        const string Prefix = "recovered";
        var eventsOfEach = Math.Max(1, sizes.Recovered / actors);
        await RecoverAsync(database, Prefix, actors, eventsOfEach: 0); // Makes the tables.
        RawInserts.Fill(database, Prefix, actors, eventsOfEach);

        var rate = new Rate($"{database.Kind}, recover {actors} actors of {eventsOfEach:N0} events", "events");
        for (var round = 0; round <= sizes.Rounds; round++)
        {
            var elapsed = await RecoverAsync(database, Prefix, actors, eventsOfEach);
            if (round > 0)
                rate.Add(actors * eventsOfEach / elapsed.TotalSeconds);
        }

        return rate;
    }

    private static async Task<TimeSpan> RecoverAsync(IDatabase database, string prefix, int actors, int eventsOfEach)
    {
        using var system = ActorSystem.Create("recover", ConfigurationFactory.ParseString(database.Hocon));
        var recovered = new Latch(actors);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < actors; i++)
            system.ActorOf(Props.Create<Reader>($"{prefix}-{i}", eventsOfEach, recovered));
        await recovered.OpenedAsync();
        var elapsed = Stopwatch.GetElapsedTime(start);
        await system.Terminate();
        return elapsed;
    }

    private sealed class Reader(string id, int expected, Latch recovered) : UntypedPersistentActor
    {
        private int _events;

        public override string PersistenceId => id;

        protected override void OnRecover(object message)
        {
            if (message is byte[])
                _events++;
            else if (message is RecoveryCompleted && _events == expected)
                recovered.Signal();
        }

        protected override void OnCommand(object message) => Unhandled(message);
    }
}
