using Xunit.Abstractions;

namespace ActorRuns.TestKit;

/// <summary>What makes a scenario different.</summary>
public sealed record ScenarioOptions
{
    /// <summary>Settings in HOCON, as in <c>hocon/actorruns.conf</c>.</summary>
    /// <value>Default empty: the defaults of the runtime.</value>
    public string Hocon { get; init; } = string.Empty;

    /// <summary>The models and tools whose calls the timeline is to tell.</summary>
    public IReadOnlyList<IScripted> Scripts { get; init; } = [];

    /// <summary>When the scenario begins.</summary>
    /// <value>Default the first of January 2030, noon.</value>
    public DateTimeOffset StartsAt { get; init; } = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Where what the runtime logs is written; null for nowhere.</summary>
    public ITestOutputHelper? Output { get; init; }
}
