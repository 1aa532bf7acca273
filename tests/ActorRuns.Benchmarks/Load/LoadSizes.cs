namespace ActorRuns.Benchmarks.Load;

/// <summary>How much is measured.</summary>
internal sealed record LoadSizes
{
    /// <summary>Enough for figures that mean something; takes some minutes.</summary>
    public static LoadSizes Full { get; } = new();

    /// <summary>Just enough to see that everything still works.</summary>
    public static LoadSizes Tiny { get; } = new()
    {
        Rounds = 1,
        WarmUp = TimeSpan.Zero,
        Duration = TimeSpan.FromMilliseconds(500),
        ThreadCounts = [2],
        Streams = 2,
        Interrupts = 1,
        IdleThreads = 4,
        LetsThreadsGo = false,
    };

    /// <summary>Only runs on so many threads at once, for those who look for what they cost.</summary>
    public static LoadSizes RunsAlone(int threads) => new()
    {
        Rounds = 8,
        WarmUp = TimeSpan.FromSeconds(15),
        Duration = TimeSpan.FromSeconds(3),
        ThreadCounts = [threads],
        Streams = 0,
        IdleThreads = 0,
    };

    /// <summary>How often each thing is measured.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>How long each server works before anything is measured.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long runs or streams are begun in a round.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many threads have runs at the same time.</summary>
    public IReadOnlyList<int> ThreadCounts { get; init; } = [1, 16, 64, 256];

    /// <summary>How many streams are read at the same time; with 0 nothing is measured but runs.</summary>
    public int Streams { get; init; } = 64;

    /// <summary>How many runs are interrupted in a round, one after the other.</summary>
    public int Interrupts { get; init; } = 20;

    /// <summary>How many threads are left idle.</summary>
    public int IdleThreads { get; init; } = 1_000;

    /// <summary>Whether to wait, some minutes, until the server has let go of them.</summary>
    public bool LetsThreadsGo { get; init; } = true;
}
