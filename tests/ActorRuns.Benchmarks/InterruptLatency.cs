using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
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
        var roundTrip = new Sample("one HTTP round trip (GET /ok)");
        var commit = new Sample("one durable SQLite commit (WAL, synchronous=FULL)");
        var interrupt = new Sample("second POST sent -> first event of run 2");

        using var database = OpenDatabase(Path.Combine(server.Data.FullName, "bare.db"));
        for (var round = -WarmUp; round < rounds; round++)
        {
            // Taken in turns, so that what the machine does besides weighs on all three alike.
            await MeasureAsync(roundTrip, round, () => server.Client.GetStringAsync("ok", cancellationToken));
            await MeasureAsync(commit, round, () => CommitAsync(database, round));
            var thread = await ThreadInToolCallAsync(server.Client, cancellationToken);
            await MeasureAsync(interrupt, round, () => FirstEventAsync(server.Client, thread, cancellationToken));
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

    private static async Task<string> ThreadInToolCallAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using var created = await client.PostAsJsonAsync("threads", new { }, cancellationToken);
        var thread = (await created.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("thread_id");
        using var stream = await PostRunAsync(client, $"{thread}", "SF", toolDelayMs: 60_000, "enqueue", cancellationToken);
        await foreach (var line in LinesAsync(stream, cancellationToken))
        {
            if (line.StartsWith("event: updates", StringComparison.Ordinal))
                return $"{thread}"; // The model's step is committed, so the tool runs.
        }

        throw new InvalidOperationException("The first run ended before its tool call.");
    }

    private static async Task FirstEventAsync(HttpClient client, string thread, CancellationToken cancellationToken)
    {
        using var stream = await PostRunAsync(client, thread, "NYC", toolDelayMs: 0, "interrupt", cancellationToken);
        await foreach (var line in LinesAsync(stream, cancellationToken))
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                return;
        }
    }

    private static async Task<HttpResponseMessage> PostRunAsync(
        HttpClient client, string thread, string city, int toolDelayMs, string strategy, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"threads/{thread}/runs/stream")
        {
            Content = JsonContent.Create(new
            {
                assistant_id = "agent",
                input = new { messages = new[] { new { role = "human", content = $"What's the weather in {city}?" } } },
                config = new { configurable = new { model_delay_ms = 0, tool_delay_ms = toolDelayMs, token_delay_ms = 0 } },
                stream_mode = new[] { "updates" },
                multitask_strategy = strategy,
            }),
        };
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.EnsureSuccessStatusCode();
    }

    private static async IAsyncEnumerable<string> LinesAsync(
        HttpResponseMessage response,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
            yield return line;
    }

    private static SqliteConnection OpenDatabase(string file)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection($"Data Source={file}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE bare (number INTEGER, message BLOB)";
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
