using System.Globalization;

namespace ActorRuns.Benchmarks.Load;

/// <summary>
/// What idle threads of ten messages cost in memory: of a server that was just started, so that nothing else is in it.
/// </summary>
internal static class IdleMemory
{
    private const int RunsOfAThread = 5;
    private const int AtOnce = 32;
    private const string Awake = "actorruns_threads_awake ";

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Starts a server, leaves threads idle in it, and prints what it holds before and after.</summary>
    /// <param name="name">Whose server it is.</param>
    /// <param name="start">Starts it.</param>
    /// <param name="sizes">How many threads, and whether to wait until the server lets them go.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task MeasureAsync(
        string name,
        Func<CancellationToken, Task<ServerUnderTest>> start,
        LoadSizes sizes,
        CancellationToken cancellationToken)
    {
        await using var server = await start(cancellationToken);
        var api = new WireApi(server.Client);
        await ConverseAsync(api, sizes.IdleThreads / 4, cancellationToken); // The program itself takes its room first.
        var before = ProcessMemory.OfTree(server.ProcessId);
        await ConverseAsync(api, sizes.IdleThreads, cancellationToken);
        var after = ProcessMemory.OfTree(server.ProcessId);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}, resident before and after {sizes.IdleThreads} threads of ten messages: "
            + $"{before:N0} and {after:N0} MiB"));
        if (sizes.LetsThreadsGo && await AreGoneAsync(server.Client, cancellationToken))
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}, resident when none of them is in memory any more: "
                + $"{ProcessMemory.OfTree(server.ProcessId):N0} MiB"));
        }
    }

    private static async Task ConverseAsync(WireApi api, int threads, CancellationToken cancellationToken)
    {
        var left = threads;
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                var thread = await api.CreateThreadAsync(cancellationToken);
                for (var i = 0; i < RunsOfAThread; i++)
                {
                    var run = await api.CreateRunAsync(thread, LoadTarget.Chat, cancellationToken);
                    await api.JoinAsync(thread, run, cancellationToken);
                }
            }
        }));
    }

    /// <summary>Waits until no thread is in memory; false when the server does not tell.</summary>
    private static async Task<bool> AreGoneAsync(HttpClient client, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var answer = await client.GetAsync(new Uri("metrics", UriKind.Relative), cancellationToken);
            var lines = (await answer.Content.ReadAsStringAsync(cancellationToken)).Split('\n');
            if (!answer.IsSuccessStatusCode || !lines.Any(line => line.StartsWith(Awake, StringComparison.Ordinal)))
                return false;
            if (lines.Contains($"{Awake}0"))
                return true;
            await Task.Delay(LookEvery, TimeProvider.System, cancellationToken);
        }
    }
}
