using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ActorRuns.Benchmarks.Load;

/// <summary>
/// The calls of the LangGraph Server API that the measurements are made of; every server of it takes them.
/// </summary>
/// <param name="http">Whose base address is the server's.</param>
internal sealed class WireApi(HttpClient http)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>Creates a thread.</summary>
    /// <returns>Its id.</returns>
    public Task<string> CreateThreadAsync(CancellationToken cancellationToken) =>
        PostAsync("threads", "{}"u8.ToArray(), "thread_id", cancellationToken);

    /// <summary>Creates a run in the background.</summary>
    /// <returns>Its id.</returns>
    public Task<string> CreateRunAsync(string thread, RunBody body, CancellationToken cancellationToken) =>
        PostAsync($"threads/{thread}/runs", body.Bytes, "run_id", cancellationToken);

    /// <summary>Waits for the end of a run, and reads the values that it left.</summary>
    /// <returns>How many bytes they are.</returns>
    public async Task<int> JoinAsync(string thread, string run, CancellationToken cancellationToken)
    {
        var path = new Uri($"threads/{thread}/runs/{run}/join", UriKind.Relative);
        using var answer = await http.GetAsync(path, cancellationToken);
        return (await BytesAsync(answer, cancellationToken)).Length;
    }

    /// <summary>Creates a run and reads the names of its events; leaving early closes the stream.</summary>
    public async IAsyncEnumerable<string> StreamAsync(
        string thread, RunBody body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const string EventField = "event: ";
        using var request = new HttpRequestMessage(HttpMethod.Post, $"threads/{thread}/runs/stream");
        request.Content = Content(body.Bytes);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        answer.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith(EventField, StringComparison.Ordinal))
                yield return line[EventField.Length..];
        }
    }

    private async Task<string> PostAsync(string path, byte[] body, string id, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), Content(body), cancellationToken);
        using var document = JsonDocument.Parse(await BytesAsync(answer, cancellationToken));
        return document.RootElement.GetProperty(id).GetString()!; // Every server of this API answers with the id.
    }

    private static async Task<byte[]> BytesAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (!answer.IsSuccessStatusCode)
        {
            var said = await answer.Content.ReadAsStringAsync(cancellationToken);
            throw new HttpRequestException($"{answer.RequestMessage?.RequestUri}: {(int)answer.StatusCode} {said}");
        }

        return await answer.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    private static ByteArrayContent Content(byte[] body) => new(body) { Headers = { ContentType = Json } };
}
