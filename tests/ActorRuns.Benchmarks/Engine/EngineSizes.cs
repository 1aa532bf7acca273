namespace ActorRuns.Benchmarks.Engine;

/// <summary>How much is measured.</summary>
internal sealed record EngineSizes
{
    /// <summary>Enough for figures that mean something; takes some minutes.</summary>
    public static EngineSizes Full { get; } = new();

    /// <summary>Just enough to see that everything still works.</summary>
    public static EngineSizes Tiny { get; } = new()
    {
        Rounds = 1,
        Messages = 10_000,
        Asks = 100,
        Actors = 100,
        Duration = TimeSpan.FromMilliseconds(20),
        WriterCounts = [1, 10],
        Recovered = 100,
    };

    /// <summary>How often each thing is measured.</summary>
    public int Rounds { get; init; } = 6;

    /// <summary>Messages told in a round.</summary>
    public int Messages { get; init; } = 4_000_000;

    /// <summary>Questions asked in a round, one after the other.</summary>
    public int Asks { get; init; } = 50_000;

    /// <summary>Actors that are started and stopped in a round, or left idle.</summary>
    public int Actors { get; init; } = 100_000;

    /// <summary>How long events are written in a round.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many actors write at the same time.</summary>
    public IReadOnlyList<int> WriterCounts { get; init; } = [1, 10, 100, 1_000];

    /// <summary>Events recovered in a round.</summary>
    public int Recovered { get; init; } = 200_000;
}
