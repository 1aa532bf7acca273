using ActorRuns.Engine.Contract;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Xunit;

namespace ActorRuns.Engine.Tests.Actors;

/// <summary>
/// In bad weather the log says where it struck and why, to someone who has never seen the code. What databases add to
/// that is said in their own specs.
/// </summary>
public sealed class LogLineSpec() : ContractTest("""
    akka {
        loglevel = INFO
        loggers = []
        log-dead-letters = on
        persistence {
            journal.plugin = "akka.persistence.journal.inmem"
            snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        }
    }
    """)
{
    private sealed class Failing : UntypedActor
    {
        private readonly string _where;

        public Failing(string where)
        {
            _where = where;
            Pass("constructor");
        }

        protected override void PreStart() => Pass("PreStart");

        protected override void PostStop() => Pass("PostStop");

        protected override void OnReceive(object message) => Pass("receive");

        private void Pass(string where)
        {
            if (where == _where)
                throw new InvalidOperationException($"it failed in {where}");
        }
    }

    private sealed class FailingToPersist(string where) : UntypedPersistentActor
    {
        public override string PersistenceId => "ledger-7";

        protected override void OnCommand(object message) => Persist(message, _ =>
        {
            if (where is "handler")
                throw new InvalidOperationException("it failed in handler");
            Sender.Tell("persisted");
        });

        protected override void OnRecover(object message)
        {
            if (where is "recovery" && message is string)
                throw new InvalidOperationException("it failed in recovery");
        }
    }

    [Theory]
    [InlineData("constructor")]
    [InlineData("PreStart")]
    [InlineData("receive")]
    [InlineData("PostStop")]
    public void Of_an_actor_that_throws_it_names_the_path_and_the_exception(string where)
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Error));

        var actor = Sys.ActorOf(Props.Create(() => new Failing(where)), "fragile");
        actor.Tell("go");
        actor.Tell(PoisonPill.Instance);

        var line = $"{ExpectMsg<Error>()}";
        Assert.StartsWith("[ERROR]", line);
        Assert.Contains($"[{actor.Path}]", line);
        Assert.Contains($"{typeof(InvalidOperationException)}: it failed in {where}", line);
        Assert.Contains(nameof(Failing), line); // The stack says where.
    }

    [Fact]
    public void Of_a_handler_of_an_event_that_throws_it_names_the_path_and_the_exception()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Error));

        var actor = Sys.ActorOf(Props.Create(() => new FailingToPersist("handler")), "ledger");
        actor.Tell("event");

        var line = $"{ExpectMsg<Error>()}";
        Assert.Contains($"[{actor.Path}]", line);
        Assert.Contains($"{typeof(InvalidOperationException)}: it failed in handler", line);
    }

    [Fact]
    public void Of_a_recovery_that_throws_it_names_the_persistence_id_and_the_number_of_the_event()
    {
        var before = Sys.ActorOf(Props.Create(() => new FailingToPersist("nowhere")));
        before.Tell("event");
        ExpectMsg("persisted");
        StopAndWait(before);
        Sys.EventStream.Subscribe(TestActor, typeof(Error));

        var actor = Sys.ActorOf(Props.Create(() => new FailingToPersist("recovery")), "ledger");

        var line = $"{ExpectMsg<Error>()}";
        Assert.Contains($"[{actor.Path}]", line);
        Assert.Contains("'ledger-7' could not be recovered; 1 was handled last, the actor stops.", line);
        Assert.Contains($"{typeof(InvalidOperationException)}: it failed in recovery", line);
    }

    [Fact]
    public void Of_a_message_to_a_stopped_actor_it_names_the_message_the_sender_and_the_receiver()
    {
        var actor = ActorDoing((_, _) => { });
        StopAndWait(actor);
        Sys.EventStream.Subscribe(TestActor, typeof(Info));

        actor.Tell(new Increment());

        var line = $"{ExpectMsg<Info>()}";
        Assert.Contains($"Message [{nameof(Increment)}] from {TestActor} to {actor} was not delivered.", line);
    }
}
