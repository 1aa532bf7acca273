using System.Net;
using System.Text;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Hosting;
using ActorRuns.Tests;
using ActorRuns.Tests.Webhooks;
using Akka.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>
/// Tests of the API over a runtime of its own: the journal is in memory, the one graph does what the test says, and the
/// clock stands still until the test moves it.
/// </summary>
public abstract class ApiTest : IAsyncLifetime
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const string Hocon = """
        akka {
            loglevel = OFF
            stdout-loglevel = OFF
            persistence.journal.plugin = "akka.persistence.journal.inmem"
            persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        }
        """;

    private readonly string _hocon;
    private ActorRunsRuntime? _runtime;
    private WebApplication? _app;
    private HttpClient? _client;

    /// <param name="hocon">Settings that come before those of every test.</param>
    protected ApiTest(string hocon = "") => _hocon = hocon;

    /// <summary>The graph <c>gated</c>; what it says is the test's word.</summary>
    protected GatedGraph Graph { get; } = new();

    /// <summary>All graphs that are served.</summary>
    protected virtual IEnumerable<AgentGraph> Graphs => [Graph.Build()];

    /// <summary>What is kept beside the journal.</summary>
    protected virtual RuntimeStores Stores => RuntimeStores.InMemory(Time);

    protected GatedWebhooks Hooks { get; } = new();

    protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private protected CollectedLog Log { get; } = new();

    protected HttpClient Client => _client!; // Set before the test begins, as the others.

    protected WebApplication App => _app!;

    public async Task InitializeAsync()
    {
        _runtime = await ActorRunsRuntime.StartAsync(
            ConfigurationFactory.ParseString(_hocon).WithFallback(ConfigurationFactory.ParseString(Hocon)),
            new GraphRegistry([.. Graphs]),
            Stores,
            Time,
            Hooks,
            CancellationToken.None);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders().AddProvider(Log);
        builder.Services.AddActorRuns(_runtime);
        _app = builder.Build();
        _app.UseActorRuns();
        _app.MapActorRuns();
        _app.MapGet("/broken", void (HttpContext _) => throw new InvalidOperationException("a secret"));
        await _app.StartAsync();
        _client = _app.GetTestClient();
    }

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        await _runtime!.DisposeAsync(); // As above.
    }

    protected Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, body: null, headers);

    protected Task<Answer> PostAsync(string path, string? body = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, body, headers);

    protected async Task<Answer> SendAsync(
        HttpMethod method, string path, string? body, params (string Name, string Value)[] headers)
    {
        using var response = await Client.SendAsync(RequestOf(method, path, body, headers)).WaitAsync(Patience);
        return await Answer.ReadAsync(response);
    }

    /// <summary>Begins to read an answer: its headers are there, its body comes line by line.</summary>
    private protected async Task<LineReader> OpenAsync(
        HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        var request = RequestOf(method, path, body, headers);
        var response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience);
        return new LineReader(response, await response.Content.ReadAsStreamAsync());
    }

    protected async Task<string> NewThreadAsync() => (await PostAsync("/threads")).Text("thread_id");

    /// <summary>Creates a run that says something, and returns its id.</summary>
    protected async Task<string> NewRunAsync(string thread, string says = "hi", string options = "") =>
        (await PostAsync($"/threads/{thread}/runs", Say(says, options))).Text("run_id");

    /// <summary>Creates a run, lets the agent answer, and waits for the end.</summary>
    protected async Task<string> FinishedRunAsync(string thread, string says = "hi", string options = "")
    {
        var run = await NewRunAsync(thread, says, options);
        Graph.Next().Answer($"you said {says}");
        await GetAsync($"/threads/{thread}/runs/{run}/join");
        return run;
    }

    /// <summary>The body of a run that says something.</summary>
    protected static string Say(string text, string options = "") => $$$"""
        {"assistant_id":"gated","input":{"messages":[{"role":"human","content":"{{{text}}}"}]}{{{options}}}}
        """;

    /// <summary>Moves the clock on until something has happened.</summary>
    protected async Task<T> MoveTimeUntilAsync<T>(Task<T> happens, TimeSpan step)
    {
        var patience = Task.Run(() => happens.WaitAsync(Patience));
        while (!patience.IsCompleted)
        {
            Time.Advance(step);
            await Task.Yield();
        }

        return await patience;
    }

    private static HttpRequestMessage RequestOf(
        HttpMethod method, string path, string? body, (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}

/// <summary>An answer, read to its end.</summary>
public sealed record Answer(HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public static async Task<Answer> ReadAsync(HttpResponseMessage response) => new(
        response.StatusCode,
        response.Headers.Concat(response.Content.Headers).ToDictionary(
            header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase),
        await response.Content.ReadAsStringAsync());

    /// <summary>A text of the answer; a test that reads null fails on it.</summary>
    public string Text(string property) => Json.GetProperty(property).GetString()!;
}
