using ActorRuns.Server.Tests.Processes;
using Xunit;

namespace ActorRuns.Server.Tests.Scenes;

/// <summary>Many readers of the same streams, who hang up again and again and read on where they were.</summary>
public sealed class StreamReadersSpec
{
    private const int Readers = 50;
    private const int Steps = 1_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TaskCompletionSource<ServerProcess> _restarted =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int _begun;

    [Fact]
    public async Task Every_reader_sees_every_event_once_in_order_and_the_end()
    {
        using var data = new ScratchFolder();
        await using var server = await ServerProcess.StartAsync(data, ServerProcess.AtOnce);
        var thread = await server.Client.NewThreadAsync();
        var run = await server.Client.StartAsync(thread, new RunBody
        {
            Assistant = "slow",
            Input = new { steps = Steps, ms = 1 },
            StreamMode = ["custom", "values", "updates"],
        });
        var path = $"threads/{thread}/runs/{run}/stream";

        var readings = Enumerable.Range(0, Readers).Select(reader => ReadAsync(reader, path, server));
        var seen = await Task.WhenAll(readings).WaitAsync(Patience);

        var all = await AllAsync(server, path);
        Assert.True(all.Count > Steps, $"{all.Count} events");
        Assert.All(seen, events => Assert.Equal(all, events));
    }

    [Fact]
    public async Task A_server_that_is_killed_and_started_again_changes_nothing_for_them()
    {
        using var data = new ScratchFolder();
        await using var before = await ServerProcess.StartAsync(data, ServerProcess.Stuck);
        var paths = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => PathOfRunInToolCallAsync(before)));
        var readings = Enumerable.Range(0, Readers)
            .Select(reader => ReadAsync(reader, paths[reader % paths.Length], before))
            .ToList();
        await AllHaveBegunAsync();

        await before.KillAsync();
        await using var after = await ServerProcess.StartAsync(data, ServerProcess.AtOnce);
        _restarted.SetResult(after);
        var seen = await Task.WhenAll(readings).WaitAsync(Patience);

        var all = await Task.WhenAll(paths.Select(path => AllAsync(after, path)));
        Assert.All(seen.Index(), reader => Assert.Equal(all[reader.Index % paths.Length], reader.Item));
    }

    /// <summary>Reads a stream to its end in pieces; from a server that is gone, on at the next one.</summary>
    private async Task<IReadOnlyList<string?>> ReadAsync(int reader, string path, ServerProcess server)
    {
#pragma warning disable CA5394 // Nothing secret: when a reader hangs up is the same in each run.
        var chance = new Random(reader);
#pragma warning restore CA5394
        var seen = new List<string?>();
        while (true)
        {
            var left = chance.Next(1, 100);
            try
            {
                var last = seen.LastOrDefault();
                await foreach (var e in server.Client.StreamAsync(HttpMethod.Get, path, lastEventId: last))
                {
                    if (seen.Count is 0)
                        Interlocked.Increment(ref _begun);
                    seen.Add(e.EventId);
                    if (--left is 0)
                        break;
                }

                if (left > 0)
                    return seen;
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException)
            {
                server = await _restarted.Task;
            }
        }
    }

    /// <summary>The ids of all events, read at once when the run has ended.</summary>
    private static async Task<IReadOnlyList<string?>> AllAsync(ServerProcess server, string path)
    {
        var all = new List<string?>();
        await foreach (var e in server.Client.StreamAsync(HttpMethod.Get, path))
            all.Add(e.EventId);
        return all;
    }

    private static async Task<string> PathOfRunInToolCallAsync(ServerProcess server)
    {
        var thread = await server.Client.NewThreadAsync();
        var asked = RunBody.Ask("SF").Taking(model: 0) with
        {
            StreamMode = ["values", "updates", "tasks", "checkpoints", "debug"],
        };
        var run = await server.Client.StartAsync(thread, asked);
        return $"threads/{thread}/runs/{run}/stream";
    }

    private async Task AllHaveBegunAsync()
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        using var late = new CancellationTokenSource(Patience);
        while (Volatile.Read(ref _begun) < Readers)
            await again.WaitForNextTickAsync(late.Token);
    }
}
