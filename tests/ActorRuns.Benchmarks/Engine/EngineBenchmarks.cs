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

        using (var sqlite = new SqliteFiles())
            await MeasureJournalAsync(sqlite, sizes, cancellationToken);

        if (!PostgreSqlServer.IsInstalled)
        {
            Console.WriteLine("PostgreSQL is not installed here, and so not measured.");
            return;
        }

        using var server = new PostgreSqlServer(durable: true);
        await MeasureJournalAsync(new PostgreSqlDatabases(server), sizes, cancellationToken);
    }

    private static async Task MeasureJournalAsync(
        IDatabases databases, EngineSizes sizes, CancellationToken cancellationToken)
    {
        foreach (var writers in sizes.WriterCounts)
        {
            var database = databases.Create($"write_{writers}");
            await JournalThroughput.MeasureAsync(database, writers, sizes, cancellationToken);
        }

        foreach (var actors in (int[])[1, 100])
            Console.WriteLine(await RecoveryRate.MeasureAsync(databases.Create($"recover_{actors}"), actors, sizes));
    }
}
