using ActorRuns.Engine.Contract;
using Akka.Actor;
using Akka.Persistence;
using Xunit;

namespace ActorRuns.Engine.Tests.Persistence;

/// <summary>Persistent actors on every kind of database, in good weather and bad.</summary>
public abstract class SqlJournalSpec : ContractTest
{
    private readonly TestDatabase _database;

    protected SqlJournalSpec(TestDatabase database)
        : base(database.Hocon("""
            buffer-size = 1
            replay-batch-size = 10
            parallelism = 1
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

        var witness = CreateTestProbe();
        Watch(NewLedger("a", witness: witness.Ref));

        var failure = witness.ExpectMsg<NotRecovered>();
        Assert.Contains("Event 2 of 'a'", failure.Reason.Message);
        Assert.Contains("forgotten-v7", failure.Reason.Message);
        ExpectMsg<Terminated>();
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

    protected sealed record Rejected(Exception Cause);

    protected sealed record Failed(Exception Cause);

    protected sealed record NotRecovered(Exception Reason);

    protected IActorRef NewLedger(string id, IActorRef? witness = null) =>
        Sys.ActorOf(Props.Create(() => new Ledger(id, witness)));

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
    protected sealed class Ledger(string id, IActorRef? witness) : UntypedPersistentActor
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

        protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
            witness?.Tell(new NotRecovered(reason));
    }
}
