using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ActorRuns.Server.Tests.Fuzz;

/// <summary>Sends hostile requests to a server and judges its answers.</summary>
/// <param name="server">Where it listens.</param>
/// <param name="seed">Decides all that is sent; what comes of it depends on the order of arrival as well.</param>
internal sealed class Fuzzer(Uri server, int seed) : IDisposable
{
    private const int Users = 8;

    // Longer than the server's own patience with a thread; only who may wait for a run is left earlier.
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RunWithin = TimeSpan.FromMilliseconds(500);

    private static readonly string[] OddIds =
    [
        "x", "..", "%2e%2e", "%00", "%0d%0aX-Injected:%201", "00000000-0000-0000-0000-000000000000", "-1", "a%20b",
        "latest", "%F0%9F%92%A5", "{}", "null", "ffffffff-ffff-ffff-ffff-ffffffffffff", "echo", "agent",
    ];

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
    })
    {
        BaseAddress = server,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly ConcurrentDictionary<int, int> _statuses = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _known = new(StringComparer.Ordinal);
    private int _left;
    private int _abandoned;

    /// <summary>Sends so many requests, some at the same time.</summary>
    /// <param name="requests">How many.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task<FuzzReport> RunAsync(int requests, CancellationToken cancellationToken)
    {
        _left = requests;
        await Task.WhenAll(Enumerable.Range(0, Users).Select(user => ActAsync(user, cancellationToken)));
        return new FuzzReport(
            requests - Math.Max(0, _left), _abandoned, _statuses.ToDictionary(), [.. _faults.Take(20)]);
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task ActAsync(int user, CancellationToken cancellationToken)
    {
#pragma warning disable CA5394 // Nothing secret: the same seed must give the same requests.
        var chance = new Random(unchecked((seed * 397) + user));
#pragma warning restore CA5394
        var mutator = new JsonMutator(chance);
        while (Interlocked.Decrement(ref _left) >= 0 && !cancellationToken.IsCancellationRequested)
        {
            var from = FuzzCorpus.Seeds[chance.Next(FuzzCorpus.Seeds.Count)];
            using var request = Make(from, mutator, chance);
            await SendAsync(from, request, cancellationToken);
        }
    }

    private HttpRequestMessage Make(FuzzSeed from, JsonMutator mutator, Random chance)
    {
        var method = chance.Next(30) is 0 ? "QUERY" : from.Method;
        var request = new HttpRequestMessage(new HttpMethod(method), WithIds(from.Route, chance));
        var body = mutator.Mutate(from);
        if (body.Length > 0)
        {
            var text = Encoding.Latin1.GetString(body); // Which leaves every byte as it is.
            request.Content = new ByteArrayContent(Encoding.Latin1.GetBytes(WithIds(text, chance)));
            request.Content.Headers.ContentType = chance.Next(12) is 0
                ? new MediaTypeHeaderValue("text/plain")
                : new MediaTypeHeaderValue("application/json");
        }

        AddMaybe("Last-Event-ID", "1-0", "x", "999999999999999999999-1", "-");
        AddMaybe("Idempotency-Key", "k", "", new string('k', 300), "\u00e9");
        AddMaybe("X-Odd", new string('h', 20_000), "\u00ff");
        AddMaybe("Accept", "text/html", "*/*;q=x", "application/xml");
        return request;

        void AddMaybe(string header, params ReadOnlySpan<string> values)
        {
            if (chance.Next(12) is 0)
                request.Headers.TryAddWithoutValidation(header, values[chance.Next(values.Length)]);
        }
    }

    /// <summary>Puts ids into the braces: mostly such as the server has made itself.</summary>
    private string WithIds(string text, Random chance)
    {
        foreach (var name in (ReadOnlySpan<string>)["thread_id", "run_id", "assistant_id", "checkpoint_id", "cron_id"])
        {
            if (text.Contains($"{{{name}}}", StringComparison.Ordinal))
                text = text.Replace($"{{{name}}}", AnyId(name, chance), StringComparison.Ordinal);
        }

        return text;
    }

    private string AnyId(string name, Random chance)
    {
        if (chance.Next(4) > 0 && _known.TryGetValue(name, out var ids) && ids.TryDequeue(out var id))
        {
            ids.Enqueue(id);
            return id;
        }

        return OddIds[chance.Next(OddIds.Length)];
    }

    private async Task SendAsync(FuzzSeed from, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var what = $"{request.Method} {request.RequestUri?.OriginalString}";
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(from.MayWait ? RunWithin : AnswerWithin);
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            _statuses.AddOrUpdate((int)answer.StatusCode, 1, (_, count) => count + 1);
            if (answer.StatusCode >= HttpStatusCode.InternalServerError)
                _faults.Enqueue($"{what}: {(int)answer.StatusCode}, sent {await SentAsync(request)}");
            Judge(what, answer, await answer.Content.ReadAsByteArrayAsync(patience.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Interlocked.Increment(ref _abandoned);
            if (!from.MayWait)
                _faults.Enqueue($"{what}: no answer within {AnswerWithin}, sent {await SentAsync(request)}");
        }
        catch (HttpRequestException broken)
        {
            _faults.Enqueue($"{what}: {broken.Message}, sent {await SentAsync(request)}");
        }
    }

    /// <summary>What is said to be JSON must be; what is refused must say why; ids that are made are used on.</summary>
    private void Judge(string what, HttpResponseMessage answer, byte[] body)
    {
        // What is no HTTP at all is refused by the web server itself, which says nothing and hangs up.
        var isRefused = (int)answer.StatusCode is >= 400 and < 500 && answer.Headers.ConnectionClose is not true;
        var type = answer.Content.Headers.ContentType?.MediaType;
        if (type is null || !type.EndsWith("json", StringComparison.Ordinal))
        {
            if (isRefused)
                _faults.Enqueue($"{what}: {(int)answer.StatusCode} without a word");
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            if (isRefused && !document.RootElement.TryGetProperty("detail", out _))
                _faults.Enqueue($"{what}: {(int)answer.StatusCode} without detail");
            Learn(document.RootElement);
        }
        catch (JsonException malformed)
        {
            _faults.Enqueue($"{what}: an answer that is no JSON: {malformed.Message}");
        }
    }

    private void Learn(JsonElement answer)
    {
        if (answer.ValueKind is not JsonValueKind.Object)
            return;

        foreach (var name in (ReadOnlySpan<string>)["thread_id", "run_id", "assistant_id", "checkpoint_id", "cron_id"])
        {
            if (answer.TryGetProperty(name, out var id) && id.ValueKind is JsonValueKind.String)
            {
                var ids = _known.GetOrAdd(name, _ => new ConcurrentQueue<string>());
                if (ids.Count < 200)
                    ids.Enqueue(id.GetString()!); // A string, as just seen.
            }
        }

        if (answer.TryGetProperty("checkpoint", out var checkpoint))
            Learn(checkpoint);
    }

    private static async Task<string> SentAsync(HttpRequestMessage request)
    {
        const int Enough = 500;
        var sent = request.Content is null ? "nothing" : await request.Content.ReadAsStringAsync();
        return sent.Length > Enough ? sent[..Enough] : sent;
    }
}

/// <summary>What came of hostile requests.</summary>
/// <param name="Sent">How many were sent.</param>
/// <param name="Abandoned">How many waited for a run that the fuzzer did not wait for.</param>
/// <param name="Statuses">How many were answered with each status.</param>
/// <param name="Faults">What no server may do, the first of it.</param>
internal sealed record FuzzReport(
    int Sent, int Abandoned, IReadOnlyDictionary<int, int> Statuses, IReadOnlyList<string> Faults)
{
    /// <inheritdoc />
    public override string ToString()
    {
        var statuses = string.Join(", ", Statuses.OrderBy(s => s.Key).Select(s => $"{s.Key}: {s.Value}"));
        return $"{Sent} requests; {statuses}; {Abandoned} left while they waited for a run; {Faults.Count} faults";
    }
}
