using System.Diagnostics.CodeAnalysis;

namespace ActorRuns.Threads;

/// <summary>Names one conversation: the unit of ordering, with a journal of its own.</summary>
/// <param name="Value">A UUID; any version is accepted from outside.</param>
public readonly record struct ThreadId(Guid Value)
{
    /// <summary>Reads the hyphenated form; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ThreadId id)
    {
        var parsed = Guid.TryParseExact(text, "D", out var value);
        id = new ThreadId(value);
        return parsed;
    }

    /// <summary>The hyphenated form in lower case, as it stands on the wire.</summary>
    public override string ToString() => Value.ToString("D");
}
