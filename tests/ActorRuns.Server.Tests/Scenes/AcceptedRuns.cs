using System.Collections.Concurrent;
using System.Net;
using ActorRuns.Server.Tests.Processes;

namespace ActorRuns.Server.Tests.Scenes;

/// <summary>Writes to a server as fast as it answers, and remembers what it has said yes to.</summary>
/// <param name="client">Talks to the server.</param>
/// <param name="enough">How many runs are enough to lose the server.</param>
internal sealed class AcceptedRuns(WireClient client, int enough)
{
    private readonly ConcurrentQueue<string> _threads = [];
    private readonly ConcurrentQueue<(string Thread, string Run)> _runs = [];
    private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The threads that were answered with 2xx.</summary>
    public IReadOnlyCollection<string> Threads => _threads;

    /// <summary>The runs that were answered with 2xx.</summary>
    public IReadOnlyCollection<(string Thread, string Run)> Runs => _runs;

    /// <summary>Completes when enough runs were accepted.</summary>
    public Task Enough => _enough.Task;

    /// <summary>Writes until the server is gone.</summary>
    public async Task WriteUntilCutOffAsync()
    {
        try
        {
            while (true)
            {
                var thread = await client.NewThreadAsync();
                _threads.Enqueue(thread);
                var run = await client.StartAsync(thread, RunBody.Say("hi") with { Assistant = "echo" });
                _runs.Enqueue((thread, run));
                if (_runs.Count >= enough)
                    _enough.TrySetResult();
            }
        }
        catch (HttpRequestException cutOff) when (cutOff.StatusCode is null or HttpStatusCode.ServiceUnavailable)
        {
            // The server was lost with this request in its hands: whether it is in the journal nobody was told.
        }
    }
}
