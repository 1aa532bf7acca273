using System.Diagnostics;
using Akka.Actor;

namespace ActorRuns.Benchmarks.Engine;

/// <summary>Messages told between pairs of actors, with a hundred of each pair on their way at any time.</summary>
internal static class TellThroughput
{
    private const int Window = 100;

    private static readonly object Ball = new();

    /// <summary>Measures it, after a round that warms up.</summary>
    public static async Task<Rate> MeasureAsync(int pairs, EngineSizes sizes)
    {
        var rate = new Rate($"tell, {pairs} ping-pong pairs", "messages");
        var exchanges = Math.Max(Window, sizes.Messages / 2 / pairs);
        using var system = ActorSystem.Create("tell");
        for (var round = 0; round <= sizes.Rounds; round++)
        {
            var perSecond = await PlayAsync(system, pairs, exchanges);
            if (round > 0)
                rate.Add(perSecond);
        }

        await system.Terminate();
        return rate;
    }

    private static async Task<double> PlayAsync(ActorSystem system, int pairs, int exchanges)
    {
        var done = new Latch(pairs);
        var servers = Enumerable.Range(0, pairs)
            .Select(_ => system.ActorOf(Props.Create<Returner>()))
            .Select(partner => system.ActorOf(Props.Create<Server>(partner, exchanges, done)))
            .ToList();

        var start = Stopwatch.GetTimestamp();
        foreach (var server in servers)
            server.Tell(Start.Instance, ActorRefs.NoSender);
        await done.OpenedAsync();
        var elapsed = Stopwatch.GetElapsedTime(start);

        foreach (var server in servers)
            system.Stop(server);
        return 2.0 * exchanges * pairs / elapsed.TotalSeconds;
    }

    private sealed record Start
    {
        public static readonly Start Instance = new();
    }

    private sealed class Server(IActorRef partner, int exchanges, Latch done) : UntypedActor
    {
        private int _served;
        private int _returned;

        protected override void OnReceive(object message)
        {
            if (message is Start)
            {
                while (_served < Window)
                    Serve();
                return;
            }

            if (_served < exchanges)
                Serve();
            if (++_returned == exchanges)
                done.Signal();
        }

        protected override void PostStop() => Context.Stop(partner);

        private void Serve()
        {
            _served++;
            partner.Tell(Ball, Self);
        }
    }

    private sealed class Returner : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }
}
