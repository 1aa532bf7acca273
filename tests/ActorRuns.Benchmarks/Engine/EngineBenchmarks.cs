using ActorRuns.Engine.Tests.Persistence;

namespace ActorRuns.Benchmarks.Engine;

/// <summary>What the engine can do. Uses only Akka.NET's API, so that it measures whichever it is built on.</summary>
internal static class EngineBenchmarks
{
    /// <summary>Measures everything, and prints each result as it comes.</summary>
    public static async Task RunAsync(EngineSizes sizes, CancellationToken cancellationToken)
    {
        foreach (var pairs in (int[])[1, 2, 8, 50, 500])
            Console.WriteLine(await TellThroughput.MeasureAsync(pairs, sizes));
        Console.WriteLine(await AskLatency.MeasureAsync(sizes));
        foreach (var rate in await SpawnRate.MeasureAsync(sizes))
            Console.WriteLine(rate);
        Console.WriteLine(await IdleActor.MeasureAsync(sizes));

        await ForEachKindAsync(async databases =>
        {
            await MeasureWritersAsync(databases, sizes, cancellationToken);
            foreach (var actors in (int[])[1, 100])
            {
                var database = databases.Create($"recover_{actors}");
                Console.WriteLine(await RecoveryRate.MeasureAsync(database, actors, sizes));
            }
        });
    }

    /// <summary>Measures only how fast events are persisted, and prints each result as it comes.</summary>
    public static Task RunJournalAsync(EngineSizes sizes, CancellationToken cancellationToken) =>
        ForEachKindAsync(databases => MeasureWritersAsync(databases, sizes, cancellationToken));

    private static async Task ForEachKindAsync(Func<IDatabases, Task> measure)
    {
        using (var sqlite = new SqliteFiles())
            await measure(sqlite);

        if (!PostgreSqlServer.IsInstalled)
        {
            Console.WriteLine("PostgreSQL is not installed here, and so not measured.");
            return;
        }

        using var server = new PostgreSqlServer(durable: true);
        await measure(new PostgreSqlDatabases(server));
    }

    private static async Task MeasureWritersAsync(
        IDatabases databases, EngineSizes sizes, CancellationToken cancellationToken)
    {
        foreach (var writers in sizes.WriterCounts)
        {
            var database = databases.Create($"write_{writers}");
            await JournalThroughput.MeasureAsync(database, writers, sizes, cancellationToken);
        }
    }
}
