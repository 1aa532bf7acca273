using System.Diagnostics.CodeAnalysis;

namespace ActorRuns.Assistants;

/// <summary>Names one configuration of a graph.</summary>
/// <param name="Value">A UUID; any version is accepted from outside.</param>
public readonly record struct AssistantId(Guid Value)
{
    /// <summary>Reads the hyphenated form; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AssistantId id)
    {
        var parsed = Guid.TryParseExact(text, "D", out var value);
        id = new AssistantId(value);
        return parsed;
    }

    /// <summary>The hyphenated form in lower case, as it stands on the wire.</summary>
    public override string ToString() => Value.ToString("D");
}
