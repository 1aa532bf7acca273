using System.Globalization;
using System.Text.Json;

namespace ActorRuns.Sql;

/// <summary>
/// What of JSON PostgreSQL's <c>jsonb</c> can hold and find as we do. It has no character 0, no half of a surrogate
/// pair and no number of any size: what has one is kept as text alone, and looked into row by row.
/// </summary>
internal static class SearchableJson
{
    private const int LongestNumber = 64;
    private const double LargestNumber = 1e300;

    /// <summary>The JSON when it can be held; else null.</summary>
    public static string? Of(string json) => Is(JsonElement.Parse(json)) ? json : null;

    /// <summary>Whether it can be held.</summary>
    public static bool Is(JsonElement json)
    {
        try
        {
            return IsPlain(json);
        }
        catch (InvalidOperationException)
        {
            return false; // Half of a surrogate pair cannot be read as text.
        }
    }

    private static bool IsPlain(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object =>
            json.EnumerateObject().All(property => IsPlain(property.Name) && IsPlain(property.Value)),
        JsonValueKind.Array => json.EnumerateArray().All(IsPlain),
        JsonValueKind.String => IsPlain(json.GetString()!), // It is one.
        JsonValueKind.Number => IsPlainNumber(json.GetRawText()),
        _ => true,
    };

    private static bool IsPlain(string text) => !text.Contains('\0', StringComparison.Ordinal);

    private static bool IsPlainNumber(string number)
    {
        var size = Math.Abs(double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture));
        return number.Length <= LongestNumber
            && (size is > 1 / LargestNumber and < LargestNumber
                || (size is 0 && !number.Contains('e', StringComparison.OrdinalIgnoreCase)));
    }
}
