namespace ActorRuns.Benchmarks.Load;

/// <summary>Which servers are measured.</summary>
internal static class LoadPrograms
{
    /// <summary>Measures our server beside the JavaScript development server.</summary>
    public static async Task CompareAsync(CancellationToken cancellationToken)
    {
        await using (var ours = await ServerUnderTest.StartAsync(cancellationToken))
        await using (var peer = await ServerUnderTest.StartPeerAsync(cancellationToken))
            await MeasureAsync([Target("ours", ours), Target("peer", peer)], LoadSizes.Full, cancellationToken);
        await IdleMemory.MeasureAsync("ours", ServerUnderTest.StartAsync, LoadSizes.Full, cancellationToken);
        await IdleMemory.MeasureAsync("peer", ServerUnderTest.StartPeerAsync, LoadSizes.Full, cancellationToken);
    }

    /// <summary>Measures our server alone.</summary>
    public static async Task MeasureOursAsync(LoadSizes sizes, CancellationToken cancellationToken)
    {
        await using (var ours = await ServerUnderTest.StartAsync(cancellationToken))
            await MeasureAsync([Target("ours", ours)], sizes, cancellationToken);
        if (sizes.IdleThreads > 0)
            await IdleMemory.MeasureAsync("ours", ServerUnderTest.StartAsync, sizes, cancellationToken);
    }

    /// <summary>Measures two builds of our server in turns: what a change is worth, on a busy machine too.</summary>
    public static async Task CompareBuildsAsync(
        string one, string other, LoadSizes sizes, CancellationToken cancellationToken)
    {
        await using var first = await ServerUnderTest.StartBuildAsync(one, cancellationToken);
        await using var second = await ServerUnderTest.StartBuildAsync(other, cancellationToken);
        await MeasureAsync([Target("one", first), Target("other", second)], sizes, cancellationToken);
    }

    /// <summary>Measures what idle threads cost in our server.</summary>
    public static Task MeasureMemoryAsync(CancellationToken cancellationToken) =>
        IdleMemory.MeasureAsync("ours", ServerUnderTest.StartAsync, LoadSizes.Full, cancellationToken);

    /// <summary>Measures whatever server is at an address.</summary>
    public static async Task MeasureAsync(Uri address, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = address };
        var target = new LoadTarget($"{address}", new WireApi(client), ProcessId: null);
        await MeasureAsync([target], LoadSizes.Full, cancellationToken);
    }

    private static Task MeasureAsync(
        IReadOnlyList<LoadTarget> targets, LoadSizes sizes, CancellationToken cancellationToken) =>
        new LoadComparison(targets, sizes).RunAsync(cancellationToken);

    private static LoadTarget Target(string name, ServerUnderTest server) =>
        new(name, new WireApi(server.Client), server.ProcessId);
}
