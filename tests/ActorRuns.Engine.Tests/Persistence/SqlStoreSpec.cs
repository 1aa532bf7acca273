using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Akka.Event;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.Store;
using Xunit;

namespace ActorRuns.Engine.Tests.Persistence;

/// <summary>What the store promises its journal, on every kind of database.</summary>
public abstract class SqlStoreSpec : ActorRuns.Engine.Contract.ContractTest
{
    private readonly TestDatabase _database;

    private readonly WriteMeter _meter;

    protected SqlStoreSpec(TestDatabase database) : base("akka.loglevel = ERROR")
    {
        _database = database;
        _meter = new WriteMeter(Sys);
    }

    protected TestDatabase Database => _database;

    private protected SqlOptions Options => new()
    {
        ConnectionString = _database.ConnectionString,
        ProviderName = _database.ProviderName,
        // One writer, so that all ids wait in one queue.
        Parallelism = 1,
    };

    [Fact]
    public async Task Writes_that_wait_for_a_commit_share_the_next_one()
    {
        using var store = NewStore(Options);
        await Append(store, "first", 1);
        var before = CommittedTransactions();

        Task<Exception?>[] appended;
        using (Occupy(store))
            appended = [Append(store, "a", 1), Append(store, "b", 1, 2, 3), Append(store, "c", 1)];
        Assert.All(await Task.WhenAll(appended), Assert.Null);

        Assert.Equal(1, CommittedTransactions() - before);
        Assert.Equal(
            ["a 1", "b 1", "b 2", "b 3", "c 1"],
            _database.Query(
                "select persistence_id, sequence_number from journal where persistence_id <> 'first' order by ordering"));
    }

    [Fact]
    public async Task The_events_of_each_transaction_are_measured_whoever_they_are_of()
    {
        using var measured = new MeasuredBatches(Sys);
        using var store = NewStore(Options);
        await Append(store, "first", 1);

        Task<Exception?>[] appended;
        using (Occupy(store))
            appended = [Append(store, "a", 1), Append(store, "b", 1, 2, 3), Append(store, "first", 1)];
        await Task.WhenAll(appended);

        Assert.Equal([1, 4], measured.Sizes);
    }

    [Fact]
    public async Task A_number_that_is_taken_fails_its_writer_only()
    {
        using var store = NewStore(Options);
        await Append(store, "b", 2);

        Task<Exception?>[] appended;
        using (Occupy(store))
            appended = [Append(store, "a", 1), Append(store, "b", 1, 2, 3), Append(store, "c", 1)];
        var outcomes = await Task.WhenAll(appended);

        Assert.Null(outcomes[0]);
        Assert.Contains("Event 2 of 'b'", Assert.IsType<DuplicateEventException>(outcomes[1]).Message);
        Assert.Null(outcomes[2]);
        Assert.Equal(
            ["a 1", "b 2", "c 1"],
            _database.Query("select persistence_id, sequence_number from journal order by persistence_id"));
    }

    [Fact]
    public async Task A_full_queue_takes_no_more()
    {
        using var store = NewStore(Options with { BufferSize = 2 });
        Task<Exception?> second, third;
        using (Occupy(store))
        {
            second = Append(store, "a", 1);
            third = Append(store, "b", 1);
        }

        Assert.Null(await second);
        Assert.Contains("2 writes wait", Assert.IsType<WriteQueueFullException>(await third).Message);
        Assert.Null(await Append(store, "b", 1));
    }

    [Fact]
    public async Task What_was_taken_is_written_before_the_store_is_closed()
    {
        var store = NewStore(Options with { MaxBatchSize = 10 });
        var appended = new List<Task<Exception?>>();
        using (Occupy(store))
            for (var number = 0; number < 100; number++)
                appended.Add(Append(store, $"id-{number}", 1));

        store.Dispose();

        Assert.All(appended, outcome => Assert.True(outcome.IsCompletedSuccessfully));
        Assert.Equal(["100"], _database.Query("select count(*) from journal"));
        Assert.All(await Task.WhenAll(appended), Assert.Null);
    }

    [Fact]
    public async Task What_is_read_of_an_id_is_read_after_all_that_was_written_for_it_before()
    {
        using var store = NewStore(Options);
        Task<long> highest;
        using (Occupy(store))
        {
            _ = Append(store, "a", 1, 2, 3);
            highest = store.ReadAsync("a", session => session.ReadHighestSequenceNr("a"));
        }

        Assert.Equal(3, await highest);
    }

    [Fact]
    public async Task Tags_are_those_of_their_events()
    {
        using var store = NewStore(Options);
        using (Occupy(store))
        {
            _ = Append(store, new TestAppend([Row("a", 1), Row("a", 2) with { Tags = ["red", "green"] }]));
            _ = Append(store, new TestAppend([Row("b", 1) with { Tags = ["red"] }]));
        }

        await store.ChangeAsync("a", _ => { });

        Assert.Equal(
            ["green a 2", "red a 2", "red b 1"],
            _database.Query(
                """
                select tag, journal.persistence_id, sequence_number
                from tags join journal on ordering = ordering_id
                    and journal.persistence_id = tags.persistence_id and sequence_number = sequence_nr
                order by tag, ordering
                """));
    }

    /// <summary>How many transactions have added events so far.</summary>
    protected abstract int CommittedTransactions();

    private protected abstract SqlProvider NewProvider(SqlOptions options);

    private protected SqlStore NewStore(SqlOptions options) =>
        new(NewProvider(options), options, _meter, Logging.GetLogger(Sys, "store"));

    /// <summary>Keeps the writer busy until it is disposed of; what is queued meanwhile waits.</summary>
    private protected static IDisposable Occupy(SqlStore store)
    {
        var (begun, over) = (new ManualResetEventSlim(), new ManualResetEventSlim());
        _ = store.ChangeAsync("busy", _ =>
        {
            begun.Set();
            Assert.True(over.Wait(Patience), "The writer was kept busy for too long.");
        });
        Assert.True(begun.Wait(Patience), "The writer did not begin.");
        return new Release(over);
    }

    /// <summary>Adds events without content; null when they are written, else why they are not.</summary>
    private protected static Task<Exception?> Append(SqlStore store, string id, params long[] numbers) =>
        Append(store, new TestAppend([.. numbers.Select(number => Row(id, number))]));

    private protected static Task<Exception?> Append(SqlStore store, TestAppend append) =>
        store.TryAppend(append.Events[0].PersistenceId, append) is { } refused
            ? Task.FromResult<Exception?>(refused)
            : append.Outcome;

    private protected static EventRow Row(string id, long number) => new(id, number, 1, [], "", 1, "writer", []);

    protected override void AfterAll()
    {
        base.AfterAll();
        _meter.Dispose();
        _database.Dispose();
    }

    /// <summary>What a system's databases measure, and no other's in this process.</summary>
    private sealed class MeasuredBatches : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentQueue<int> _sizes = new();

        public MeasuredBatches(object system)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == system)
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<int>((_, size, _, _) => _sizes.Enqueue(size));
            _listener.Start();
        }

        public IEnumerable<int> Sizes => _sizes;

        public void Dispose() => _listener.Dispose();
    }

    private protected sealed class TestAppend(IReadOnlyList<EventRow> events) : AppendEvents(events)
    {
        private readonly TaskCompletionSource<Exception?> _outcome =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Exception?> Outcome => _outcome.Task;

        public override void Complete(Exception? failure) => _outcome.SetResult(failure);
    }

    private sealed class Release(ManualResetEventSlim over) : IDisposable
    {
        public void Dispose() => over.Set();
    }
}
