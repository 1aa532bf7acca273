using System.Diagnostics;

namespace ActorRuns.Benchmarks.Engine;

/// <summary>What the database itself can take, in the journal's own table.</summary>
internal static class RawInserts
{
    /// <summary>
    /// Writes an event of each id, again and again, in one transaction for each of the journal's connections: what a
    /// journal could do at best whose actors await each event.
    /// </summary>
    /// <returns>Events per second.</returns>
    public static async Task<double> MeasureAsync(IDatabase database, string prefix, int ids, TimeSpan duration)
    {
        var names = Enumerable.Range(0, ids).Select(i => $"{prefix}-{i}");
        var shares = names.Chunk((ids + database.Writers - 1) / database.Writers)
            .Select(share => (Ids: share, Connection: database.Connect()))
            .ToList();
        var start = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(shares.Select(share => RunOnThread(() =>
        {
            using var connection = share.Connection;
            return Write(connection, share.Ids, start, duration);
        })));
        return counts.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Writes so many events of each id, in as large transactions as a journal's.</summary>
    public static void Fill(IDatabase database, string prefix, int ids, int eventsOfEach)
    {
        const int BatchSize = 1_000;
        using var connection = database.Connect();
        var rows =
            from number in Enumerable.Range(1, eventsOfEach)
            from id in Enumerable.Range(0, ids)
            select new RawEvent($"{prefix}-{id}", number);
        foreach (var batch in rows.Chunk(BatchSize))
            connection.Insert(batch);
    }

    private static long Write(IRawConnection connection, string[] ids, long start, TimeSpan duration)
    {
        var number = 0L;
        do
        {
            number++;
            connection.Insert([.. ids.Select(id => new RawEvent(id, number))]);
        }
        while (Stopwatch.GetElapsedTime(start) < duration);
        return number * ids.Length;
    }

    private static Task<long> RunOnThread(Func<long> work) => Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
