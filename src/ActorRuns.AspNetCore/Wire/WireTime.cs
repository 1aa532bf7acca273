using System.Globalization;
using System.Text.Json;

namespace ActorRuns.AspNetCore.Wire;

/// <summary>Writes times as the API has them: UTC, with milliseconds and <c>Z</c>.</summary>
internal static class WireTime
{
    /// <summary>Writes a time as a property.</summary>
    public static void Write(Utf8JsonWriter writer, string name, DateTimeOffset time) =>
        writer.WriteString(name, time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
}
