using System.Globalization;
using ActorRuns.Crons;
using ActorRuns.Runs;
using Xunit;

namespace ActorRuns.Tests.Crons;

/// <summary>Which slots of a cron are due, which are skipped, and which comes next.</summary>
public sealed class CronSpec
{
    private static readonly DateTimeOffset Noon = At("2026-03-01T12:00:00Z");

    [Fact]
    public void The_next_slot_is_after_the_time_that_it_is_planned_at() =>
        Assert.Equal(At("2026-03-01T13:00:00Z"), Hourly().NextRunAt);

    [Fact]
    public void No_slot_comes_after_the_end()
    {
        var ending = Hourly() with { EndAt = At("2026-03-01T13:30:00Z") };

        Assert.Equal(At("2026-03-01T13:00:00Z"), ending.PlannedAfter(Noon).NextRunAt);
        Assert.Null(ending.PlannedAfter(At("2026-03-01T13:00:00Z")).NextRunAt);
        var onTheSlot = ending with { EndAt = At("2026-03-01T13:00:00Z") };
        Assert.Equal(At("2026-03-01T13:00:00Z"), onTheSlot.PlannedAfter(Noon).NextRunAt);
    }

    [Fact]
    public void No_slot_comes_while_it_is_switched_off() =>
        Assert.Null((Hourly() with { IsEnabled = false }).PlannedAfter(Noon).NextRunAt);

    [Fact]
    public void Nothing_is_due_before_the_next_slot() => Assert.Null(Hourly().SlotDueAt(At("2026-03-01T12:59:59Z")));

    [Theory]
    [InlineData("2026-03-01T13:00:00Z", "2026-03-01T13:00:00Z")]
    [InlineData("2026-03-01T13:59:59Z", "2026-03-01T13:00:00Z")]
    [InlineData("2026-03-04T07:31:00Z", "2026-03-04T07:00:00Z")]
    public void Of_the_slots_that_were_missed_the_last_is_due_once(string now, string slot)
    {
        var cron = Hourly();

        Assert.Equal(At(slot), cron.SlotDueAt(At(now)));
        Assert.Null(cron.Passed(cron.NextRunAt, At(now)).SlotDueAt(At(now)));
        Assert.Equal(At(slot).AddHours(1), cron.Passed(cron.NextRunAt, At(now)).NextRunAt);
    }

    [Fact]
    public void The_last_slot_before_the_end_is_due_after_it_too()
    {
        var ending = Hourly() with { EndAt = At("2026-03-01T15:30:00Z") };

        Assert.Equal(At("2026-03-01T15:00:00Z"), ending.SlotDueAt(At("2026-03-09T00:00:00Z")));
        Assert.Null(ending.Passed(ending.NextRunAt, At("2026-03-09T00:00:00Z")).NextRunAt);
    }

    [Fact]
    public void Slots_pass_only_for_whoever_knows_which_was_next()
    {
        var planned = Hourly();

        Assert.Equal(planned, planned.Passed(Noon, At("2026-03-02T00:00:00Z")));
    }

    [Fact]
    public void A_change_of_what_is_asked_skips_no_slot()
    {
        var cron = Hourly();
        var late = At("2026-03-01T13:00:01Z");

        var changed = cron.ChangedTo(cron with { Request = cron.Request with { StreamSubgraphs = true } }, late);

        Assert.Equal(cron.NextRunAt, changed.NextRunAt);
        Assert.Equal(late, changed.UpdatedAt);
    }

    [Fact]
    public void A_change_of_the_times_plans_anew_from_now()
    {
        var cron = Hourly();
        var now = At("2026-03-04T07:31:00Z");

        var later = cron with { Schedule = CronSchedule.Parse("45 * * * *") };
        Assert.Equal(At("2026-03-04T07:45:00Z"), cron.ChangedTo(later, now).NextRunAt);
        Assert.Null(cron.ChangedTo(cron with { IsEnabled = false }, now).NextRunAt);
        Assert.Null(cron.ChangedTo(cron with { EndAt = now }, now).NextRunAt);
    }

    [Fact]
    public void A_schedule_is_read_by_the_clocks_of_the_cron()
    {
        var nine = Hourly() with
        {
            Schedule = CronSchedule.Parse("0 9 * * *"),
            Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo"),
        };

        Assert.Equal(At("2026-03-02T00:00:00Z"), nine.PlannedAfter(Noon).NextRunAt);
    }

    private static Cron Hourly() => new Cron
    {
        Id = new CronId(Guid.NewGuid()),
        Schedule = CronSchedule.Parse("@hourly"),
        Request = new RunRequest { RunId = default, AssistantId = default, GraphId = new("gated") },
        CreatedAt = Noon,
        UpdatedAt = Noon,
    }.PlannedAfter(Noon);

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
}
