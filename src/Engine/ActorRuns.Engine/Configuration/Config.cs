using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Akka.Configuration.Hocon;

namespace Akka.Configuration;

/// <summary>
/// A tree of settings read from HOCON. It never changes; any thread may read it. Paths are keys parted by dots, where
/// a key that contains a dot is put in quotes. A value that is missing, or null, gives the default; one of another kind
/// than asked for is a <see cref="FormatException"/> that names path and value.
/// </summary>
public sealed class Config
{
    private const NumberStyles WholeNumber = NumberStyles.AllowLeadingSign;

    private readonly HoconValue.Section _root;

    internal Config(HoconValue.Section root) => _root = root;

    /// <summary>True when there is no setting at all.</summary>
    public bool IsEmpty => _root.Members.IsEmpty;

    /// <summary>The keys at the top, without quotes, in ordinal order; see <see cref="Quote"/>.</summary>
    internal IEnumerable<string> Keys => _root.Members.Keys;

    /// <summary>This config, with what it lacks from the other; sections that both have are merged.</summary>
    public Config WithFallback(Config fallback)
    {
        ArgumentNullException.ThrowIfNull(fallback);
        return new Config(_root.Over(fallback._root));
    }

    /// <summary>Whether there is a text, list or section at the path.</summary>
    public bool HasPath(string path) => Find(path) is not null;

    /// <summary>The section at the path as a config of its own; an empty one when it is missing.</summary>
    public Config GetConfig(string path) => Find(path) switch
    {
        null => ConfigurationFactory.Empty,
        HoconValue.Section section => new Config(section),
        var other => throw WrongKind(path, other, "a section"),
    };

    /// <summary>The text at the path; null when it is missing and no default is given.</summary>
    [return: NotNullIfNotNull(nameof(@default))]
    public string? GetString(string path, string? @default = null) => FindText(path, "a text") ?? @default;

    /// <summary>A list of texts; an empty one when it is missing.</summary>
    public IList<string> GetStringList(string path) => GetStringList(path, []);

    /// <summary>A list of texts.</summary>
    public IList<string> GetStringList(string path, string[] strings) => Find(path) switch
    {
        null => strings,
        HoconValue.List(var items) => [.. items.Select(item => AsText(path, item, "a list of texts"))],
        var other => throw WrongKind(path, other, "a list"),
    };

    /// <summary>A boolean: <c>on</c>, <c>true</c>, <c>off</c> or <c>false</c>, and nothing else.</summary>
    public bool GetBoolean(string path, bool @default = false) =>
        Read<bool>(path, "on, off, true or false", ParseBoolean) ?? @default;

    /// <summary>A whole number of 32 bits.</summary>
    public int GetInt(string path, int @default = 0) =>
        Read<int>(path, "a whole number of 32 bits", text =>
            int.TryParse(text, WholeNumber, CultureInfo.InvariantCulture, out var value) ? value : null)
        ?? @default;

    /// <summary>A whole number of 64 bits.</summary>
    public long GetLong(string path, long @default = 0) =>
        Read<long>(path, "a whole number of 64 bits", text =>
            long.TryParse(text, WholeNumber, CultureInfo.InvariantCulture, out var value) ? value : null)
        ?? @default;

    /// <summary>A number with a decimal point or exponent, whatever the culture.</summary>
    public double GetDouble(string path, double @default = 0) =>
        Read<double>(path, "a number", text =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null)
        ?? @default;

    /// <summary>A number of bytes, such as <c>10 kB</c> (10000) or <c>10k</c> (10240).</summary>
    public long? GetByteSize(string path, long? def = null) =>
        Read<long>(path, "a number of bytes such as 512k or 10 MB", HoconUnits.ParseByteSize) ?? def;

    /// <summary>
    /// A duration such as <c>250ms</c> or <c>1.5 s</c>; a number without a unit counts milliseconds, <c>infinite</c> is
    /// <see cref="Timeout.InfiniteTimeSpan"/>.
    /// </summary>
    /// <param name="path">Where it is looked for.</param>
    /// <param name="default">What is returned when it is missing; zero if null.</param>
    /// <param name="allowInfinite">Whether <c>infinite</c> is among the values that make sense here.</param>
    public TimeSpan GetTimeSpan(string path, TimeSpan? @default = null, bool allowInfinite = true)
    {
        var expected = "a duration such as 250ms or 3 s" + (allowInfinite ? ", or infinite" : "");
        return Read<TimeSpan>(path, expected, text =>
                text == "infinite" && allowInfinite ? Timeout.InfiniteTimeSpan : HoconUnits.ParseDuration(text))
            ?? @default ?? TimeSpan.Zero;
    }

    /// <summary>The text at the path, or the texts of the list there; none when it is missing.</summary>
    internal IList<string> GetTexts(string path) =>
        Find(path) is HoconValue.Text(var text) ? [text] : GetStringList(path);

    /// <summary>Whether there is a section at the path.</summary>
    internal bool IsSection(string path) => Find(path) is HoconValue.Section;

    /// <summary>The key as it is written in a path.</summary>
    internal static string Quote(string key) =>
        $"\"{key.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static bool? ParseBoolean(string text) => text switch
    {
        "on" or "true" => true,
        "off" or "false" => false,
        _ => null,
    };

    private static string AsText(string path, HoconValue value, string expected) =>
        value is HoconValue.Text(var text) ? text : throw WrongKind(path, value, expected);

    private static FormatException WrongKind(string path, HoconValue value, string expected)
    {
        var found = value switch
        {
            HoconValue.Text(var text) => $"'{text}'",
            HoconValue.List => "a list",
            _ => "a section",
        };
        return new FormatException($"The setting {path} is {found}; expected {expected}.");
    }

    private HoconValue? Find(string path) => _root.Find(HoconParser.ParsePath(path));

    private string? FindText(string path, string expected) =>
        Find(path) is { } value ? AsText(path, value, expected) : null;

    private T? Read<T>(string path, string expected, Func<string, T?> parse) where T : struct
    {
        if (FindText(path, expected) is not { } text)
            return null;
        return parse(text) ?? throw WrongKind(path, new HoconValue.Text(text), expected);
    }
}
