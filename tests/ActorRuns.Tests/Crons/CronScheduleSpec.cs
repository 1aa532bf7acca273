using System.Globalization;
using ActorRuns.Crons;
using Xunit;

namespace ActorRuns.Tests.Crons;

/// <summary>
/// When a schedule comes. Berlin's clocks go from 2:00 to 3:00 on 29 March 2026, and from 3:00 to 2:00 on 25 October.
/// </summary>
public sealed class CronScheduleSpec
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("* * * * *", "2026-03-01T12:00:00Z", "2026-03-01T12:01:00Z")]
    [InlineData("* * * * *", "2026-03-01T12:00:59.999Z", "2026-03-01T12:01:00Z")]
    [InlineData("30 12 * * *", "2026-03-01T12:29:59.999Z", "2026-03-01T12:30:00Z")]
    [InlineData("30 12 * * *", "2026-03-01T12:30:00Z", "2026-03-02T12:30:00Z")]
    [InlineData("*/15 * * * *", "2026-03-01T23:50:00Z", "2026-03-02T00:00:00Z")]
    [InlineData("5-20/5 9 * * *", "2026-03-01T09:20:00Z", "2026-03-02T09:05:00Z")]
    [InlineData("50/4 * * * *", "2026-03-01T09:50:00Z", "2026-03-01T09:54:00Z")]
    [InlineData("0,30,45-47 * * * *", "2026-03-01T09:30:00Z", "2026-03-01T09:45:00Z")]
    [InlineData("0 0 1 JAN *", "2026-03-01T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("0 9 * * mon-Fri", "2026-03-06T09:00:00Z", "2026-03-09T09:00:00Z")]
    [InlineData("0 0 * * 7", "2026-03-02T00:00:00Z", "2026-03-08T00:00:00Z")]
    [InlineData("0 0 * * 5-7", "2026-03-07T00:00:00Z", "2026-03-08T00:00:00Z")]
    [InlineData("0 0 31 * *", "2026-03-31T00:00:00Z", "2026-05-31T00:00:00Z")]
    [InlineData("59 23 31 12 *", "2026-12-31T23:59:00Z", "2027-12-31T23:59:00Z")]
    [InlineData("  0  0\t1 1 * ", "2026-03-01T00:00:00Z", "2027-01-01T00:00:00Z")]
    public void The_next_time_is_the_first_that_all_fields_mean(string schedule, string after, string next) =>
        Assert.Equal(At(next), CronSchedule.Parse(schedule).Next(At(after), TimeZoneInfo.Utc));

    [Theory]
    [InlineData("@hourly", "0 * * * *")]
    [InlineData("@daily", "0 0 * * *")]
    [InlineData("@midnight", "0 0 * * *")]
    [InlineData("@weekly", "0 0 * * 0")]
    [InlineData("@monthly", "0 0 1 * *")]
    [InlineData("@yearly", "0 0 1 1 *")]
    [InlineData("@annually", "0 0 1 1 *")]
    public void A_nickname_stands_for_five_fields_and_stays_as_it_was_written(string nickname, string fields)
    {
        var schedule = CronSchedule.Parse(nickname);

        Assert.Equal(nickname, schedule.Text);
        Assert.Equal(TimesOf(CronSchedule.Parse(fields), 20), TimesOf(schedule, 20));
    }

    [Theory]
    [InlineData("0 0 13 * 5", "2026-03-06T00:00:00Z", "2026-03-13T00:00:00Z", "2026-03-20T00:00:00Z")]
    [InlineData("0 0 10 * 5", "2026-03-06T00:00:00Z", "2026-03-10T00:00:00Z", "2026-03-13T00:00:00Z")]
    public void Of_two_restricted_kinds_of_day_either_is_enough(
        string schedule, string after, string first, string second)
    {
        var next = CronSchedule.Parse(schedule).Next(At(after), TimeZoneInfo.Utc);

        Assert.Equal(At(first), next);
        Assert.Equal(At(second), CronSchedule.Parse(schedule).Next(next!.Value, TimeZoneInfo.Utc));
    }

    [Theory]
    [InlineData("0 0 13 * *", "2026-03-13T00:00:00Z")]
    [InlineData("0 0 */2 * FRI", "2026-03-13T00:00:00Z")] // A step over all days does not restrict: it must be both.
    public void A_kind_of_day_that_begins_with_a_star_leaves_the_choice_to_the_other(string schedule, string next) =>
        Assert.Equal(At(next), CronSchedule.Parse(schedule).Next(At("2026-03-07T00:00:00Z"), TimeZoneInfo.Utc));

    [Theory]
    [InlineData("0 0 29 2 *", "2026-03-01T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("0 0 29 2 *", "2096-02-29T00:00:00Z", "2104-02-29T00:00:00Z")] // 2100 is no leap year.
    [InlineData("0 0 29 2 */7", "2026-03-01T00:00:00Z", "2032-02-29T00:00:00Z")]
    [InlineData("0 0 29 2 */7", "2088-02-29T00:00:00Z", "2128-02-29T00:00:00Z")]
    public void Leap_days_are_waited_for_as_long_as_it_takes(string schedule, string after, string next) =>
        Assert.Equal(At(next), CronSchedule.Parse(schedule).Next(At(after), TimeZoneInfo.Utc));

    [Theory]
    [InlineData("0 0 31 2 *")]
    [InlineData("0 0 30,31 FEB *")]
    [InlineData("0 0 31 4,6,9,11 *")]
    public void A_date_that_never_comes_has_no_next_time(string schedule) =>
        Assert.Null(CronSchedule.Parse(schedule).Next(At("2026-03-01T00:00:00Z"), Berlin));

    [Fact]
    public void A_date_that_never_comes_does_not_keep_a_weekday_from_coming() =>
        Assert.Equal(
            At("2027-02-01T00:00:00Z"),
            CronSchedule.Parse("0 0 31 2 MON").Next(At("2026-03-01T00:00:00Z"), TimeZoneInfo.Utc));

    [Fact]
    public void A_schedule_is_read_by_the_clocks_of_its_zone()
    {
        var nine = CronSchedule.Parse("0 9 * * *");

        Assert.Equal(At("2026-01-15T08:00:00Z"), nine.Next(At("2026-01-15T00:00:00Z"), Berlin));
        Assert.Equal(At("2026-07-15T07:00:00Z"), nine.Next(At("2026-07-15T00:00:00Z"), Berlin));
        Assert.Equal(TimeSpan.Zero, nine.Next(At("2026-07-15T00:00:00Z"), Berlin)!.Value.Offset);
    }

    [Theory]
    [InlineData("30 2 * * *", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z")] // 2:30 is not on the clock: at 3:00.
    [InlineData("0,15,30,45 2,3 * * *", "2026-03-29T01:00:00Z", "2026-03-29T01:15:00Z")] // Once for all.
    [InlineData("0 3 * * *", "2026-03-29T01:00:00Z", "2026-03-30T01:00:00Z")]
    [InlineData("* * * * *", "2026-03-29T01:00:00Z", "2026-03-29T01:01:00Z")]
    public void A_time_that_the_clock_skips_comes_at_the_first_minute_after_the_gap(
        string schedule, string first, string second)
    {
        var cron = CronSchedule.Parse(schedule);

        var next = cron.Next(At("2026-03-29T00:59:00Z"), Berlin);

        Assert.Equal(At(first), next);
        Assert.Equal(At(second), cron.Next(next!.Value, Berlin));
    }

    [Theory]
    [InlineData("30 2 * * *", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]
    [InlineData("30 * * * *", "2026-10-25T00:30:00Z", "2026-10-25T02:30:00Z")]
    [InlineData("59 2 * * *", "2026-10-25T00:59:00Z", "2026-10-26T01:59:00Z")]
    public void A_time_that_the_clock_has_twice_comes_once_and_the_first_time(
        string schedule, string first, string second)
    {
        var cron = CronSchedule.Parse(schedule);

        var next = cron.Next(At("2026-10-24T23:59:00Z"), Berlin);

        Assert.Equal(At(first), next);
        Assert.Equal(At(second), cron.Next(next!.Value, Berlin));
    }

    [Fact]
    public void Asked_in_the_second_of_two_equal_hours_it_goes_on_after_them() =>
        Assert.Equal(
            At("2026-10-25T02:00:00Z"), CronSchedule.Parse("*/10 * * * *").Next(At("2026-10-25T01:20:00Z"), Berlin));

    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("Australia/Lord_Howe")] // Its clocks move by half an hour.
    [InlineData("Asia/Kathmandu")] // Its offset is 5:45.
    public void It_comes_exactly_when_a_walk_over_every_minute_says_so(string zoneId)
    {
        const int seed = 20260301;
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zoneId);
        var random = new Random(seed);
        foreach (var start in (string[])["2026-03-28T00:00:00Z", "2026-10-24T00:00:00Z", "2028-02-27T00:00:00Z"])
        {
            for (var round = 0; round < 30; round++)
            {
                var text = RandomSchedule(random);
                var expected = ReferenceCron.Walk(text, At(start), TimeSpan.FromDays(10), zone);

                var schedule = CronSchedule.Parse(text);
                var times = new List<DateTimeOffset>();
                for (var next = schedule.Next(At(start), zone);
                     next <= At(start).AddDays(10);
                     next = schedule.Next(next.Value, zone))
                {
                    times.Add(next.Value);
                }

                Assert.True(expected.SequenceEqual(times), $"'{text}' in {zoneId} from {start} (seed {seed})");
            }
        }
    }

    [Theory]
    [InlineData("*/5 * * * *", "2026-01-01T00:00:00Z", "2026-03-01T12:04:00Z", "2026-03-01T12:00:00Z")]
    [InlineData("0 0 * * *", "2026-01-01T00:00:00Z", "2026-03-01T12:00:00Z", "2026-03-01T00:00:00Z")]
    [InlineData("0 0 1 1 *", "2020-01-01T00:00:00Z", "2026-03-01T12:00:00Z", "2026-01-01T00:00:00Z")]
    [InlineData("0 0 29 2 *", "1999-01-01T00:00:00Z", "2026-03-01T12:00:00Z", "2024-02-29T00:00:00Z")]
    [InlineData("0 12 * * *", "2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z")]
    [InlineData("0 12 * * *", "2026-03-01T12:01:00Z", "2026-03-02T11:59:00Z", null)]
    public void The_last_time_of_a_span_is_found(string schedule, string from, string until, string? last) =>
        Assert.Equal(
            last is null ? null : At(last), CronSchedule.Parse(schedule).Last(At(from), At(until), TimeZoneInfo.Utc));

    [Theory]
    [InlineData("every now and then", "five fields")]
    [InlineData("", "five fields")]
    [InlineData("* * * *", "five fields")]
    [InlineData("* * * * * *", "five fields")]
    [InlineData("@reboot", "five fields")]
    [InlineData("60 * * * *", "minute to be numbers from 0 to 59")]
    [InlineData("-1 * * * *", "minute")]
    [InlineData("1- * * * *", "minute")]
    [InlineData("1-2-3 * * * *", "minute")]
    [InlineData("30-10 * * * *", "minute")]
    [InlineData("*/0 * * * *", "minute")]
    [InlineData("*/ * * * *", "minute")]
    [InlineData("*/2/2 * * * *", "minute")]
    [InlineData("1,,2 * * * *", "minute")]
    [InlineData("** * * * *", "minute")]
    [InlineData("99999999999 * * * *", "minute")]
    [InlineData("* 24 * * *", "hour to be numbers from 0 to 23")]
    [InlineData("* * 0 * *", "day-of-month to be numbers from 1 to 31")]
    [InlineData("* * 32 * *", "day-of-month")]
    [InlineData("* * * 13 *", "month to be numbers from 1 to 12 or JAN to DEC")]
    [InlineData("* * * MON *", "month")]
    [InlineData("* * * * 8", "day-of-week to be numbers from 0 to 7 or SUN to SAT")]
    [InlineData("* * * * MONDAY", "day-of-week")]
    [InlineData("* * * * ١", "day-of-week")] // A digit of another script.
    public void What_is_no_schedule_names_the_field_and_what_was_expected(string text, string expectedStart)
    {
        Assert.False(CronSchedule.TryParse(text, out _, out var expected));
        Assert.StartsWith(expectedStart, expected, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => CronSchedule.Parse(text));
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);

    private static List<DateTimeOffset?> TimesOf(CronSchedule schedule, int count)
    {
        var times = new List<DateTimeOffset?>();
        DateTimeOffset? next = At("2026-03-01T12:34:56Z");
        for (; times.Count < count; times.Add(next))
            next = schedule.Next(next!.Value, TimeZoneInfo.Utc);
        return times;
    }

    private static string RandomSchedule(Random random)
    {
        return string.Join(' ', Field(0, 59), Field(0, 6), Field(1, 31), Field(1, 12, open: 0.8), Field(0, 7));

        string Field(int min, int max, double open = 0.4)
        {
            if (random.NextDouble() < open)
                return "*";
            var from = random.Next(min, max + 1);
            var to = random.Next(from, max + 1);
            return random.Next(4) switch
            {
                0 => $"{from}",
                1 => $"{from}-{to}",
                2 => $"*/{random.Next(1, max + 1)}",
                _ => $"{from}-{to}/{random.Next(1, 5)},{random.Next(min, max + 1)}",
            };
        }
    }
}
