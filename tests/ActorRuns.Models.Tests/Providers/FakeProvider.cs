using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace ActorRuns.Models.Tests.Providers;

/// <summary>
/// A provider of models over real HTTP, on a free port of this machine: takes the requests that the real one is
/// documented to take, refuses the others with its status and its words, and answers by the test's script.
/// </summary>
public abstract class FakeProvider : IAsyncDisposable
{
    public const string Key = "sk-test-4f1b9c7a20";

    private readonly ConcurrentQueue<Reply> _script = new();
    private readonly ConcurrentQueue<JsonObject> _requests = new();
    private readonly ConcurrentQueue<Exchange> _stalled = new();
    private readonly SemaphoreSlim _stalls = new(0);
    private WebApplication? _app;

    /// <summary>Where it listens.</summary>
    public string Address => _app!.Urls.Single(); // It is started by then.

    /// <summary>The bodies of all requests, refused ones included.</summary>
    public IReadOnlyList<JsonObject> Requests => [.. _requests];

    /// <summary>The faults that it found in requests.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();

    /// <summary>What it does when the script is at its end; null for an error.</summary>
    public Reply? Otherwise { get; set; }

    protected abstract string Path { get; }

    public void Script(params Reply[] replies)
    {
        foreach (var reply in replies)
            _script.Enqueue(reply);
    }

    /// <summary>The next answer that stalls, once it does.</summary>
    public async Task<Exchange> StalledAsync()
    {
        Assert.True(await _stalls.WaitAsync(TimeSpan.FromSeconds(20)), "no answer stalls");
        return _stalled.TryDequeue(out var exchange) ? exchange : throw new UnreachableException();
    }

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapPost(Path, HandleAsync);
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_app is not null)
        {
            using var now = new CancellationTokenSource(TimeSpan.Zero); // Stalled answers have no end to wait for.
            await _app.StopAsync(now.Token);
            await _app.DisposeAsync();
        }

        _stalls.Dispose();
    }

    /// <summary>What the real provider would refuse the request with; null when it would take it.</summary>
    protected abstract (int Status, JsonNode Body)? FaultOf(HttpRequest request, JsonObject body);

    /// <summary>The error of a status in the provider's form.</summary>
    protected abstract JsonNode ErrorOf(int status);

    /// <summary>The events of an answer, without what ends it.</summary>
    protected abstract IEnumerable<string> Pieces(Reply reply);

    /// <summary>The events that end an answer as it should.</summary>
    protected abstract IEnumerable<string> End(Reply reply);

    /// <summary>The event that tells of a failure in the middle.</summary>
    protected abstract string Failure();

    private async Task HandleAsync(HttpContext context)
    {
        var body = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject(); // A client sends an object.
        _requests.Enqueue(body);
        if (FaultOf(context.Request, body) is var (status, fault))
        {
            Faults.Enqueue(fault.ToJsonString());
            await WriteErrorAsync(context, status, fault);
            return;
        }

        var reply = _script.TryDequeue(out var next) ? next : Otherwise ?? Reply.Fails(418);
        foreach (var (name, value) in reply.Headers)
            context.Response.Headers[name] = value;
        if (reply.Status is not 200)
        {
            await WriteErrorAsync(context, reply.Status, ErrorOf(reply.Status));
            return;
        }

        context.Response.ContentType = "text/event-stream";
        foreach (var piece in Pieces(reply))
            await WriteAsync(context, piece);
        await EndAsync(context, reply);
    }

    private async Task EndAsync(HttpContext context, Reply reply)
    {
        switch (reply.End)
        {
            case ReplyEnd.Stalled:
                var exchange = new Exchange(context);
                _stalled.Enqueue(exchange);
                _stalls.Release();
                await exchange.Closed.WaitAsync(TimeSpan.FromMinutes(1));
                break;
            case ReplyEnd.Failed:
                await WriteAsync(context, Failure());
                break;
            case ReplyEnd.Whole:
                foreach (var piece in End(reply))
                    await WriteAsync(context, piece);
                break;
        }
    }

    private static async Task WriteErrorAsync(HttpContext context, int status, JsonNode error)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(error.ToJsonString());
    }

    private static async Task WriteAsync(HttpContext context, string text)
    {
        await context.Response.WriteAsync(text);
        await context.Response.Body.FlushAsync();
    }

    protected static string Json(object value) => JsonSerializer.Serialize(value);

    /// <summary>An answer that is being sent, as its server sees it.</summary>
    public sealed class Exchange
    {
        private readonly TaskCompletionSource<long> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private readonly HttpContext _context;

        public Exchange(HttpContext context)
        {
            _context = context;
            context.RequestAborted.Register(() => _closed.TrySetResult(Stopwatch.GetTimestamp()));
        }

        /// <summary>When the connection was closed, by the stopwatch.</summary>
        public Task<long> Closed => _closed.Task;

        /// <summary>Tears the connection.</summary>
        public void Tear() => _context.Abort();
    }
}
