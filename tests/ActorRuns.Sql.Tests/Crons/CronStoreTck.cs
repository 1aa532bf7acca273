using System.Text.Json;
using ActorRuns.Assistants;
using ActorRuns.Crons;
using ActorRuns.Json;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Sql.Tests.Crons;

/// <summary>What every store of crons must do.</summary>
public abstract class CronStoreTck : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly CronId Nobody = new(Guid.NewGuid());

    private DateTimeOffset _now = Start;

    protected ICronStore Store { get; private set; } = null!; // Opened before each test.

    protected abstract Task<ICronStore> OpenAsync();

    public async Task InitializeAsync() => Store = await OpenAsync();

    public virtual Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_cron_is_kept_as_it_was_added()
    {
        var added = await AddAsync(cron => cron with
        {
            ThreadId = new ThreadId(Guid.NewGuid()),
            Schedule = CronSchedule.Parse("0 9 * * MON-FRI"),
            Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"),
            EndAt = Start.AddYears(1).AddTicks(1),
            IsEnabled = false,
            NextRunAt = null,
            Request = cron.Request with
            {
                Strategy = MultitaskStrategy.Rollback,
                Input = Json("""{"messages":[{"role":"human","content":"ä"}]}"""),
                Config = Json("""{"configurable":{"tone":"dry"}}"""),
                Metadata = JsonMaps.Empty.Add("team", Json("""{"name":"ops"}""")),
                StreamModes = StreamModes.Values | StreamModes.Updates,
                InterruptBefore = ["*"],
            },
        });

        var found = Assert.Single((await SearchAsync()).Crons);

        AssertSame(added, found);
    }

    [Fact]
    public async Task A_cron_without_thread_zone_and_end_is_kept_so()
    {
        var added = await AddAsync(cron => cron with { Request = cron.Request with { IsStateless = true } });

        AssertSame(added, Assert.Single((await SearchAsync()).Crons));
    }

    [Fact]
    public async Task A_change_is_made_of_what_is_kept_and_kept_itself()
    {
        var added = await AddAsync();

        var changed = await Store.ChangeAsync(
            added.Id, known => known with { EndAt = known.CreatedAt.AddDays(1) }, CancellationToken.None);

        AssertSame(added with { EndAt = Start.AddDays(1) }, changed);
        AssertSame(added with { EndAt = Start.AddDays(1) }, Assert.Single((await SearchAsync()).Crons));
    }

    [Fact]
    public async Task A_change_that_fails_leaves_the_cron_as_it_is()
    {
        var added = await AddAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.ChangeAsync(
            added.Id, _ => throw new InvalidOperationException(), CancellationToken.None));

        AssertSame(added, Assert.Single((await SearchAsync()).Crons));
    }

    [Fact]
    public async Task Changes_at_the_same_time_are_all_kept()
    {
        const int count = 20;
        var added = await AddAsync();

        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(() => Store.ChangeAsync(
            added.Id, known => known with { UpdatedAt = known.UpdatedAt.AddSeconds(1) }, CancellationToken.None))));

        Assert.Equal(Start.AddSeconds(count), Assert.Single((await SearchAsync()).Crons).UpdatedAt);
    }

    [Fact]
    public async Task A_deleted_cron_is_gone()
    {
        var added = await AddAsync();

        Assert.True(await Store.DeleteAsync(added.Id, CancellationToken.None));

        Assert.Equal(0, (await SearchAsync()).Total);
        Assert.Null(await Store.FindNextAsync(CancellationToken.None));
        Assert.False(await Store.DeleteAsync(added.Id, CancellationToken.None));
    }

    [Fact]
    public async Task Of_a_cron_that_is_not_there_nothing_is_changed()
    {
        Assert.Null(await Store.ChangeAsync(Nobody, known => known, CancellationToken.None));
        Assert.False(await Store.DeleteAsync(Nobody, CancellationToken.None));
        Assert.Equal(0, (await SearchAsync()).Total);
    }

    [Fact]
    public async Task Due_are_those_whose_next_slot_is_not_after_the_time()
    {
        var early = await AddAsync(cron => cron with { NextRunAt = Start.AddMinutes(1) });
        var late = await AddAsync(cron => cron with { NextRunAt = Start.AddMinutes(2) });
        await AddAsync(cron => cron with { NextRunAt = null });

        Assert.Empty(await Store.FindDueAsync(Start.AddMinutes(1).AddTicks(-1), CancellationToken.None));
        Assert.Equal([early.Id], await DueAsync(Start.AddMinutes(1)));
        Assert.Equal(new[] { early.Id, late.Id }.ToHashSet(), (await DueAsync(Start.AddYears(1))).ToHashSet());
    }

    [Fact]
    public async Task The_next_slot_of_all_is_the_earliest()
    {
        Assert.Null(await Store.FindNextAsync(CancellationToken.None));
        await AddAsync(cron => cron with { NextRunAt = null });
        Assert.Null(await Store.FindNextAsync(CancellationToken.None));
        await AddAsync(cron => cron with { NextRunAt = Start.AddMinutes(2) });
        await AddAsync(cron => cron with { NextRunAt = Start.AddMinutes(1) });

        Assert.Equal(Start.AddMinutes(1), await Store.FindNextAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Crons_are_found_by_assistant_thread_state_and_metadata()
    {
        var thread = new ThreadId(Guid.NewGuid());
        var assistant = new AssistantId(Guid.NewGuid());
        var byThread = await AddAsync(cron => cron with { ThreadId = thread });
        var byAssistant = await AddAsync(cron => cron with { Request = cron.Request with { AssistantId = assistant } });
        var off = await AddAsync(cron => cron with { IsEnabled = false });
        var tagged = await AddAsync(cron => cron with
        {
            Request = cron.Request with { Metadata = JsonMaps.Empty.Add("k", Json("""{"a":1,"b":2}""")) },
        });

        Assert.Equal([byThread.Id], await FindAsync(new CronQuery { Limit = 10, ThreadId = thread }));
        Assert.Equal([byAssistant.Id], await FindAsync(new CronQuery { Limit = 10, AssistantId = assistant }));
        Assert.Equal([off.Id], await FindAsync(new CronQuery { Limit = 10, IsEnabled = false }));
        Assert.Equal([tagged.Id], await FindAsync(new CronQuery { Limit = 10, Metadata = Json("""{"k":{"a":1}}""") }));
    }

    [Fact]
    public async Task Pages_follow_the_order_and_count_all()
    {
        var first = await AddAsync(cron => cron with { NextRunAt = Start.AddDays(3) });
        var second = await AddAsync(cron => cron with { NextRunAt = null });
        var third = await AddAsync(cron => cron with { NextRunAt = Start.AddDays(1) });

        Assert.Equal([third.Id, second.Id, first.Id], await FindAsync(new CronQuery { Limit = 10 }));
        Assert.Equal([second.Id], await FindAsync(new CronQuery { Limit = 1, Offset = 1, Ascending = true }));
        Assert.Equal(
            [third.Id, first.Id, second.Id],
            await FindAsync(new CronQuery { Limit = 10, OrderBy = CronOrder.NextRunDate, Ascending = true }));
        Assert.Equal(3, (await Store.SearchAsync(new CronQuery { Limit = 1 }, CancellationToken.None)).Total);
    }

    /// <summary>Adds a cron; each is made a second after the one before.</summary>
    protected async Task<Cron> AddAsync(Func<Cron, Cron>? refine = null)
    {
        var cron = new Cron
        {
            Id = new CronId(Guid.NewGuid()),
            Schedule = CronSchedule.Parse("@hourly"),
            Request = new RunRequest { RunId = default, AssistantId = new(Guid.NewGuid()), GraphId = new("agent") },
            CreatedAt = _now,
            UpdatedAt = _now,
            NextRunAt = _now.AddHours(1),
        };
        _now = _now.AddSeconds(1);
        cron = refine?.Invoke(cron) ?? cron;
        await Store.AddAsync(cron, CancellationToken.None);
        return cron;
    }

    private Task<CronPage> SearchAsync() => Store.SearchAsync(new CronQuery { Limit = 10 }, CancellationToken.None);

    private async Task<IEnumerable<CronId>> FindAsync(CronQuery query) =>
        (await Store.SearchAsync(query, CancellationToken.None)).Crons.Select(cron => cron.Id);

    private async Task<IEnumerable<CronId>> DueAsync(DateTimeOffset now) =>
        (await Store.FindDueAsync(now, CancellationToken.None)).Select(cron => cron.Id);

    /// <summary>Equal in all parts; requests hold collections and JSON, so they are compared as stored.</summary>
    private static void AssertSame(Cron expected, Cron? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(CronRequestJson.Text(expected.Request), CronRequestJson.Text(actual.Request));
        Assert.Equal(expected with { Request = actual.Request }, actual);
    }

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
