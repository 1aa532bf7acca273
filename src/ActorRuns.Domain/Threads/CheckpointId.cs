using System.Diagnostics.CodeAnalysis;

namespace ActorRuns.Threads;

/// <summary>Names one revision of a thread's state; ids of one thread sort by the time they were made.</summary>
/// <param name="Value">A UUID; any version is accepted from outside.</param>
public readonly record struct CheckpointId(Guid Value)
{
    /// <summary>Reads the hyphenated form; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out CheckpointId id)
    {
        var parsed = Guid.TryParseExact(text, "D", out var value);
        id = new CheckpointId(value);
        return parsed;
    }

    /// <summary>The hyphenated form in lower case, as it stands on the wire.</summary>
    public override string ToString() => Value.ToString("D");
}
