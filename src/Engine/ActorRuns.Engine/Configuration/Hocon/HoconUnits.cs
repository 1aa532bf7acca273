using System.Collections.Frozen;
using System.Globalization;

namespace Akka.Configuration.Hocon;

/// <summary>Durations and byte sizes: a number that is not negative, and a unit after it.</summary>
internal static class HoconUnits
{
    private const long Kilo = 1000;
    private const long Kibi = 1024;

    private static readonly FrozenDictionary<string, decimal> TicksPerUnit = Table(
        (0.01m, ["ns", "nano", "nanos", "nanosecond", "nanoseconds"]),
        (TimeSpan.TicksPerMicrosecond, ["us", "micro", "micros", "microsecond", "microseconds"]),
        (TimeSpan.TicksPerMillisecond, ["", "ms", "milli", "millis", "millisecond", "milliseconds"]),
        (TimeSpan.TicksPerSecond, ["s", "second", "seconds"]),
        (TimeSpan.TicksPerMinute, ["m", "minute", "minutes"]),
        (TimeSpan.TicksPerHour, ["h", "hour", "hours"]),
        (TimeSpan.TicksPerDay, ["d", "day", "days"]));

    private static readonly FrozenDictionary<string, decimal> BytesPerUnit = Table(
        (1, ["", "b", "B", "byte", "bytes"]),
        (Kilo, ["kB", "kilobyte", "kilobytes"]),
        (Kilo * Kilo, ["MB", "megabyte", "megabytes"]),
        (Kilo * Kilo * Kilo, ["GB", "gigabyte", "gigabytes"]),
        (Kilo * Kilo * Kilo * Kilo, ["TB", "terabyte", "terabytes"]),
        (Kibi, ["k", "K", "Ki", "KiB", "kibibyte", "kibibytes"]),
        (Kibi * Kibi, ["m", "M", "Mi", "MiB", "mebibyte", "mebibytes"]),
        (Kibi * Kibi * Kibi, ["g", "G", "Gi", "GiB", "gibibyte", "gibibytes"]),
        (Kibi * Kibi * Kibi * Kibi, ["t", "T", "Ti", "TiB", "tebibyte", "tebibytes"]));

    /// <returns>Null when the text is no duration, or one that no <see cref="TimeSpan"/> can hold.</returns>
    public static TimeSpan? ParseDuration(string text) =>
        Parse(text, TicksPerUnit) is { } ticks ? TimeSpan.FromTicks(ticks) : null;

    /// <returns>Null when the text is no byte size.</returns>
    public static long? ParseByteSize(string text) => Parse(text, BytesPerUnit);

    private static long? Parse(string text, FrozenDictionary<string, decimal> units)
    {
        var number = text.AsSpan().TrimEnd(Letters);
        if (!units.TryGetValue(text[number.Length..], out var factor)
            || !decimal.TryParse(
                number.TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count))
        {
            return null;
        }

        // Dividing first cannot overflow, as multiplying could.
        return count <= long.MaxValue / factor ? (long)(count * factor) : null;
    }

    private static ReadOnlySpan<char> Letters => "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static FrozenDictionary<string, decimal> Table(params (decimal Factor, string[] Names)[] units) =>
        units.SelectMany(unit => unit.Names, (unit, name) => KeyValuePair.Create(name, unit.Factor))
            .ToFrozenDictionary(StringComparer.Ordinal);
}
