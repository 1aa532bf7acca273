using System.Runtime.CompilerServices;
using ActorRuns.Engine.Contract;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Xunit;

namespace ActorRuns.Engine.Tests.Persistence;

/// <summary>Persistent actors on every kind of database, in good weather and bad.</summary>
public abstract class SqlJournalSpec : ContractTest
{
    private static readonly string[] Ids = ["a", "b"];

    private readonly TestDatabase _database;

    protected SqlJournalSpec(TestDatabase database)
        : base(database.Hocon($$"""
            buffer-size = 1
            replay-batch-size = 10
            parallelism = 1
            event-adapters.counter = {{ClassName<ReadCounter>()}}
            event-adapter-bindings { {{ClassName<Ordered>()}} = counter }
            """) + DomainSerializer.Hocon + "\nakka.loglevel = ERROR") => _database = database;

    protected TestDatabase Database => _database;

    [Fact]
    public void Events_snapshots_and_numbers_outlive_the_actor()
    {
        var ledger = NewLedger("a");
        Persist(ledger, 3);
        ledger.Tell("snapshot");
        ExpectMsg<SaveSnapshotSuccess>();
        Persist(ledger, 1);
        StopAndWait(ledger);

        NewLedger("a").Tell("story");

        Assert.Equal(["snapshot 3", "1"], ExpectMsg<string[]>());
    }

    [Fact]
    public void Deleted_events_and_snapshots_are_not_recovered_but_the_numbers_go_on()
    {
        var ledger = NewLedger("a");
        Persist(ledger, 2);
        ledger.Tell("snapshot");
        ExpectMsg<SaveSnapshotSuccess>();
        ledger.Tell("delete events");
        ExpectMsg<DeleteMessagesSuccess>();
        ledger.Tell("delete snapshots");
        ExpectMsg<DeleteSnapshotsSuccess>();
        StopAndWait(ledger);

        var next = NewLedger("a");
        next.Tell("story");
        Assert.Empty(ExpectMsg<string[]>());
        next.Tell(1);

        ExpectMsg("persisted 3");
        Assert.Equal(["2 1", "3 0"], Rows("sequence_number", "cast(deleted as integer)"));
    }

    [Fact]
    public void A_long_story_is_recovered_in_order_page_by_page()
    {
        Persist(NewLedger("a"), 95);

        NewLedger("a").Tell("story");

        Assert.Equal(Enumerable.Range(1, 95).Select(number => $"{number}"), ExpectMsg<string[]>());
    }

    [Fact]
    public void An_actor_that_is_slow_to_recover_is_not_given_more_than_a_page_and_keeps_no_reader_busy()
    {
        Persist(NewLedger("a"), 25);
        Persist(NewLedger("b"), 1);
        using var gate = new ManualResetEventSlim();
        var witness = CreateTestProbe();
        var read = ReadCounter.Of(Sys);

        var slow = Sys.ActorOf(Props.Create(() => new Ledger("a", witness.Ref, gate)));
        witness.ExpectMsg("recovering");
        Ready(NewLedger("b")); // The only reader there is has read all of b, and so nothing more of a.
        Assert.Equal(10 + 1, read.Count);
        gate.Set();

        slow.Tell("story");
        Assert.Equal(25, ExpectMsg<string[]>().Length);
        Assert.Equal(25 + 1, read.Count);
    }

    [Fact]
    public void When_the_queue_is_full_events_are_rejected_and_the_actors_go_on()
    {
        var (a, b) = (NewLedger("a"), NewLedger("b"));
        Persist(a, 1);
        Persist(b, 1);

        using (_database.HoldWrites())
        {
            a.Tell(1);
            b.Tell(1);
            // Whichever came second; the first one waits for the lock.
            Assert.Contains("writes wait for the database", ExpectMsg<Rejected>().Cause.Message);
        }

        ExpectMsg("persisted 2");
        Persist(a, 1);
        Persist(b, 1);
    }

    [Fact]
    public void Of_two_writers_with_one_id_the_second_is_told_which_event_is_there_already()
    {
        var (first, second) = (NewLedger("a"), NewLedger("a"));
        Ready(first);
        Ready(second);
        Watch(second);
        Persist(first, 1);

        second.Tell(1);

        Assert.Contains("Event 1 of 'a'", ExpectMsg<Failed>().Cause.Message);
        ExpectTerminated(second);
        Persist(first, 1);
    }

    [Fact]
    public void An_event_nobody_can_read_stops_recovery_by_name_and_stays_where_it_is()
    {
        Persist(NewLedger("a"), 3);
        _database.Execute("update journal set manifest = 'forgotten-v7' where sequence_number = 2");

        var (witness, log) = (CreateTestProbe(), CreateTestProbe());
        Sys.EventStream.Subscribe(log.Ref, typeof(Error));
        Watch(NewLedger("a", witness: witness.Ref));

        var failure = witness.ExpectMsg<NotRecovered>();
        Assert.Contains("Event 2 of 'a'", failure.Reason.Message);
        Assert.Contains("forgotten-v7", failure.Reason.Message);
        ExpectMsg<Terminated>();
        var line = $"{log.ExpectMsg<Error>()}";
        Assert.Contains("'a' could not be recovered; 1 was handled last", line);
        Assert.Contains(failure.Reason.Message, line);
        Assert.Equal(["1", "2", "3"], Rows("sequence_number"));
    }

