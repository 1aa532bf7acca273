using System.Globalization;

namespace ActorRuns.Sql;

/// <summary>Times as they stand in the tables: texts in UTC that sort as the times do.</summary>
internal static class SqlTime
{
    /// <summary>A time as text.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>The time of a text.</summary>
    /// <exception cref="FormatException">The text is none that <see cref="Text" /> wrote.</exception>
    public static DateTimeOffset Read(string text) =>
        DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture);
}
