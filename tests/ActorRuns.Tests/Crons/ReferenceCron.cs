using System.Globalization;

namespace ActorRuns.Tests.Crons;

/// <summary>
/// The rules of schedules in their plainest form: a walk over every minute of the world's time, which looks at the
/// clock and compares. A minute's wall time that was on the clock before does not count again; wall times that were
/// skipped count for the minute after them.
/// </summary>
internal static class ReferenceCron
{
    public static IReadOnlyList<DateTimeOffset> Walk(
        string schedule, DateTimeOffset after, TimeSpan span, TimeZoneInfo zone)
    {
        var fields = schedule.Split(' ');
        var times = new List<DateTimeOffset>();
        var latest = ClockAt(after.AddHours(-3));
        for (var time = after.AddHours(-3).AddMinutes(1); time <= after + span; time = time.AddMinutes(1))
        {
            var comes = false;
            for (; latest < ClockAt(time); latest = latest.AddMinutes(1))
                comes |= IsMeant(fields, latest.AddMinutes(1));
            if (comes && time > after)
                times.Add(time);
        }

        return times;

        DateTime ClockAt(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, zone).DateTime;
    }

    private static bool IsMeant(string[] fields, DateTime clock)
    {
        var inMonth = Has(fields[2], clock.Day, 1, 31);
        var inWeek = Has(fields[4], (int)clock.DayOfWeek, 0, 7)
            || (clock.DayOfWeek is DayOfWeek.Sunday && Has(fields[4], 7, 0, 7));
        var either = fields[2][0] is not '*' && fields[4][0] is not '*';
        return Has(fields[0], clock.Minute, 0, 59)
            && Has(fields[1], clock.Hour, 0, 23)
            && Has(fields[3], clock.Month, 1, 12)
            && (either ? inMonth || inWeek : inMonth && inWeek);
    }

    private static bool Has(string field, int number, int min, int max) => field.Split(',').Any(part =>
    {
        var range = part.Split('/')[0];
        var step = part.Contains('/') ? Number(part.Split('/')[1]) : 1;
        var from = range is "*" ? min : Number(range.Split('-')[0]);
        var to = range is "*" ? max : range.Contains('-') ? Number(range.Split('-')[1]) : from;
        return number >= from && number <= to && (number - from) % step is 0;
    });

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