    [Fact]
    public void A_successor_recovers_what_its_predecessor_had_still_under_way()
    {
        var ledger = NewLedger("a");
        Persist(ledger, 1);
        IActorRef successor;
        using (_database.HoldWrites())
        {
            ledger.Tell("persist and say so");
            ExpectMsg("persisting");
            StopAndWait(ledger);
            successor = NewLedger("a");
        }

        successor.Tell("story");

        Assert.Equal(["1", "2"], ExpectMsg<string[]>());
    }

    [Fact]
    public async Task What_actors_persist_when_their_system_ends_is_written_before_its_end()
    {
        using var system = ActorSystem.Create("ending", QuietConfig(_database.Hocon() + DomainSerializer.Hocon));
        var witness = CreateTestProbe(system);
        List<IActorRef> ledgers = [.. Ids.Select(id => system.ActorOf(Props.Create(() => new Ledger(id, null, null))))];
        ledgers.ForEach(ledger => Persist(ledger, 1));
        Task terminated;
        using (_database.HoldWrites())
        {
            foreach (var ledger in ledgers)
            {
                ledger.Tell("persist and say so", TestActor);
                ExpectMsg("persisting");
                witness.Watch(ledger);
                system.Stop(ledger);
                witness.ExpectTerminated(ledger);
            }

            // What it answers comes after what the actors told it before they stopped.
            system.ActorSelection("/system/akka.persistence.journal.sql").Tell(new Identify("journal"), witness.Ref);
            witness.ExpectMsg<ActorIdentity>();
            terminated = system.Terminate();
            Assert.False(terminated.IsCompleted);
        }

        await terminated.WaitAsync(Patience);

        Assert.Equal(["a 1", "a 2", "b 1", "b 2"], _database.Query(
            "select persistence_id, sequence_number from journal order by persistence_id, sequence_number"));
    }

    protected sealed record Rejected(Exception Cause);

    protected sealed record Failed(Exception Cause);

    protected sealed record NotRecovered(Exception Reason);

    protected IActorRef NewLedger(string id, IActorRef? witness = null) =>
        Sys.ActorOf(Props.Create(() => new Ledger(id, witness, null)));

    protected List<string> Rows(params string[] columns) =>
        _database.Query($"select {string.Join(", ", columns)} from journal order by ordering");

    protected void Ready(IActorRef ledger)
    {
        ledger.Tell("story");
        ExpectMsg<string[]>();
    }

    /// <summary>Persists events one by one, numbered from 1, and waits for each.</summary>
    protected void Persist(IActorRef ledger, int count)
    {
        for (var number = 1; number <= count; number++)
        {
            ledger.Tell(number);
            Assert.StartsWith("persisted", ExpectMsg<string>());
        }
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _database.Dispose();
    }

    /// <summary>Persists every number it gets and tells its story when it is asked.</summary>
    /// <param name="id">Its persistence id.</param>
    /// <param name="witness">Is told of its recovery.</param>
    /// <param name="gate">Is waited for when the first event is recovered.</param>
    protected sealed class Ledger(string id, IActorRef? witness, ManualResetEventSlim? gate)
        : UntypedPersistentActor
    {
        private readonly List<string> _story = [];
        private IActorRef _asker = ActorRefs.Nobody;

        public override string PersistenceId => id;

        protected override void OnRecover(object message)
        {
            switch (message)
            {
                case SnapshotOffer offer:
                    _story.Add($"snapshot {((Ordered)offer.Snapshot).Count}");
                    break;
                case Ordered order:
                    if (_story.Count == 0 && gate is not null)
                    {
                        witness?.Tell("recovering");
                        gate.Wait(Patience);
                    }

                    _story.Add($"{order.Count}");
                    break;
            }
        }

        protected override void OnCommand(object message)
        {
            switch (message)
            {
                case int number:
                    Persist(new Ordered("number", number), _ => Sender.Tell($"persisted {LastSequenceNr}"));
                    break;
                case "story":
                    Sender.Tell(_story.ToArray());
                    break;
                case "snapshot":
                    _asker = Sender;
                    SaveSnapshot(new Ordered("snapshot", (int)LastSequenceNr));
                    break;
                case "delete events":
                    _asker = Sender;
                    DeleteMessages(LastSequenceNr);
                    break;
                case "delete snapshots":
                    _asker = Sender;
                    DeleteSnapshots(SnapshotSelectionCriteria.Latest);
                    break;
                case "persist and say so":
                    Sender.Tell("persisting");
                    Persist(new Ordered("number", 2), _ => { });
                    break;
                default:
                    _asker.Tell(message);
                    break;
            }
        }

        protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
            Sender.Tell(new Rejected(cause));

        protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
            Sender.Tell(new Failed(cause));

        protected override void OnRecoveryFailure(Exception reason, object? message = null)
        {
            base.OnRecoveryFailure(reason, message);
            witness?.Tell(new NotRecovered(reason));
        }
    }

    /// <summary>Counts the events that are read for recoveries, and leaves them as they are.</summary>
    protected sealed class ReadCounter : IReadEventAdapter
    {
        private static readonly ConditionalWeakTable<ActorSystem, ReadCounter> Counters = [];

        private int _count;

        public ReadCounter(ExtendedActorSystem system) => Counters.Add(system, this);

        public int Count => Volatile.Read(ref _count);

        /// <summary>That of the journal of the system, which has started.</summary>
        public static ReadCounter Of(ActorSystem system) =>
            Counters.TryGetValue(system, out var counter) ? counter : throw new InvalidOperationException("None yet.");

        public IEventSequence FromJournal(object evt, string manifest)
        {
            Interlocked.Increment(ref _count);
            return EventSequence.Single(evt);
        }
    }
}
