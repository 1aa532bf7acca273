using System.Diagnostics.CodeAnalysis;

namespace ActorRuns.Runs;

/// <summary>Names one request to execute an assistant on a thread.</summary>
/// <param name="Value">A UUID; any version is accepted from outside.</param>
public readonly record struct RunId(Guid Value)
{
    /// <summary>Reads the hyphenated form; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out RunId id)
    {
        var parsed = Guid.TryParseExact(text, "D", out var value);
        id = new RunId(value);
        return parsed;
    }

    /// <summary>The hyphenated form in lower case, as it stands on the wire.</summary>
    public override string ToString() => Value.ToString("D");
}
