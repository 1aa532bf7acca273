using ActorRuns.Engine.Tests.Persistence;
using ActorRuns.Sql.Tests.PostgreSql;
using ActorRuns.Threads;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ActorRuns.Sql.Tests.Threads;

[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlThreadIndexSpec(PostgreSqlServer server) : ThreadIndexTck
{
    private readonly ScratchDatabase _database = new(server);
    private readonly List<PostgreSqlThreadIndex> _opened = [];
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    protected override async Task<IThreadIndex> OpenAsync()
    {
        var index = new PostgreSqlThreadIndex(
            await _database.OpenAsync(), _time, NullLogger<PostgreSqlThreadIndex>.Instance);
        if (_opened.Count is 0)
        {
            await _database.QueryAsync<int>(
                """
                create table journal (
                    ordering bigint generated always as identity primary key, created bigint not null,
                    deleted boolean not null, persistence_id varchar(255) not null, sequence_number bigint not null,
                    message bytea not null, manifest varchar(500), identifier integer, writer_uuid varchar(128),
                    unique (persistence_id, sequence_number))
                """);
        }

        _opened.Add(index);
        return index;
    }

    public override async Task DisposeAsync()
    {
        foreach (var index in _opened)
            await index.DisposeAsync();
        await _database.RemoveAsync();
    }

    protected override Task RecordAsync(ThreadId thread, long sequenceNr) =>
        RecordAsync(thread, sequenceNr, "any/1");

    [Fact]
    public async Task What_one_member_notes_all_find_once_it_has_settled()
    {
        var other = await OpenAsync();
        var thread = await NoteAsync(NewId(), 1);

        await Index.SettleAsync(CancellationToken.None);

        Assert.Equal([thread], await FindAsync(other, new ThreadQuery()));
    }

    [Fact]
    public async Task An_older_entry_of_a_member_that_lost_the_thread_never_replaces_a_newer_one()
    {
        var stale = await OpenAsync();
        var thread = NewId();
        await RecordAsync(thread, 1);
        await NoteAsync(thread, 2, entry => entry with { Status = ThreadStatus.Busy });
        await Index.SettleAsync(CancellationToken.None);

        Note(stale, thread, 1);
        await stale.SettleAsync(CancellationToken.None);

        Assert.Equal([thread], await FindAsync(new ThreadQuery { Status = ThreadStatus.Busy }));
    }

    [Fact]
    public async Task A_late_word_of_a_member_that_lost_the_thread_does_not_bring_a_deleted_one_back()
    {
        var stale = await OpenAsync();
        var thread = await NoteAsync(NewId(), 1);
        await RecordAsync(thread, 2, "thread-deleted/1");
        Index.Forget(thread, 2);
        await Index.SettleAsync(CancellationToken.None);

        Note(stale, thread, 1); // The journal still holds it: it is emptied later.
        await stale.SettleAsync(CancellationToken.None);

        Assert.Empty(await FindAsync(new ThreadQuery()));
    }

    [Fact]
    public async Task A_late_word_of_a_thread_whose_journal_was_emptied_is_not_written()
    {
        var thread = NewId();
        await RecordAsync(thread, 2, "thread-deleted/1", deleted: true);

        Note(Index, thread, 1);
        Note(Index, thread, 2);

        Assert.Empty(await FindAsync(new ThreadQuery()));
    }

    [Fact]
    public async Task Threads_of_which_the_journal_knows_more_are_unfinished()
    {
        var lost = NewId();
        await RecordAsync(lost, 1);
        var behind = await NoteAsync(NewId(), 1);
        await RecordAsync(behind, 2);
        await NoteAsync(NewId(), 1);
        await RecordAsync(NewId(), 1, "thread-deleted/1", deleted: true);
        await Index.SettleAsync(CancellationToken.None);

        var unfinished = await Index.FindUnfinishedAsync(CancellationToken.None);

        Assert.Equal(new[] { lost, behind }.ToHashSet(), unfinished.ToHashSet());
    }

    [Fact]
    public async Task What_was_once_seen_to_be_in_the_index_is_not_compared_again_and_what_was_not_is()
    {
        await NoteAsync(NewId(), 1);
        await NoteAsync(NewId(), 1);
        var behind = NewId();
        await RecordAsync(behind, 1);
        await NoteAsync(NewId(), 1);
        await Index.SettleAsync(CancellationToken.None);

        await Index.FindUnfinishedAsync(CancellationToken.None);
        Assert.Equal([0L], await ProgressAsync()); // All of it is too young: more may be about to be seen.
        _time.Advance(TimeSpan.FromMinutes(6));
        await Index.FindUnfinishedAsync(CancellationToken.None);
        Assert.Equal([2L], await ProgressAsync());

        Assert.Equal([behind], await Index.FindUnfinishedAsync(CancellationToken.None));
        Note(Index, behind, 1);
        await Index.SettleAsync(CancellationToken.None);
        Assert.Empty(await Index.FindUnfinishedAsync(CancellationToken.None));
        Assert.Equal([4L], await ProgressAsync());
    }

    [Fact]
    public async Task Members_that_write_entries_of_the_same_threads_at_the_same_time_do_not_fail_each_other()
    {
        var members = new[] { Index, await OpenAsync(), await OpenAsync() };
        var threads = Enumerable.Range(0, 50).Select(_ => NewId()).ToList();
        foreach (var thread in threads)
            await RecordAsync(thread, 1);

        await Task.WhenAll(members.Select(async (member, number) =>
        {
            for (var round = 0; round < 5; round++)
            {
                foreach (var thread in number % 2 is 0 ? threads : Enumerable.Reverse(threads))
                    Note(member, thread, 1);
                await member.SettleAsync(CancellationToken.None);
            }
        }));

        Assert.Equal(50, (await FindAsync(new ThreadQuery())).Count);
    }

    private Task<IReadOnlyList<long>> ProgressAsync() =>
        _database.QueryAsync<long>("select value from actorruns_progress where name = 'thread_index'");

    private Task RecordAsync(ThreadId thread, long sequenceNr, string manifest, bool deleted = false) =>
        _database.QueryAsync<int>(
            """
            insert into journal (created, deleted, persistence_id, sequence_number, message, manifest)
            values (@now, @deleted, @id, @sequenceNr, '', @manifest) on conflict do nothing
            """,
            new { now = _time.GetUtcNow().UtcTicks, deleted, id = $"thread-{thread}", sequenceNr, manifest });
}
