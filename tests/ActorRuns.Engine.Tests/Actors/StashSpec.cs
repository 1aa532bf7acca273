using ActorRuns.Engine.Contract;
using Akka.Actor;
using Xunit;

namespace ActorRuns.Engine.Tests.Actors;

/// <summary>A stash in the hands of an actor that watches, restarts and picks.</summary>
public sealed class StashSpec : ContractTest
{
    private sealed class Holding : ReceiveActor, IWithStash
    {
        public Holding(IActorRef? watched, IActorRef witness)
        {
            if (watched is not null)
                Context.Watch(watched);
            Receive<string>(text => text == "open", _ =>
            {
                Become(() =>
                {
                    Receive<Terminated>(terminated => witness.Tell(terminated.ActorRef));
                    ReceiveAny(message => witness.Tell(message));
                });
                Stash.UnstashAll();
            });
            Receive<string>(text => text == "even", _ =>
            {
                Become(() => ReceiveAny(message => witness.Tell(message)));
                Stash.UnstashAll(envelope => envelope.Message is int number && number % 2 == 0);
            });
            Receive<string>(text => text == "count", _ => witness.Tell(Stash.Count));
            Receive<string>(text => text == "fail", _ => throw new InvalidOperationException("asked to"));
            ReceiveAny(_ => Stash.Stash());
        }

        public IStash Stash { get; set; } = null!;

        protected override void PreRestart(Exception reason, object message)
        {
        }
    }

    private IActorRef NewHolding(IActorRef? watched = null) =>
        Sys.ActorOf(Props.Create(() => new Holding(watched, TestActor)));

    [Fact]
    public void A_Terminated_that_was_stashed_is_delivered_when_it_comes_back()
    {
        var watched = Sys.ActorOf(Props.Create<Echo>());
        var actor = NewHolding(watched);
        StopAndWait(watched);
        AwaitAssert(() =>
        {
            actor.Tell("count");
            Assert.Equal(1, ExpectMsg<int>());
        });

        actor.Tell("open");

        ExpectMsg(watched);
    }

    [Fact]
    public void Nothing_stashed_is_lost_in_a_restart_whatever_PreRestart_does()
    {
        var actor = NewHolding();
        actor.Tell(1);
        actor.Tell(2);

        actor.Tell("fail");
        actor.Tell("open");

        ExpectMsg(1);
        ExpectMsg(2);
    }

    [Fact]
    public void What_the_predicate_refuses_is_dropped()
    {
        var actor = NewHolding();
        for (var number = 1; number <= 4; number++)
            actor.Tell(number);

        actor.Tell("even");
        actor.Tell("end");

        ExpectMsg(2);
        ExpectMsg(4);
        ExpectMsg("end");
    }
}
