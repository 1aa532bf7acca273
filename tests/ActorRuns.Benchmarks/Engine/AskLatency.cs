using System.Diagnostics;
using Akka.Actor;

namespace ActorRuns.Benchmarks.Engine;

/// <summary>From asking an idle actor to the continuation that has its answer.</summary>
internal static class AskLatency
{
    /// <summary>Measures it.</summary>
    public static async Task<Sample> MeasureAsync(EngineSizes sizes)
    {
        using var system = ActorSystem.Create("ask");
        var answerer = system.ActorOf(Props.Create<Answerer>());
        var sample = new Sample("ask and answer");
        for (var round = -sizes.Asks / 10; round < sizes.Asks; round++)
        {
            var start = Stopwatch.GetTimestamp();
            await answerer.Ask<object>("question", TimeSpan.FromSeconds(10));
            if (round >= 0)
                sample.Since(start);
        }

        await system.Terminate();
        return sample;
    }

    private sealed class Answerer : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }
}
