using ActorRuns.Engine.Contract;
using Akka.Actor;
using Akka.Persistence;
using Xunit;

namespace ActorRuns.Engine.Tests.Persistence;

/// <summary>Persistent actors where the engine contract says nothing: long queues, mixed writes, failing handlers.</summary>
public sealed class EventsourcedSpec : PersistenceTest
{
    [Fact]
    public void A_long_queue_of_commands_keeps_its_order()
    {
        const int Count = 5_000;
        var actor = Actor("a", (self, command) => self.Persist(command, self.Reply));

        for (var number = 0; number < Count; number++)
            actor.Tell($"{number}");

        Assert.Equal(
            Enumerable.Range(0, Count).Select(number => $"{number}"),
            ReceiveN(Count, TimeSpan.FromSeconds(30)).Cast<string>());
    }

    [Fact]
    public void Handlers_run_in_the_order_of_their_events_however_they_were_persisted()
    {
        var actor = Actor("a", (self, command) =>
        {
            self.PersistAsync($"{command} async", self.Reply);
            self.Persist($"{command} waiting", self.Reply);
            self.DeferAsync($"{command} deferred", self.Reply);
        });

        actor.Tell("1");
        actor.Tell("2");

        var told = ReceiveN(6).Cast<string>().ToList();
        Assert.Equal(["1 async", "1 waiting", "1 deferred"], told.Where(text => text.StartsWith('1')));
        Assert.Equal(["2 async", "2 waiting", "2 deferred"], told.Where(text => text.StartsWith('2')));
    }

    [Fact]
    public void Async_commands_that_persist_after_an_await_keep_their_order()
    {
        var actor = Sys.ActorOf(Props.Create(() => new PersistingAsync()));

        for (var number = 0; number < 200; number++)
            actor.Tell(number);

        Assert.Equal(
            Enumerable.Range(0, 200).SelectMany(number => new object[] { -number, number }),
            ReceiveN(400, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void A_handler_that_stops_the_actor_is_the_last_one_to_run()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Stopping()));
        Watch(actor);

        actor.Tell("go");

        ExpectMsg("handled 1");
        ExpectTerminated(actor);
        ExpectNoMsg(Moment);
        NewJournaling("stopping").Tell(new GetState());
        Assert.Equal(["1", "2"], ExpectMsg<string[]>());
    }

    [Fact]
    public void When_the_supervisor_resumes_an_actor_whose_handler_failed_the_next_handlers_run()
    {
        var parent = Sys.ActorOf(Props.Create(() => new Parent(new OneForOneStrategy(_ => Directive.Resume))));
        parent.Tell(new Spawn(Props.Create(() => new FailingOnce())));
        var actor = ExpectMsg<IActorRef>();

        actor.Tell("go");
        actor.Tell("ping");

        ExpectMsg("handled 2");
        ExpectMsg("ping");
    }

    [Fact]
    public void What_is_persisted_while_events_are_replayed_is_refused()
    {
        Given("a", "1");

        Watch(Sys.ActorOf(Props.Create(() => new PersistingTooSoon(TestActor))));

        Assert.Contains("while events are replayed", ExpectMsg<InvalidOperationException>().Message);
        ExpectMsg<Terminated>();
    }

    private sealed class PersistingAsync : ReceivePersistentActor
    {
        public PersistingAsync()
        {
            RecoverAny(_ => { });
            CommandAsync<int>(async number =>
            {
                await Task.Yield();
                Sender.Tell(-number);
                Persist(number, e => Sender.Tell(e));
            });
        }

        public override string PersistenceId => "async";
    }

    private sealed class Stopping : UntypedPersistentActor
    {
        public override string PersistenceId => "stopping";

        protected override void OnCommand(object message) => PersistAll(["1", "2"], e =>
        {
            Sender.Tell($"handled {e}");
            Context.Stop(Self);
        });

        protected override void OnRecover(object message)
        {
        }
    }

    private sealed class FailingOnce : UntypedPersistentActor
    {
        public override string PersistenceId => "failing";

        protected override void OnCommand(object message)
        {
            if (message is "ping")
                Sender.Tell(message);
            else
                PersistAll(["1", "2"], e =>
                    Sender.Tell(e == "1" ? throw new InvalidOperationException("the first one fails") : $"handled {e}"));
        }

        protected override void OnRecover(object message)
        {
        }
    }

    private sealed class PersistingTooSoon(IActorRef witness) : UntypedPersistentActor
    {
        public override string PersistenceId => "a";

        protected override void OnCommand(object message)
        {
        }

        protected override void OnRecover(object message)
        {
            if (message is string)
                Persist("too soon", _ => { });
        }

        protected override void OnRecoveryFailure(Exception reason, object? message = null) => witness.Tell(reason);
    }
}
