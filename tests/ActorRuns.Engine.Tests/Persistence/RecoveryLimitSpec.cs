using System.Collections.Immutable;
using ActorRuns.Engine.Contract;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Xunit;

namespace ActorRuns.Engine.Tests.Persistence;

/// <summary>What <c>max-concurrent-recoveries</c> does.</summary>
public sealed class RecoveryLimitSpec() : ContractTest($$"""
    akka.persistence {
        max-concurrent-recoveries = 1
        journal.plugin = "slow"
    }
    slow.class = {{ClassName<SlowJournal>()}}
    """)
{
    [Fact]
    public void Who_comes_second_waits_until_the_first_has_recovered()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Asked));
        NewActor("a");
        var first = ExpectMsg<Asked>();

        NewActor("b");
        ExpectNoMsg(Moment);
        first.Answer.SetResult(0);

        ExpectMsg("a");
        Assert.Equal("b", ExpectMsg<Asked>().PersistenceId);
    }

    [Fact]
    public void Who_stops_before_it_has_recovered_or_had_its_turn_is_in_nobodys_way()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Asked));
        var first = NewActor("a");
        ExpectMsg<Asked>();
        var second = NewActor("b");
        NewActor("c");

        StopAndWait(second);
        StopAndWait(first);

        Assert.Equal("c", ExpectMsg<Asked>().PersistenceId);
    }

    private IActorRef NewActor(string id) => Sys.ActorOf(Props.Create(() => new Recovering(id, TestActor)));

    private sealed record Asked(string PersistenceId, TaskCompletionSource<long> Answer);

    private sealed class Recovering(string id, IActorRef witness) : UntypedPersistentActor
    {
        public override string PersistenceId => id;

        protected override void OnRecover(object message) => witness.Tell(id);

        protected override void OnCommand(object message)
        {
        }
    }

    /// <summary>Publishes that it was asked, and answers when the test does.</summary>
    public sealed class SlowJournal : AsyncWriteJournal
    {
        private readonly Akka.Event.EventStream _events = Context.System.EventStream;

        public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr)
        {
            var asked = new Asked(persistenceId, new(TaskCreationOptions.RunContinuationsAsynchronously));
            _events.Publish(asked);
            return asked.Answer.Task;
        }

        public override Task ReplayMessagesAsync(
            IActorContext context,
            string persistenceId,
            long fromSequenceNr,
            long toSequenceNr,
            long max,
            Action<IPersistentRepresentation> recoveryCallback) => Task.CompletedTask;

        protected override Task<IImmutableList<Exception>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages) =>
            throw new NotSupportedException();

        protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr) =>
            throw new NotSupportedException();
    }
}
