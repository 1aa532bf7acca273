using System.Diagnostics.CodeAnalysis;

namespace ActorRuns.Crons;

/// <summary>
/// When a cron comes: the five fields of a crontab (minute, hour, day of the month, month, day of the week), or one of
/// <c>@hourly</c>, <c>@daily</c>, <c>@weekly</c>, <c>@monthly</c> and <c>@yearly</c>. When both kinds of day are
/// restricted, either is enough, as in Vixie cron; a field that begins with <c>*</c> does not restrict in this sense.
/// <para>
/// When clocks are put forward, what falls into the gap comes at the first minute after it; when they are put back,
/// what comes twice on the clock comes once, at the first time.
/// </para>
/// </summary>
public sealed class CronSchedule : IEquatable<CronSchedule>
{
    // After 400 years the calendar repeats, weekdays included: what has not come by then never does.
    private const int CalendarYears = 400;

    private readonly CronField _minute;
    private readonly CronField _hour;
    private readonly CronField _dayOfMonth;
    private readonly CronField _month;
    private readonly CronField _dayOfWeek;

    private CronSchedule(string text, CronField[] fields)
    {
        Text = text;
        (_minute, _hour, _dayOfMonth, _month, _dayOfWeek) = (fields[0], fields[1], fields[2], fields[3], fields[4]);
    }

    /// <summary>The schedule as it was written.</summary>
    public string Text { get; }

    /// <summary>Reads a schedule.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static CronSchedule Parse(string text) => TryParse(text, out var schedule, out var expected)
        ? schedule
        : throw new FormatException($"'{text}' is no schedule: expected {expected}.");

    /// <summary>Reads a schedule.</summary>
    /// <param name="text">The schedule.</param>
    /// <param name="schedule">What was read.</param>
    /// <param name="expected">What was expected, of the first field that is wrong, when it is no schedule.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out CronSchedule? schedule, [NotNullWhen(false)] out string? expected)
    {
        schedule = null;
        expected = null;
        var written = FieldsOf(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        CronFieldKind[] kinds =
        [
            CronFieldKind.Minute,
            CronFieldKind.Hour,
            CronFieldKind.DayOfMonth,
            CronFieldKind.Month,
            CronFieldKind.DayOfWeek,
        ];
        if (written.Length != kinds.Length)
        {
            expected = $"five fields ({string.Join(' ', kinds.Select(kind => kind.Name))}), "
                + "or one of @hourly, @daily, @weekly, @monthly, @yearly";
            return false;
        }

        var fields = new CronField[kinds.Length];
        for (var index = 0; index < kinds.Length; index++)
        {
            if (CronField.Read(kinds[index], written[index]) is not { } field)
            {
                expected = $"{kinds[index].Name} to be {kinds[index].Expected}, not '{written[index]}'";
                return false;
            }

            fields[index] = field;
        }

        schedule = new CronSchedule(text, fields);
        return true;
    }

    /// <summary>The first time after another one; null when none ever comes.</summary>
    /// <param name="after">The time; what comes at exactly this time does not count.</param>
    /// <param name="zone">Whose clocks the schedule is read by.</param>
    public DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo zone)
    {
        var clock = TimeZoneInfo.ConvertTime(after, zone).DateTime;
        while (NextOnClock(clock) is { } next)
        {
            var comes = ComesAt(next, zone);
            if (comes > after)
                return comes;
            clock = next; // The second hour of a clock that was put back: it has come in the first one.
        }

        return null;
    }

    /// <summary>The last time within a span, both ends included; null when none is.</summary>
    public DateTimeOffset? Last(DateTimeOffset from, DateTimeOffset until, TimeZoneInfo zone)
    {
        // Looking back ever further finds the last of many in a few steps, and of few there are few.
        foreach (var days in (ReadOnlySpan<double>)[1.0 / 24, 1, 31, 366, double.PositiveInfinity])
        {
            var start = (until - from).TotalDays <= days ? from : until.AddDays(-days);
            if (LastOf(start, until, zone) is { } last)
                return last;
            if (start == from)
                break;
        }

        return null;
    }

    /// <inheritdoc />
    public bool Equals(CronSchedule? other) => other is not null && Text == other.Text;

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as CronSchedule);

    /// <inheritdoc />
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc />
    public override string ToString() => Text;

    private static string FieldsOf(string text) => text.Trim() switch
    {
        "@hourly" => "0 * * * *",
        "@daily" or "@midnight" => "0 0 * * *",
        "@weekly" => "0 0 * * 0",
        "@monthly" => "0 0 1 * *",
        "@yearly" or "@annually" => "0 0 1 1 *",
        var fields => fields,
    };

    private DateTimeOffset? LastOf(DateTimeOffset from, DateTimeOffset until, TimeZoneInfo zone)
    {
        DateTimeOffset? last = null;
        var next = Next(from.AddTicks(-1), zone);
        while (next <= until)
        {
            last = next;
            next = Next(next.Value, zone);
        }

        return last;
    }

    /// <summary>When what stands on the clock comes, whatever happens to the clock.</summary>
    private static DateTimeOffset ComesAt(DateTime clock, TimeZoneInfo zone)
    {
        while (zone.IsInvalidTime(clock))
            clock = clock.AddMinutes(1);
        var offset = zone.IsAmbiguousTime(clock) ? zone.GetAmbiguousTimeOffsets(clock).Max() : zone.GetUtcOffset(clock);
        return new DateTimeOffset(clock, offset).ToUniversalTime();
    }

    /// <summary>The first time after another one on a clock that is never put forward or back.</summary>
    private DateTime? NextOnClock(DateTime after)
    {
        var first = after.AddTicks(-(after.Ticks % TimeSpan.TicksPerMinute)).AddMinutes(1);
        var day = DateOnly.FromDateTime(first);
        if (IsMeant(day) && NextInDay(TimeOnly.FromDateTime(first)) is { } today)
            return day.ToDateTime(today);

        return NextDay(day) is { } later && NextInDay(TimeOnly.MinValue) is { } time ? later.ToDateTime(time) : null;
    }

    private DateOnly? NextDay(DateOnly after)
    {
        var last = after.AddYears(Math.Min(CalendarYears, DateOnly.MaxValue.Year - after.Year));
        for (var day = after; day < last;)
        {
            day = _month.Has(day.Month) ? day.AddDays(1) : new DateOnly(day.Year, day.Month, 1).AddMonths(1);
            if (IsMeant(day))
                return day;
        }

        return null;
    }

    private bool IsMeant(DateOnly day)
    {
        var inMonth = _dayOfMonth.Has(day.Day);
        var inWeek = _dayOfWeek.Has((int)day.DayOfWeek);
        var anyWillDo = !_dayOfMonth.IsOpen && !_dayOfWeek.IsOpen;
        return _month.Has(day.Month) && (anyWillDo ? inMonth || inWeek : inMonth && inWeek);
    }

    /// <summary>The first time of a day that is not before another one.</summary>
    private TimeOnly? NextInDay(TimeOnly from)
    {
        for (var hour = from.Hour; hour < 24; hour++)
        {
            if (!_hour.Has(hour))
                continue;

            for (var minute = hour == from.Hour ? from.Minute : 0; minute < 60; minute++)
            {
                if (_minute.Has(minute))
                    return new TimeOnly(hour, minute);
            }
        }

        return null;
    }
}
