using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ActorRuns.Server.Tests.Processes;

/// <summary>Talks to a server in plain HTTP: a test sees the first answer, and nothing is sent twice.</summary>
/// <param name="address">Where the server listens.</param>
internal sealed class WireClient(Uri address) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    /// <summary>The JSON at a path.</summary>
    /// <exception cref="HttpRequestException">The answer is no 2xx, or there is none.</exception>
    public async Task<JsonElement> GetAsync(string path) => await AnswerAsync(await _http.GetAsync(path));

    /// <summary>The text at a path.</summary>
    /// <exception cref="HttpRequestException">The answer is no 2xx, or there is none.</exception>
    public Task<string> TextAsync(string path) => _http.GetStringAsync(path);

    /// <summary>The JSON that a post is answered with; undefined when it has no body.</summary>
    /// <exception cref="HttpRequestException">The answer is no 2xx, or there is none.</exception>
    public async Task<JsonElement> PostAsync(string path, object body) =>
        await AnswerAsync(await _http.PostAsJsonAsync(path, body));

    /// <summary>Creates a thread.</summary>
    public async Task<string> NewThreadAsync() => Text(await PostAsync("threads", new { }), "thread_id");

    /// <summary>Creates a run.</summary>
    public async Task<string> StartAsync(string thread, RunBody run) =>
        Text(await PostAsync($"threads/{thread}/runs", run), "run_id");

    /// <summary>Creates a run and hangs up as soon as its stream tells a certain event; the run goes on.</summary>
    /// <returns>The run.</returns>
    public async Task<string> StartUntilAsync(string thread, RunBody run, string eventType)
    {
        var streamed = run with { StreamMode = ["updates", "messages-tuple"] };
        string? id = null;
        await foreach (var e in StreamAsync(HttpMethod.Post, $"threads/{thread}/runs/stream", streamed))
        {
            if (e.EventType is "metadata")
                id = Text(JsonElement.Parse(e.Data), "run_id");
            if (e.EventType == eventType)
                return id ?? throw new InvalidOperationException("A stream begins with its metadata.");
        }

        throw new InvalidOperationException($"Run {id} of thread {thread} ended without an event {eventType}.");
    }

    /// <summary>The events of a stream, until it ends or the caller has seen enough.</summary>
    public async IAsyncEnumerable<SseItem<string>> StreamAsync(
        HttpMethod method,
        string path,
        object? body = null,
        string? lastEventId = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        using var response =
            await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
            yield return item;
    }

    /// <summary>The transcript of a thread, a line for each message: <c>id type: content</c>.</summary>
    public async Task<IReadOnlyList<string>> TranscriptAsync(string thread)
    {
        var values = (await GetAsync($"threads/{thread}/state")).GetProperty("values");
        return values.TryGetProperty("messages", out var messages) ? [.. messages.EnumerateArray().Select(Line)] : [];

        static string Line(JsonElement message) =>
            $"{Text(message, "id")} {Text(message, "type")}: {message.GetProperty("content")}";
    }

    /// <summary>A text that must be there.</summary>
    public static string Text(JsonElement element, string name) =>
        element.GetProperty(name).GetString() ?? throw new InvalidOperationException($"{name} is null.");

    private static async Task<JsonElement> AnswerAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var body = await response.Content.ReadAsStringAsync();
            if (!response.IsSuccessStatusCode)
            {
                var asked = response.RequestMessage?.RequestUri;
                throw new HttpRequestException(
                    $"{asked} answered {(int)response.StatusCode}: {body}", inner: null, response.StatusCode);
            }

            return body.Length is 0 ? default : JsonElement.Parse(body);
        }
    }
}
