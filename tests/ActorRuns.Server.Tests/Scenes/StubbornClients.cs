using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ActorRuns.Server.Tests.Processes;

namespace ActorRuns.Server.Tests.Scenes;

/// <summary>
/// Clients that start runs, one after the other, whatever happens to the server's database, and remember what it has
/// said yes to. They come back when they are told to, and count every answer that they should not get.
/// </summary>
internal sealed class StubbornClients : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly ConcurrentQueue<(string Thread, string Run)> _accepted = [];
    private readonly ConcurrentQueue<string> _wrong = [];
    private readonly CancellationTokenSource _enough = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource> _marks = new();
    private readonly Task _clients;
    private int _toldToWait;

    public StubbornClients(Uri server, int count)
    {
        _http = new HttpClient { BaseAddress = server, Timeout = TimeSpan.FromMinutes(1) };
        _clients = Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(WorkAsync)));
    }

    /// <summary>The runs that were answered with 2xx.</summary>
    public IReadOnlyCollection<(string Thread, string Run)> Accepted => _accepted;

    /// <summary>The answers that are neither 2xx nor 503 with <c>Retry-After</c>.</summary>
    public IReadOnlyCollection<string> Wrong => _wrong;

    /// <summary>How often a client was told to come back later.</summary>
    public int ToldToWait => Volatile.Read(ref _toldToWait);

    /// <summary>Completes when that many more runs were accepted.</summary>
    public Task AcceptAsync(int more) => _marks.GetOrAdd(
        _accepted.Count + more, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Lets the clients end what they are at.</summary>
    public async Task StopAsync()
    {
        await _enough.CancelAsync();
        await _clients;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _enough.Dispose();
        _http.Dispose();
    }

    private async Task WorkAsync()
    {
        while (!_enough.IsCancellationRequested)
        {
            if (await TextAsync("threads", new { }, "thread_id") is not { } thread
                || await TextAsync($"threads/{thread}/runs", RunBody.Ask("SF"), "run_id") is not { } run)
            {
                continue;
            }

            _accepted.Enqueue((thread, run));
            foreach (var (mark, reached) in _marks)
            {
                if (mark <= _accepted.Count)
                    reached.TrySetResult();
            }
        }
    }

    /// <summary>Posts once, and reads a text of the answer; null when the answer was no, and it was waited.</summary>
    private async Task<string?> TextAsync(string path, object body, string name)
    {
        using var response = await _http.PostAsJsonAsync(path, body);
        if (response.IsSuccessStatusCode)
            return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty(name).GetString();

        if (response is not { StatusCode: HttpStatusCode.ServiceUnavailable, Headers.RetryAfter.Delta: { } pause })
        {
            _wrong.Enqueue($"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            return null;
        }

        Interlocked.Increment(ref _toldToWait);
        await Task.WhenAny(Task.Delay(pause), Task.Delay(Timeout.Infinite, _enough.Token));
        return null;
    }
}
