using System.Diagnostics;
using System.Globalization;
using ActorRuns.Benchmarks.Load;
using Microsoft.Data.Sqlite;

namespace ActorRuns.Benchmarks;

/// <summary>
/// From sending the second message, with strategy interrupt, to the first event of its run, while the first run is in
/// its tool call; beside what it cannot be faster than: one HTTP round trip and one durable commit on this machine.
/// </summary>
internal static class InterruptLatency
{
    private const int WarmUp = 20;

    public static async Task RunAsync(int rounds, CancellationToken cancellationToken)
    {
        await using var server = await ServerUnderTest.StartAsync(cancellationToken);
        var api = new WireApi(server.Client);
        var roundTrip = new Sample("one HTTP round trip (GET /ok)");
        var commit = new Sample("one durable SQLite commit (WAL, synchronous=FULL)");
        var interrupt = new Sample("second POST sent -> first event of run 2");

        using var database = OpenDatabase(Path.Combine(server.Data.FullName, "bare.db"));
        for (var round = -WarmUp; round < rounds; round++)
        {
            // Taken in turns, so that what the machine does besides weighs on all three alike.
            await MeasureAsync(roundTrip, round, () => server.Client.GetStringAsync("ok", cancellationToken));
            await MeasureAsync(commit, round, () => CommitAsync(database, round));
            var thread = await ThreadInToolCallAsync(api, cancellationToken);
            await MeasureAsync(interrupt, round, () => FirstEventAsync(api, thread, cancellationToken));
        }

        Console.WriteLine(roundTrip);
        Console.WriteLine(commit);
        Console.WriteLine(interrupt);
        foreach (var share in (double[])[0.50, 0.95])
        {
            var floor = roundTrip.Percentile(share) + commit.Percentile(share);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"interrupt / (round trip + commit) at p{share * 100:F0}: {interrupt.Percentile(share) / floor:F2}"));
        }
    }

    private static async Task MeasureAsync(Sample sample, int round, Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        if (round >= 0)
            sample.Since(start);
    }

    /// <summary>A thread whose run is in its tool call: the model's step is committed.</summary>
    private static async Task<string> ThreadInToolCallAsync(WireApi api, CancellationToken cancellationToken)
    {
        var thread = await api.CreateThreadAsync(cancellationToken);
        await foreach (var name in api.StreamAsync(thread, LoadTarget.SlowTool, cancellationToken))
        {
            if (name is "updates")
                return thread;
        }

        throw new InvalidOperationException("The first run ended before its tool call.");
    }

    private static async Task FirstEventAsync(WireApi api, string thread, CancellationToken cancellationToken)
    {
        await foreach (var _ in api.StreamAsync(thread, LoadTarget.Interrupting, cancellationToken))
            return;
    }

    private static SqliteConnection OpenDatabase(string file)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection($"Data Source={file}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            CREATE TABLE bare (number INTEGER, message BLOB);
            """;
        command.ExecuteNonQuery();
        return connection;
    }

    private static Task CommitAsync(SqliteConnection connection, int number)
    {
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "INSERT INTO bare (number, message) VALUES ($number, zeroblob(500))";
        command.Parameters.AddWithValue("$number", number);
        command.ExecuteNonQuery();
        transaction.Commit();
        return Task.CompletedTask;
    }
}
