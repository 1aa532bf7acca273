using System.Diagnostics.CodeAnalysis;

namespace ActorRuns.Crons;

/// <summary>Names one cron.</summary>
/// <param name="Value">A UUID; any version is accepted from outside.</param>
public readonly record struct CronId(Guid Value)
{
    /// <summary>Reads the hyphenated form; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out CronId id)
    {
        var parsed = Guid.TryParseExact(text, "D", out var value);
        id = new CronId(value);
        return parsed;
    }

    /// <summary>The hyphenated form in lower case, as it stands on the wire.</summary>
    public override string ToString() => Value.ToString("D");
}
