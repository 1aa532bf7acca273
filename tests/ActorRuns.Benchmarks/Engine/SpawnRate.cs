using System.Diagnostics;
using Akka.Actor;

namespace ActorRuns.Benchmarks.Engine;

/// <summary>Children of one parent started, and stopped one by one.</summary>
internal static class SpawnRate
{
    /// <summary>Measures both, after a round that warms up.</summary>
    public static async Task<Rate[]> MeasureAsync(EngineSizes sizes)
    {
        var (started, stopped) = (new Rate("start actors", "actors"), new Rate("stop actors", "actors"));
        using var system = ActorSystem.Create("spawn");
        for (var round = 0; round <= sizes.Rounds; round++)
        {
            var (allStarted, allStopped) = (new Latch(sizes.Actors), new Latch(sizes.Actors));
            var parent = system.ActorOf(Props.Create<Parent>(Props.Create<Child>(allStarted, allStopped)));

            var startPerSecond = await TimeAsync(new Start(sizes.Actors), allStarted);
            var stopPerSecond = await TimeAsync(new Stop(sizes.Actors), allStopped);

            system.Stop(parent);
            if (round is 0)
                continue;

            started.Add(startPerSecond);
            stopped.Add(stopPerSecond);

            async Task<double> TimeAsync(object message, Latch all)
            {
                var start = Stopwatch.GetTimestamp();
                parent.Tell(message, ActorRefs.NoSender);
                await all.OpenedAsync();
                return sizes.Actors / Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }

        await system.Terminate();
        return [started, stopped];
    }

    /// <summary>Starts so many children.</summary>
    internal sealed record Start(int Count);

    /// <summary>Stops so many children, which is all.</summary>
    internal sealed record Stop(int Count);

    /// <summary>Starts and stops children when it is told to.</summary>
    internal sealed class Parent(Props child) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Start(var count):
                    for (var i = 0; i < count; i++)
                        Context.ActorOf(child);
                    break;
                case Stop:
                    foreach (var actor in Context.GetChildren())
                        Context.Stop(actor);
                    break;
                default:
                    Unhandled(message);
                    break;
            }
        }
    }

    private sealed class Child(Latch started, Latch stopped) : UntypedActor
    {
        protected override void PreStart() => started.Signal();

        protected override void PostStop() => stopped.Signal();

        protected override void OnReceive(object message) => Unhandled(message);
    }
}
