using Akka.Event;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.Sqlite;
using Akka.Persistence.Sql.Store;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Xunit;

namespace ActorRuns.Engine.Tests.Persistence;

public sealed class SqliteStoreSpec() : SqlStoreSpec(new SqliteDatabase())
{
    private readonly Commits _commits = new();

    [Fact]
    public async Task A_full_disk_is_named_and_nothing_is_lost_when_there_is_room_again()
    {
        var provider = new WatchedProvider(Options, _commits) { MaxPages = 40 };
        using var meter = new WriteMeter(Sys);
        using var store = new SqlStore(provider, Options, meter, Logging.GetLogger(Sys, "store"));
        Assert.Null(await Append(store, "a", 1));

        Exception? refused = null;
        await EventFilter.Error(contains: "the disk is full").ExpectOneAsync(async () =>
            refused = await Append(store, new TestAppend([Row("a", 2) with { Message = new byte[1_000_000] }])));
        provider.MaxPages = 1_000_000;

        Assert.Contains("the disk is full", Assert.IsType<SqlStoreException>(refused).Message);
        Assert.Null(await Append(store, "a", 2));
        Assert.Equal(["1", "2"], Database.Query("select sequence_number from journal order by ordering"));
    }

    [Fact]
    public async Task A_file_that_is_read_only_can_still_be_read_and_the_log_says_why_nothing_is_written()
    {
        using (var store = NewStore(Options))
            await Append(store, "a", 1);

        var options = Options with { ConnectionString = ((SqliteDatabase)Database).ReadOnlyConnectionString };
        using var readOnly = NewStore(options);

        Assert.Equal(1, await readOnly.ReadAsync("a", session => session.ReadHighestSequenceNr("a")));
        await EventFilter.Error(contains: "is read-only").ExpectOneAsync(async () =>
            Assert.Contains("is read-only", Assert.IsType<SqlStoreException>(await Append(readOnly, "a", 2)).Message));
    }

    [Fact]
    public async Task A_store_that_is_closed_leaves_one_file_however_many_connections_it_had()
    {
        const int Readers = 8; // Two that close in the same instant are the danger; rounds make them meet.
        for (var round = 1; round <= 60; round++)
        {
            using (var store = NewStore(Options with { Parallelism = Readers }))
            {
                await Append(store, $"id-{round}", 1);
                using var all = new Barrier(Readers); // No reader is done before each has a connection.
                await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ =>
                    store.ReadAsync($"id-{round}", _ => all.SignalAndWait(TimeSpan.FromSeconds(10)))));
            }

            Assert.Equal([], ((SqliteDatabase)Database).FilesBeside());
        }
    }

    protected override int CommittedTransactions() => _commits.Count;

    private protected override SqlProvider NewProvider(SqlOptions options) => new WatchedProvider(options, _commits);

    private sealed class Commits
    {
        private int _count;
        private int _changes;

        public int Count => Volatile.Read(ref _count);

        /// <summary>
        /// Counts a commit that is about to be made, if there is something in it, and lets it be made.
        /// </summary>
        public int Add(int totalChanges)
        {
            if (Interlocked.Exchange(ref _changes, totalChanges) != totalChanges)
                Interlocked.Increment(ref _count);
            return 0;
        }
    }

    /// <summary>The real provider on connections that count their commits and may be short of room.</summary>
    private sealed class WatchedProvider(SqlOptions options, Commits commits) : SqlProvider
    {
        private readonly SqliteProvider _real = new(options);

        public int MaxPages { get; set; } = 1_000_000;

        public override int Writers => _real.Writers;

        public override SqlSession Open()
        {
            var connection = new SqliteConnection($"{options.ConnectionString};Pooling=False");
            connection.Open();
            using var pragmas = connection.CreateCommand();
#pragma warning disable CA2100 // A number.
            pragmas.CommandText = $"pragma journal_mode = wal; pragma max_page_count = {MaxPages};";
#pragma warning restore CA2100
            pragmas.ExecuteNonQuery();
            var handle = connection.Handle;
            raw.sqlite3_commit_hook(handle, _ => commits.Add(raw.sqlite3_total_changes(handle)), null);
            return new SqliteSession(connection);
        }

        public override bool IsRefusal(Exception failure) => _real.IsRefusal(failure);

        public override bool IsDuplicate(Exception failure) => _real.IsDuplicate(failure);

        public override string Explain(Exception failure) => _real.Explain(failure);
    }
}
