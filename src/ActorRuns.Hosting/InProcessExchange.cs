using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ActorRuns.Hosting;

/// <summary>
/// One request of a caller in this process, and its answer: the headers are handed over with the first flush, the body
/// as it comes. It is aborted when the caller gives up waiting, or lets go of the answer.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer; who aborts late must find it whole.")]
internal sealed class InProcessExchange : IHttpResponseFeature, IHttpRequestLifetimeFeature
{
    private readonly CancellationTokenSource _aborted = new();
    private readonly Pipe _pipe = new();
    private readonly DefaultHttpContext _context;
    private readonly Stack<(Func<object, Task> Callback, object State)> _starting = new();
    private readonly TaskCompletionSource<HttpResponseMessage> _response =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public InProcessExchange(HttpRequestMessage request, byte[] body)
    {
        RequestAborted = _aborted.Token;
        Body = Stream.Null;
        var address = request.RequestUri!; // HttpClient sends nothing without one.
        var asked = new HttpRequestFeature
        {
            Protocol = "HTTP/1.1",
            Scheme = address.Scheme,
            Method = request.Method.Method,
            Path = Uri.UnescapeDataString(address.AbsolutePath),
            QueryString = address.Query,
            Body = new MemoryStream(body, writable: false),
        };
        var headers = request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? []);
        foreach (var (name, values) in headers)
            asked.Headers[name] = values.ToArray();

        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(asked);
        features.Set<IHttpResponseFeature>(this);
        features.Set<IHttpResponseBodyFeature>(
            new StreamResponseBodyFeature(new InProcessBody(_pipe.Writer, StartAsync)));
        features.Set<IHttpRequestLifetimeFeature>(this);
        _context = new DefaultHttpContext(features);
    }

    /// <inheritdoc />
    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    /// <inheritdoc />
    public string? ReasonPhrase { get; set; }

    /// <inheritdoc />
    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    /// <summary>Not used: the body is <see cref="IHttpResponseBodyFeature"/>'s.</summary>
    public Stream Body { get; set; }

    /// <inheritdoc />
    public bool HasStarted { get; private set; }

    /// <inheritdoc />
    public CancellationToken RequestAborted { get; set; }

    /// <summary>Answers the request; returns when the headers are there.</summary>
    public async Task<HttpResponseMessage> RunAsync(RequestDelegate answer, CancellationToken cancellationToken)
    {
        await using var givingUp = cancellationToken.Register(() =>
        {
            if (_response.TrySetCanceled(cancellationToken))
                Abort();
        });
        _ = AnswerAsync(answer);
        return await _response.Task;
    }

    /// <inheritdoc />
    public void OnStarting(Func<object, Task> callback, object state) => _starting.Push((callback, state));

    /// <summary>Nothing is held for an answer that must be let go of with it.</summary>
    public void OnCompleted(Func<object, Task> callback, object state)
    {
    }

    /// <inheritdoc />
    public void Abort() => _ = _aborted.CancelAsync(); // Not awaited: who aborts does not wait for those who are told.

    private async Task AnswerAsync(RequestDelegate answer)
    {
        try
        {
            await answer(_context);
            await StartAsync();
            await _context.Response.CompleteAsync();
            await _pipe.Writer.CompleteAsync(RequestAborted.IsCancellationRequested ? Broken(null) : null);
        }
#pragma warning disable CA1031 // The edge: the caller is told, whatever it was.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _response.TrySetException(fault);
            await _pipe.Writer.CompleteAsync(Broken(fault));
        }
    }

    private async Task StartAsync()
    {
        if (HasStarted)
            return;

        while (_starting.TryPop(out var told))
            await told.Callback(told.State);
        HasStarted = true;
        var response = new HttpResponseMessage((HttpStatusCode)StatusCode) { Content = new Answered(this) };
        foreach (var (name, values) in Headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                response.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        if (!_response.TrySetResult(response))
            response.Dispose();
    }

    private static IOException Broken(Exception? fault) => new("The answer was cut off.", fault);

    /// <summary>The body of the answer; who disposes it does not want the rest.</summary>
    private sealed class Answered(InProcessExchange exchange) : StreamContent(exchange._pipe.Reader.AsStream())
    {
        protected override void Dispose(bool disposing)
        {
            exchange.Abort();
            base.Dispose(disposing);
        }
    }
}
