using System.Text.Json;
using ActorRuns.Json;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Sql.Tests.Threads;

/// <summary>What every index of threads must do.</summary>
public abstract class ThreadIndexTck : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    protected IThreadIndex Index { get; private set; } = null!; // Opened before each test.

    protected abstract Task<IThreadIndex> OpenAsync();

    /// <summary>Records a fact in the journal, where the index looks into one.</summary>
    protected virtual Task RecordAsync(ThreadId thread, long sequenceNr) => Task.CompletedTask;

    public async Task InitializeAsync() => Index = await OpenAsync();

    public abstract Task DisposeAsync();

    [Fact]
    public async Task What_is_noted_is_found_at_once()
    {
        var noted = await NoteAsync(NewId(), 1);

        var page = await Index.SearchAsync(new ThreadQuery(), CancellationToken.None);

        Assert.Equal((noted, 1), (Assert.Single(page.Threads), page.Total));
    }

    [Fact]
    public async Task A_later_note_takes_the_place_of_an_earlier_one_and_not_the_other_way_round()
    {
        var thread = NewId();
        await NoteAsync(thread, 1, entry => entry with { Status = ThreadStatus.Busy });
        await Index.SettleAsync(CancellationToken.None);
        await NoteAsync(thread, 2, entry => entry with { Status = ThreadStatus.Interrupted });
        await Index.SettleAsync(CancellationToken.None);
        await NoteAsync(thread, 1, entry => entry with { Status = ThreadStatus.Busy });

        Assert.Equal([thread], await FindAsync(new ThreadQuery { Status = ThreadStatus.Interrupted }));
        Assert.Empty(await FindAsync(new ThreadQuery { Status = ThreadStatus.Busy }));
    }

    [Fact]
    public async Task A_deleted_thread_is_found_no_more()
    {
        var gone = await NoteAsync(NewId(), 1);
        var other = await NoteAsync(NewId(), 1);
        await Index.SettleAsync(CancellationToken.None);

        Index.Forget(gone, 2);

        Assert.Equal([other], await FindAsync(new ThreadQuery()));
    }

    [Fact]
    public async Task A_late_word_of_a_deletion_leaves_the_thread_that_was_made_again()
    {
        var thread = NewId();
        await NoteAsync(thread, 3);
        await Index.SettleAsync(CancellationToken.None);

        Index.Forget(thread, 2);

        Assert.Equal([thread], await FindAsync(new ThreadQuery()));
    }

    [Fact]
    public async Task Threads_are_found_by_ids_status_and_metadata_at_any_depth()
    {
        var plain = await NoteAsync(NewId(), 1);
        var busy = await NoteAsync(NewId(), 1, entry => entry with { Status = ThreadStatus.Busy });
        var tagged = await NoteAsync(NewId(), 1, With("""{"team":{"name":"ä","size":2},"list":[1,2],"none":null}"""));
        var alike = await NoteAsync(NewId(), 1, With("""{"team":{"name":"b"}}"""));

        Assert.Equal([plain], await FindAsync(new ThreadQuery { Ids = [plain, NewId()] }));
        Assert.Equal([busy], await FindAsync(new ThreadQuery { Status = ThreadStatus.Busy }));
        Assert.Equal([tagged], await FindByAsync("""{"team":{"name":"ä"}}"""));
        Assert.Equal([tagged], await FindByAsync("""{"team":{"size":2.0}}"""));
        Assert.Equal([tagged], await FindByAsync("""{"list":[1,2]}"""));
        Assert.Equal([tagged], await FindByAsync("""{"none":null}"""));
        Assert.Empty(await FindByAsync("""{"list":[1]}"""));
        Assert.Empty(await FindByAsync("""{"absent":null}"""));
        Assert.Equal(Sorted(tagged, alike), Sorted(await FindByAsync("""{"team":{}}""")));
        Assert.Empty(await FindAsync(new ThreadQuery { Status = ThreadStatus.Busy, Ids = [plain] }));
    }

    [Theory]
    [InlineData("""{"k":"a\u0000b"}""")]
    [InlineData("""{"k\u0000":1}""")]
    [InlineData("""{"k":"😀"}""")]
    [InlineData("""{"k":1e4000}""")]
    [InlineData("""{"k":0.00000000000000000000000000000000000000000000000000000000000000000000000001}""")]
    [InlineData("""{"k":{"deep":[{"a\u0000":"\u0001"}]}}""")]
    [InlineData("""{"k":"\"; DROP TABLE thread_index; --"}""")]
    public async Task Whatever_JSON_can_say_is_found_again(string metadata)
    {
        await NoteAsync(NewId(), 1, With("""{"k":"other"}"""));
        var thread = await NoteAsync(NewId(), 1, With(metadata));

        Assert.Equal([thread], await FindByAsync(metadata));
    }

    [Theory]
    [InlineData(ThreadOrder.CreatedAt, "abc")]
    [InlineData(ThreadOrder.UpdatedAt, "bca")]
    [InlineData(ThreadOrder.Status, "cab")]
    [InlineData(ThreadOrder.ThreadId, "bac")]
    public async Task Pages_follow_the_order_and_count_all(ThreadOrder order, string names)
    {
        var ids = new Dictionary<char, ThreadId>
        {
            ['a'] = Id("b0000000-0000-4000-8000-000000000000"),
            ['b'] = Id("a0000000-0000-4000-8000-000000000000"),
            ['c'] = Id("c0000000-0000-4000-8000-000000000000"),
        };
        await NoteAsync(ids['a'], 1, entry => entry with
        {
            UpdatedAt = Start.AddMinutes(3), Status = ThreadStatus.Idle,
        });
        await NoteAsync(ids['b'], 1, entry => entry with
        {
            CreatedAt = Start.AddTicks(1), UpdatedAt = Start.AddMinutes(1), Status = ThreadStatus.Interrupted,
        });
        await NoteAsync(ids['c'], 1, entry => entry with
        {
            CreatedAt = Start.AddTicks(2), UpdatedAt = Start.AddMinutes(2), Status = ThreadStatus.Busy,
        });
        var expected = names.Select(name => ids[name]).ToList();
        var query = new ThreadQuery { OrderBy = order, Ascending = true };

        Assert.Equal(expected, await FindAsync(query));
        Assert.Equal(Enumerable.Reverse(expected), await FindAsync(query with { Ascending = false }));
        var page = await Index.SearchAsync(query with { Offset = 1, Limit = 1 }, CancellationToken.None);
        Assert.Equal((expected[1], 3), (Assert.Single(page.Threads), page.Total));
        var sifted = query with { Offset = 1, Limit = 1, Metadata = JsonElement.Parse("{}") };
        Assert.Equal([expected[1]], await FindAsync(sifted));
    }

    [Fact]
    public async Task Unfinished_are_those_that_have_something_to_do_by_themselves()
    {
        await NoteAsync(NewId(), 1);
        var due = await NoteAsync(NewId(), 1, entry => entry with { WakeAt = Start });
        await Index.SettleAsync(CancellationToken.None);

        Assert.Equal([due], await Index.FindUnfinishedAsync(CancellationToken.None));
    }

    protected static ThreadId NewId() => new(Guid.NewGuid());

    /// <summary>Notes a thread as it is after a fact that is recorded.</summary>
    protected async Task<ThreadId> NoteAsync(
        ThreadId thread, long sequenceNr, Func<ThreadIndexEntry, ThreadIndexEntry>? refine = null)
    {
        await RecordAsync(thread, sequenceNr);
        Note(Index, thread, sequenceNr, refine);
        return thread;
    }

    protected static void Note(
        IThreadIndex index,
        ThreadId thread,
        long sequenceNr,
        Func<ThreadIndexEntry, ThreadIndexEntry>? refine = null)
    {
        var entry = new ThreadIndexEntry(
            thread, sequenceNr, ThreadStatus.Idle, Start, Start, WakeAt: null, JsonMaps.Empty);
        index.Note(refine?.Invoke(entry) ?? entry);
    }

    protected Task<IReadOnlyList<ThreadId>> FindAsync(ThreadQuery query) => FindAsync(Index, query);

    protected static async Task<IReadOnlyList<ThreadId>> FindAsync(IThreadIndex index, ThreadQuery query) =>
        [.. (await index.SearchAsync(query, CancellationToken.None)).Threads];

    protected static Func<ThreadIndexEntry, ThreadIndexEntry> With(string metadata) =>
        entry => entry with { Metadata = JsonMaps.Read(JsonElement.Parse(metadata)) };

    private Task<IReadOnlyList<ThreadId>> FindByAsync(string metadata) =>
        FindAsync(new ThreadQuery { Metadata = JsonElement.Parse(metadata) });

    private static ThreadId Id(string text) => new(Guid.Parse(text));

    private static IEnumerable<string> Sorted(params IEnumerable<ThreadId> threads) =>
        threads.Select(thread => $"{thread}").Order(StringComparer.Ordinal);
}
