using System.Runtime.CompilerServices;
using System.Text.Json;
using ActorRuns.Runs;
using ActorRuns.Threads;

namespace ActorRuns.Client;

/// <content>What can be changed of a thread beside its runs: the queue, the state, the metadata.</content>
public sealed partial class HttpThreads
{
    private const int JournalPage = 1_000;

    /// <inheritdoc />
    public async Task<RunView> EditRunAsync(
        ThreadId thread, RunId run, RunChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        return AnswerJson.Run(await SendAsync(
            HttpMethod.Patch, $"threads/{thread}/runs/{run}", RequestJson.Of(change), cancellationToken));
    }

    /// <inheritdoc />
    public async Task<RunView> PromoteAsync(
        ThreadId thread, RunId run, CancelAction? over, CancellationToken cancellationToken)
    {
        var action = over is { } named ? $"?action={RequestJson.NameOf(named)}" : string.Empty;
        return AnswerJson.Run(await _exchange.AskAsync(
            new HttpAsk(HttpMethod.Post, $"threads/{thread}/runs/{run}/promote{action}"), cancellationToken));
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<RunView>> ReorderQueueAsync(
        ThreadId thread, IReadOnlyList<RunId> runs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(runs);
        return List(
            await SendAsync(HttpMethod.Put, $"threads/{thread}/queue", RequestJson.Of(runs), cancellationToken),
            AnswerJson.Run);
    }

    /// <inheritdoc />
    public async Task<ThreadView> PatchAsync(
        ThreadId thread, JsonElement metadata, CancellationToken cancellationToken) =>
        AnswerJson.Thread(await SendAsync(
            HttpMethod.Patch, $"threads/{thread}", RequestJson.Of("metadata", metadata), cancellationToken));

    /// <inheritdoc />
    public async Task<ThreadView> CopyAsync(ThreadId thread, CancellationToken cancellationToken) =>
        AnswerJson.Thread(await _exchange.AskAsync(
            new HttpAsk(HttpMethod.Post, $"threads/{thread}/copy"), cancellationToken));

    /// <inheritdoc />
    public async Task<CheckpointId> UpdateStateAsync(
        ThreadId thread, StateChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        var answer = await PostAsync($"threads/{thread}/state", RequestJson.Of(change), cancellationToken);
        return new CheckpointId(answer.GetProperty("checkpoint").GetProperty("checkpoint_id").GetGuid());
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<JsonElement> ReadJournalAsync(
        ThreadId thread, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = 0L;
        int read;
        do
        {
            var page = await GetAsync($"threads/{thread}/journal?after={after}&limit={JournalPage}", cancellationToken);
            read = page.GetArrayLength();
            foreach (var entry in page.EnumerateArray())
            {
                after = entry.GetProperty("sequence_nr").GetInt64();
                yield return entry;
            }
        }
        while (read == JournalPage);
    }

    private Task<JsonElement> SendAsync(
        HttpMethod method, string path, JsonElement body, CancellationToken cancellationToken) =>
        _exchange.AskAsync(new HttpAsk(method, path) { Body = body }, cancellationToken);
}
