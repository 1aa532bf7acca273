using Akka.Event;

namespace Akka.TestKit.EventFilters;

/// <summary>What a log entry must be like; what is null does not matter.</summary>
/// <param name="Message">The whole text.</param>
/// <param name="Start">How the text begins.</param>
/// <param name="Contains">A part of the text.</param>
/// <param name="Source">A part of the source, such as the path of an actor.</param>
internal sealed record LogPattern(string? Message, string? Start, string? Contains, string? Source)
{
    /// <summary>The kind of entry, which tells its level.</summary>
    public required Type EntryType { get; init; }

    /// <summary>The exception that the entry has as its cause. Its message may fit in place of the entry's.</summary>
    public Type? CauseType { get; init; }

    public bool Matches(LogEvent entry) =>
        EntryType.IsInstanceOfType(entry)
        && (CauseType is null || CauseType.IsInstanceOfType(entry.Cause))
        && (Source is null || entry.LogSource.Contains(Source, StringComparison.Ordinal))
        && (MatchesText($"{entry.Message}") || (CauseType is not null && MatchesText(entry.Cause?.Message)));

    public override string ToString()
    {
        string?[] parts =
        [
            CauseType is null ? EntryType.Name : $"{EntryType.Name} with cause {CauseType.Name}",
            Message is null ? null : $"text '{Message}'",
            Start is null ? null : $"beginning '{Start}'",
            Contains is null ? null : $"part '{Contains}'",
            Source is null ? null : $"source '{Source}'",
        ];
        return string.Join(", ", parts.Where(part => part is not null));
    }

    private bool MatchesText(string? text) =>
        text is not null
        && (Message is null || text == Message)
        && (Start is null || text.StartsWith(Start, StringComparison.Ordinal))
        && (Contains is null || text.Contains(Contains, StringComparison.Ordinal));
}
