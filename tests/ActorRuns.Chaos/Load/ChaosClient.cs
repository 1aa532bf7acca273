using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using ActorRuns.Chaos.World;

namespace ActorRuns.Chaos.Load;

/// <summary>
/// Talks to whatever member is there, as a good client does: what may pass is tried again elsewhere, under the same
/// idempotency key. What a server must not say is a finding.
/// </summary>
internal sealed class ChaosClient(ChaosMembers members, Chance chance, Findings findings) : IDisposable
{
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(2);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>Asks until there is an answer of 2xx or 4xx.</summary>
    /// <param name="method">GET, POST….</param>
    /// <param name="path">What is asked, such as <c>threads/{id}</c>.</param>
    /// <param name="body">What is sent; null for nothing.</param>
    /// <param name="member">Who is asked; null for anyone.</param>
    public async Task<(HttpStatusCode Status, JsonElement Body)> AskAsync(
        HttpMethod method, string path, object? body = null, ChaosMember? member = null)
    {
        var key = chance.Id();
        using var late = new CancellationTokenSource(GiveUpAfter);
        while (!late.IsCancellationRequested)
        {
            using var request = new HttpRequestMessage(method, new Uri((member ?? members.Any(chance)).Address, path));
            request.Headers.Add("Idempotency-Key", key);
            if (body is not null)
                request.Content = JsonContent.Create(body);
            try
            {
                using var answer = await _http.SendAsync(request, late.Token);
                var text = await answer.Content.ReadAsStringAsync(late.Token);
                if (answer.StatusCode < HttpStatusCode.InternalServerError)
                    return (answer.StatusCode, text.Length is 0 ? default : JsonElement.Parse(text));
                NoteRefusal(request, answer, text);
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException or TaskCanceledException)
            {
                findings.Count("requests without an answer");
            }

            await WaitAsync();
        }

        findings.Fault($"{method} {path} had no answer within {GiveUpAfter}");
        return (HttpStatusCode.ServiceUnavailable, default);
    }

    /// <summary>Reads a run's stream to its end, on as many connections as it takes.</summary>
    public async Task<Reading> ReadAsync(AcceptedRun run, ChaosMember? member = null)
    {
        var seen = new List<string>();
        var connections = 0;
        using var late = new CancellationTokenSource(GiveUpAfter);
        while (!late.IsCancellationRequested)
        {
            connections++;
            try
            {
                var path = $"threads/{run.ThreadId}/runs/{run.RunId}/stream";
                using var request = new HttpRequestMessage(
                    HttpMethod.Get, new Uri((member ?? members.Any(chance)).Address, path));
                if (seen.Count > 0)
                    request.Headers.Add("Last-Event-ID", seen[^1]);
                using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, late.Token);
                if (answer.StatusCode is HttpStatusCode.NotFound)
                    return new Reading(run, seen, connections, IsGone: true);
                if (answer.IsSuccessStatusCode)
                {
                    await using var stream = await answer.Content.ReadAsStreamAsync(late.Token);
                    await foreach (var item in SseParser.Create(stream).EnumerateAsync(late.Token))
                    {
                        if (item.EventId is { } id)
                            seen.Add(id);
                    }

                    return new Reading(run, seen, connections, IsGone: false);
                }

                NoteRefusal(request, answer, await answer.Content.ReadAsStringAsync(late.Token));
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException or TaskCanceledException)
            {
                findings.Count("streams cut");
            }

            await WaitAsync();
        }

        findings.Fault($"the stream of run {run.RunId} of thread {run.ThreadId} had no end within {GiveUpAfter}");
        return new Reading(run, seen, connections, IsGone: true);
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private void NoteRefusal(HttpRequestMessage request, HttpResponseMessage answer, string text)
    {
        var what = $"{request.Method} {request.RequestUri?.AbsolutePath} answered {(int)answer.StatusCode}: {text}";
        findings.Count($"answers {(int)answer.StatusCode}");
        findings.FaultIf(answer.StatusCode is not HttpStatusCode.ServiceUnavailable, what);
        findings.FaultIf(answer.Headers.RetryAfter is null, $"no Retry-After: {what}");
    }

    private Task WaitAsync() => Task.Delay(chance.Milliseconds(50, 500), TimeProvider.System);
}
