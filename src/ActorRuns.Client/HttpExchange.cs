using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace ActorRuns.Client;

/// <summary>Asks the API, and makes exceptions of refusals. What is waited for is asked again.</summary>
/// <param name="client">Reaches the API.</param>
/// <param name="time">The clock.</param>
internal sealed class HttpExchange(HttpClient client, TimeProvider time)
{
    // How often in a row a wait or a stream may break before that is told: some seconds in all.
    private const int MaxBreaks = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    // A prefix without a slash at its end would lose its last part.
    private readonly Uri _root = new($"{client.BaseAddress}".TrimEnd('/') + "/");

    /// <summary>Asks once.</summary>
    /// <returns>The answer; undefined when it has no body.</returns>
    /// <exception cref="ThreadsException">It was refused, or nobody can be reached.</exception>
    public async Task<JsonElement> AskAsync(HttpAsk ask, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await SendAsync(ask, cancellationToken);
            return await BodyAsync(response, cancellationToken);
        }
        catch (Exception broken) when (IsBreak(broken, cancellationToken))
        {
            throw Unreachable(broken);
        }
    }

    /// <summary>Asks for what takes as long as a run, again when the line breaks.</summary>
    public async Task<JsonElement> AwaitAsync(string path, CancellationToken cancellationToken)
    {
        for (var breaks = 0; ; breaks++)
        {
            try
            {
                using var response = await SendAsync(new HttpAsk(HttpMethod.Get, path), cancellationToken);
                return await BodyAsync(response, cancellationToken);
            }
            catch (Exception broken) when (IsBreak(broken, cancellationToken))
            {
                // A run may take longer than the client's own timeout: that the wait ended says nothing of the runtime.
                if (broken is OperationCanceledException)
                    breaks = 0;
                await PauseAsync(breaks, broken, cancellationToken);
            }
        }
    }

    /// <summary>Reads a stream to its end, again from the last event on when the line breaks.</summary>
    public async IAsyncEnumerable<RunEvent> ReadAsync(
        string path, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var breaks = 0; ; breaks++)
        {
            var ask = new HttpAsk(HttpMethod.Get, path) { LastEventId = after ?? "-1" };
            await using var events = ReadOnceAsync(ask, cancellationToken).GetAsyncEnumerator(cancellationToken);
            Exception? fault = null;
            while (fault is null)
            {
                try
                {
                    if (!await events.MoveNextAsync())
                        yield break;
                }
                catch (Exception broken) when (IsBreak(broken, cancellationToken))
                {
                    fault = broken;
                    continue;
                }

                breaks = 0;
                after = events.Current.Id;
                yield return events.Current;
            }

            await PauseAsync(breaks, fault, cancellationToken);
        }
    }

    private async IAsyncEnumerable<RunEvent> ReadOnceAsync(
        HttpAsk ask, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await SendAsync(ask, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var parser = SseParser.Create(body, (_, bytes) => JsonElement.Parse(bytes));
        await foreach (var item in parser.EnumerateAsync(cancellationToken))
            yield return new RunEvent(parser.LastEventId, item.EventType, item.Data);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpAsk ask, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(ask.Method, new Uri(_root, ask.Path));
        if (ask.Body is { } body)
            request.Content = new StringContent(body.GetRawText(), Encoding.UTF8, "application/json");
        if (ask.IdempotencyKey is { } key)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (ask.LastEventId is { } last)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", last);

        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
        {
            var problem = await response.Content.ReadAsStringAsync(cancellationToken);
            throw ProblemJson.Read((int)response.StatusCode, problem);
        }
    }

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return body.Length is 0 ? default : JsonElement.Parse(body);
    }

    /// <summary>True for what happens to a line, the client's timeout included, and not to what was asked.</summary>
    private static bool IsBreak(Exception fault, CancellationToken cancellationToken) =>
        fault is HttpRequestException or IOException
        || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private async Task PauseAsync(int breaks, Exception fault, CancellationToken cancellationToken)
    {
        if (breaks >= MaxBreaks)
            throw Unreachable(fault);
        await Task.Delay(FirstPause * (1 << breaks), time, cancellationToken);
    }

    private UnavailableException Unreachable(Exception fault) =>
        new($"The runtime at {_root} cannot be reached: {fault.Message}", fault);
}

/// <summary>Something that is asked of the API.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path below where the API begins, with its query.</param>
internal sealed record HttpAsk(HttpMethod Method, string Path)
{
    /// <summary>The body; null for none.</summary>
    public JsonElement? Body { get; init; }

    /// <summary>Makes the request one when it is sent twice; null for none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The last event of a stream that is known; null for what is no stream.</summary>
    public string? LastEventId { get; init; }
}
