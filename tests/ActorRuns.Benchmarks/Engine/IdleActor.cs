using System.Globalization;
using Akka.Actor;

namespace ActorRuns.Benchmarks.Engine;

/// <summary>The memory that an actor holds which has handled a message and waits for the next.</summary>
internal static class IdleActor
{
    /// <summary>Measures it.</summary>
    public static async Task<string> MeasureAsync(EngineSizes sizes)
    {
        using var system = ActorSystem.Create("idle");
        var parent = system.ActorOf(Props.Create<Parent>());
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var greeted = new Latch(sizes.Actors);
        parent.Tell(new Start(sizes.Actors, greeted), ActorRefs.NoSender);
        await greeted.OpenedAsync();

        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        await system.Terminate();
        return string.Create(CultureInfo.InvariantCulture,
            $"{"idle actor with two handlers",-52} {held / sizes.Actors} bytes   n {sizes.Actors}");
    }

    private sealed record Start(int Count, Latch Greeted);

    private sealed class Parent : ReceiveActor
    {
        public Parent() => Receive<Start>(start =>
        {
            for (var i = 0; i < start.Count; i++)
                Context.ActorOf(Props.Create<Idle>()).Tell(start.Greeted, Self);
        });
    }

    private sealed class Idle : ReceiveActor
    {
        private int _greetings;

        public Idle()
        {
            Receive<Latch>(greeted => greeted.Signal());
            Receive<string>(_ => _greetings++);
        }
    }
}
