using System.Globalization;

namespace ActorRuns.Crons;

/// <summary>One field of a schedule: which of its numbers are meant.</summary>
internal sealed class CronField
{
    private readonly ulong _meant;

    private CronField(ulong meant, bool isOpen)
    {
        _meant = meant;
        IsOpen = isOpen;
    }

    /// <summary>True when the field begins with <c>*</c>, so that it leaves the choice to others.</summary>
    public bool IsOpen { get; }

    /// <summary>True for a number that is meant.</summary>
    public bool Has(int number) => ((_meant >> number) & 1) is not 0;

    /// <summary>Reads a field: a list of parts, each <c>*</c>, a number or a range, and maybe its step.</summary>
    /// <param name="kind">What the numbers of the field are.</param>
    /// <param name="text">The field as it was written.</param>
    /// <returns>The field; null when a part is none of these.</returns>
    public static CronField? Read(CronFieldKind kind, string text)
    {
        var meant = 0UL;
        foreach (var part in text.Split(','))
        {
            if (ReadPart(kind, part) is not { } numbers)
                return null;
            meant |= numbers;
        }

        return new CronField(meant, text.StartsWith('*'));
    }

    private static ulong? ReadPart(CronFieldKind kind, string part)
    {
        var (range, step) = part.Split('/') switch
        {
            [var whole] => (whole, 1),
            [var whole, var size] => (whole, Number(size) ?? 0),
            _ => (string.Empty, 0),
        };
        if (step is 0 || ReadRange(kind, range, hasStep: part != range) is not var (from, to))
            return null;

        var meant = 0UL;
        for (var number = from; number <= to; number += step)
            meant |= 1UL << kind.Fold(number);
        return meant;
    }

    /// <summary>The first and the last number; a number that has a step goes up to the highest.</summary>
    private static (int From, int To)? ReadRange(CronFieldKind kind, string range, bool hasStep)
    {
        if (range is "*")
            return (kind.Min, kind.Max);

        var ends = range.Split('-');
        if (ends.Length > 2 || kind.Read(ends[0]) is not { } from)
            return null;
        if (ends.Length is 1)
            return (from, hasStep ? kind.Max : from);
        return kind.Read(ends[1]) is { } to && to >= from ? (from, to) : null;
    }

    /// <summary>A number of at most two digits: no field has more, and none that small overflows.</summary>
    internal static int? Number(string text) =>
        text.Length <= 2 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}

/// <summary>What the numbers of a field are.</summary>
/// <param name="Name">What the field is called.</param>
/// <param name="Min">The lowest number.</param>
/// <param name="Max">The highest number.</param>
/// <param name="Names">The names of the numbers, from <paramref name="Min"/> on; none when they have no names.</param>
internal sealed record CronFieldKind(string Name, int Min, int Max, params IReadOnlyList<string> Names)
{
    public static CronFieldKind Minute { get; } = new("minute", 0, 59);

    public static CronFieldKind Hour { get; } = new("hour", 0, 23);

    public static CronFieldKind DayOfMonth { get; } = new("day-of-month", 1, 31);

    public static CronFieldKind Month { get; } = new(
        "month", 1, 12, "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");

    // 0 and 7 are both Sunday, so that a range can end with it.
    public static CronFieldKind DayOfWeek { get; } = new(
        "day-of-week", 0, 7, "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

    /// <summary>What would have been right, for whoever wrote something else.</summary>
    public string Expected
    {
        get
        {
            var names = Names.Count is 0 ? string.Empty : $" or {Names[0]} to {Names[^1]}";
            return $"numbers from {Min} to {Max}{names}, ranges that go up (a-b), "
                + "steps (*/n, a-b/n) or a list of these";
        }
    }

    /// <summary>The number that is written or named; null when it is none of this field.</summary>
    public int? Read(string text)
    {
        for (var index = 0; index < Names.Count; index++)
        {
            if (Names[index].Equals(text, StringComparison.OrdinalIgnoreCase))
                return Min + index;
        }

        return CronField.Number(text) is { } number && number >= Min && number <= Max ? number : null;
    }

    /// <summary>The number as it is kept: a week has one Sunday.</summary>
    public int Fold(int number) => this == DayOfWeek && number is 7 ? 0 : number;
}
