using System.Runtime.CompilerServices;
using System.Text.Json;
using ActorRuns.Runs;
using ActorRuns.Threads;

namespace ActorRuns.Client;

/// <summary>The threads of a runtime that is reached over HTTP.</summary>
public sealed partial class HttpThreads : IThreads
{
    private readonly HttpExchange _exchange;

    /// <summary>Talks to a runtime.</summary>
    /// <param name="client">
    /// Reaches it: its <see cref="HttpClient.BaseAddress"/> is where the API begins, with the prefix that it is mapped
    /// under, and its headers are those that the runtime's owner asks for. Never disposed here. Its
    /// <see cref="HttpClient.Timeout"/> does not end a run's stream, but does end <see cref="AwaitEndAsync"/>'s single
    /// waits, which are then begun again.
    /// </param>
    /// <param name="time">The clock that pauses between attempts go by; null for the system's.</param>
    /// <exception cref="ArgumentException">The client has no base address.</exception>
    public HttpThreads(HttpClient client, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (client.BaseAddress is null)
            throw new ArgumentException("The client's BaseAddress must say where the API begins.", nameof(client));
        _exchange = new HttpExchange(client, time ?? TimeProvider.System);
    }

    /// <inheritdoc />
    public async Task<ThreadView> CreateAsync(NewThread thread, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return AnswerJson.Thread(await PostAsync("threads", RequestJson.Of(thread), cancellationToken));
    }

    /// <inheritdoc />
    public async Task<ThreadView> ReadAsync(ThreadId thread, CancellationToken cancellationToken) =>
        AnswerJson.Thread(await GetAsync($"threads/{thread}", cancellationToken));

    /// <inheritdoc />
    public async Task<IReadOnlyList<ThreadView>> SearchAsync(ThreadFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return List(await PostAsync("threads/search", RequestJson.Of(filter), cancellationToken), AnswerJson.Thread);
    }

    /// <inheritdoc />
    public Task DeleteAsync(ThreadId thread, CancellationToken cancellationToken) =>
        _exchange.AskAsync(new HttpAsk(HttpMethod.Delete, $"threads/{thread}"), cancellationToken);

    /// <inheritdoc />
    public async Task<RunView> SubmitAsync(ThreadId thread, NewRun run, CancellationToken cancellationToken) =>
        AnswerJson.Run(await _exchange.AskAsync(Submission($"threads/{thread}/runs", run), cancellationToken));

    /// <inheritdoc />
    public Task<RunView> ResumeAsync(
        ThreadId thread, string assistant, JsonElement answer, CancellationToken cancellationToken) =>
        SubmitAsync(thread, new NewRun(assistant) { Command = RequestJson.Resume(answer) }, cancellationToken);

    /// <inheritdoc />
    public async Task<RunView> ReadRunAsync(ThreadId thread, RunId run, CancellationToken cancellationToken) =>
        AnswerJson.Run(await GetAsync($"threads/{thread}/runs/{run}", cancellationToken));

    /// <inheritdoc />
    public async Task<IReadOnlyList<RunView>> ReadRunsAsync(
        ThreadId thread, int limit, CancellationToken cancellationToken) =>
        List(await GetAsync($"threads/{thread}/runs?limit={limit}", cancellationToken), AnswerJson.Run);

    /// <inheritdoc />
    public async Task<IReadOnlyList<RunView>> ReadQueueAsync(ThreadId thread, CancellationToken cancellationToken) =>
        List(await GetAsync($"threads/{thread}/queue", cancellationToken), AnswerJson.Run);

    /// <inheritdoc />
    public async Task<RunResult> AwaitEndAsync(ThreadId thread, RunId run, CancellationToken cancellationToken)
    {
        var outcome = await _exchange.AwaitAsync($"threads/{thread}/runs/{run}/join", cancellationToken);
        try
        {
            return AnswerJson.Result(outcome, await ReadRunAsync(thread, run, cancellationToken));
        }
        catch (NotFoundException)
        {
            return AnswerJson.Result(outcome, run: null);
        }
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<RunEvent> StreamAsync(
        ThreadId thread, NewRun run, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var accepted = await SubmitAsync(thread, run, cancellationToken);
        await foreach (var told in FollowAsync(thread, accepted.Id, after: null, cancellationToken))
            yield return told;
    }

    /// <inheritdoc />
    public IAsyncEnumerable<RunEvent> FollowAsync(
        ThreadId thread, RunId run, string? after, CancellationToken cancellationToken) =>
        _exchange.ReadAsync($"threads/{thread}/runs/{run}/stream", after, cancellationToken);

    /// <inheritdoc />
    public Task CancelAsync(ThreadId thread, RunId run, CancelAction action, CancellationToken cancellationToken) =>
        _exchange.AskAsync(
            new HttpAsk(
                HttpMethod.Post, $"threads/{thread}/runs/{run}/cancel?wait=1&action={RequestJson.NameOf(action)}"),
            cancellationToken);

    /// <inheritdoc />
    public async Task<StateView> ReadStateAsync(ThreadId thread, CancellationToken cancellationToken) =>
        AnswerJson.State(await GetAsync($"threads/{thread}/state", cancellationToken));

    /// <inheritdoc />
    public async Task<StateView> ReadStateAsync(
        ThreadId thread, CheckpointId checkpoint, CancellationToken cancellationToken) =>
        AnswerJson.State(await GetAsync($"threads/{thread}/state/{checkpoint}", cancellationToken));

    /// <inheritdoc />
    public async Task<IReadOnlyList<StateView>> ReadHistoryAsync(
        ThreadId thread, int limit, CancellationToken cancellationToken) =>
        List(await GetAsync($"threads/{thread}/history?limit={limit}", cancellationToken), AnswerJson.State);

    private static HttpAsk Submission(string path, NewRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new HttpAsk(HttpMethod.Post, path)
        {
            Body = RequestJson.Of(run),
            IdempotencyKey = run.IdempotencyKey,
        };
    }

    private static List<T> List<T>(JsonElement list, Func<JsonElement, T> read) =>
        [.. list.EnumerateArray().Select(read)];

    private Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) =>
        _exchange.AskAsync(new HttpAsk(HttpMethod.Get, path), cancellationToken);

    private Task<JsonElement> PostAsync(string path, JsonElement body, CancellationToken cancellationToken) =>
        _exchange.AskAsync(new HttpAsk(HttpMethod.Post, path) { Body = body }, cancellationToken);
}
