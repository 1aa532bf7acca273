using ActorRuns.Engine.Contract;
using Akka.Actor;
using Xunit;

namespace ActorRuns.Engine.Tests.Actors;

/// <summary>Everything at once: failures, restarts, awaits and stops from several threads, by a seed.</summary>
public sealed class TroubleSpec : ContractTest
{
    private const int Children = 100;

    private enum Trouble
    {
        None,
        Fail,
        Await,
        FailAfterAwait,
        HaveChild,
        FailInChild,
    }

    private sealed record StopChild(IActorRef Child);

    /// <summary>Watches its children and tells when the last of them is gone, and of any that goes twice.</summary>
    private sealed class Top : ReceiveActor
    {
        private readonly HashSet<IActorRef> _alive = [];

        public Top(int seed, IActorRef witness)
        {
            for (var child = 0; child < Children; child++)
            {
                var own = seed + child;
                _alive.Add(Context.Watch(Context.ActorOf(Props.Create(() => new Troubled(own, witness)))));
            }

            Receive<string>(_ => Sender.Tell(_alive.ToList()));
            Receive<StopChild>(stop => Context.Stop(stop.Child));
            Receive<Terminated>(terminated =>
            {
                if (!_alive.Remove(terminated.ActorRef))
                    witness.Tell($"{terminated.ActorRef} terminated twice");
                else if (_alive.Count == 0)
                    witness.Tell("all gone");
            });
        }

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(reason =>
            reason.Message.Length % 2 == 0 ? Directive.Resume : Directive.Restart);
    }

    private sealed class Troubled : ReceiveActor
    {
        private readonly Random _random;
        private readonly IActorRef _witness;
        private int _inside;

        public Troubled(int seed, IActorRef witness)
        {
            (_random, _witness) = (new Random(seed), witness);
            ReceiveAsync<Trouble>(trouble => trouble is Trouble.Await or Trouble.FailAfterAwait, async trouble =>
            {
                Enter();
                await Task.Run(static () => { });
                Leave();
                if (trouble == Trouble.FailAfterAwait)
                    throw Failure();
            });
            Receive<Trouble>(trouble => Meet(trouble));
        }

        protected override SupervisorStrategy SupervisorStrategy() =>
            new OneForOneStrategy(_ => (Directive)_random.Next(4));

        private void Meet(Trouble trouble)
        {
            Enter();
            var children = Context.GetChildren().ToList();
            if (trouble == Trouble.HaveChild && children.Count < 3)
            {
                var seed = _random.Next();
                Context.ActorOf(Props.Create(() => new Troubled(seed, _witness)));
            }

            if (trouble == Trouble.FailInChild)
                children.ForEach(child => child.Tell(Trouble.Fail));
            Leave();
            if (trouble == Trouble.Fail)
                throw Failure();
        }

        private InvalidOperationException Failure() => new(new string('x', _random.Next(10)));

        private void Enter()
        {
            if (Interlocked.Increment(ref _inside) != 1)
                _witness.Tell($"{Self} handles two messages at a time");
        }

        private void Leave() => Interlocked.Decrement(ref _inside);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(300)]
    public async Task Whatever_happens_to_actors_that_are_told_to_stop_their_watcher_hears_of_each_end_once(int seed)
    {
        var top = Sys.ActorOf(Props.Create(() => new Top(seed, TestActor)));
        var children = await top.Ask<List<IActorRef>>("children", Patience);

        var troubles = Enumerable.Range(seed, 4).Select(own => Task.Run(() =>
        {
            var random = new Random(own);
            for (var count = 0; count < 2000; count++)
                children[random.Next(Children)].Tell((Trouble)random.Next(6), ActorRefs.NoSender);
        }));
        var stops = Task.Run(() =>
        {
            foreach (var (index, child) in children.Index())
            {
                if (index % 3 == 0)
                    Sys.Stop(child);
                else if (index % 3 == 1)
                    child.Tell(PoisonPill.Instance, ActorRefs.NoSender);
                else
                    top.Tell(new StopChild(child), ActorRefs.NoSender);
            }
        });
        await Task.WhenAll([.. troubles, stops]);

        await ExpectMsgAsync("all gone");
        Assert.True(await top.GracefulStop(Patience));
    }
}
