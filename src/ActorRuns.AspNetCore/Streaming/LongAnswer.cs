using ActorRuns.Streams;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorRuns.AspNetCore.Streaming;

/// <summary>What answers are given with that take as long as a run.</summary>
/// <param name="Lifetime">Tells when the server stops.</param>
/// <param name="Time">The clock.</param>
/// <param name="Options">How long silence and slowness may last.</param>
/// <param name="Log">Where it is told who was cut off.</param>
internal sealed record LongAnswers(
    IHostApplicationLifetime Lifetime, TimeProvider Time, ApiOptions Options, ILogger<LongAnswer> Log);

/// <summary>
/// One answer that takes as long as a run: sends signs of life, and is cut off when the client hangs up or takes
/// nothing any more, or when the server stops. Nobody else waits for a slow client: not the run, and no other reader.
/// </summary>
internal sealed class LongAnswer : IDisposable
{
    private readonly HttpContext _context;
    private readonly LongAnswers _shared;
    private readonly CancellationTokenSource _ending;
    private bool _isTooSlow;

    public LongAnswer(HttpContext context, LongAnswers shared)
    {
        _context = context;
        _shared = shared;
        _ending = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, shared.Lifetime.ApplicationStopping);
    }

    /// <inheritdoc />
    public void Dispose() => _ending.Dispose();

    /// <summary>Says that the answer is a stream of events, for clients and for proxies.</summary>
    public async Task<SseWriter> BeginStreamAsync(string? location)
    {
        _context.Response.ContentType = "text/event-stream";
        _context.Response.Headers.CacheControl = "no-cache";
        _context.Response.Headers["X-Accel-Buffering"] = "no"; // Proxies that know it pass each event on at once.
        _context.Response.Headers.Location = location;
        await _context.Response.StartAsync(_ending.Token);
        var writer = new SseWriter(_context.Response.BodyWriter);
        _context.Items[typeof(SseWriter)] = writer;
        return writer;
    }

    /// <summary>
    /// The last event that a request was answered with, or that its client had before; null for none.
    /// </summary>
    public static string? LastEventOf(HttpContext context)
    {
        var before = context.Request.Headers["Last-Event-ID"];
        return (context.Items[typeof(SseWriter)] as SseWriter)?.LastEvent ?? (before.Count > 0 ? $"{before}" : null);
    }

    /// <summary>Answers until all is said, or the answer is cut off.</summary>
    /// <returns>True when the client has hung up.</returns>
    /// <exception cref="StreamBrokenException">The run goes on somewhere else.</exception>
    public async Task<bool> GiveAsync(Func<CancellationToken, Task> answer)
    {
        try
        {
            await answer(_ending.Token);
            return false;
        }
        catch (OperationCanceledException) when (!_isTooSlow && _context.RequestAborted.IsCancellationRequested)
        {
            return true;
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            _context.Abort(); // An end that looks like one would be taken for the run's; who is cut off comes back.
            return false;
        }
    }

    /// <summary>Goes to the next frame; before it waits for one it sends what was added, and then heartbeats.</summary>
    public async ValueTask<bool> NextAsync(IAsyncEnumerator<StreamFrame> frames, SseWriter writer)
    {
        var next = frames.MoveNextAsync();
        if (next.IsCompleted)
            return await next;

        // Nothing in here is cancelled: the reading is, and an enumerator must not be disposed while it moves.
        var moving = next.AsTask();
        try
        {
            await FlushAsync(writer, CancellationToken.None);
            while (!await EndsWithinAsync(moving, CancellationToken.None))
                await BeatAsync(writer, CancellationToken.None);
        }
        catch (OperationCanceledException) when (_isTooSlow)
        {
            await ((Task)moving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await moving;
    }

    /// <summary>Sends a sign of life.</summary>
    public Task BeatAsync(SseWriter writer, CancellationToken cancellationToken)
    {
        writer.WriteComment("heartbeat");
        return FlushAsync(writer, cancellationToken);
    }

    /// <summary>Sends what was added.</summary>
    /// <exception cref="OperationCanceledException">The client takes nothing of what waits for it.</exception>
    public async Task FlushAsync(SseWriter writer, CancellationToken cancellationToken)
    {
        var flushing = writer.FlushAsync(cancellationToken);
        if (flushing.IsCompleted)
        {
            await flushing;
            return;
        }

        try
        {
            await flushing.AsTask().WaitAsync(_shared.Options.SlowReaderAfter, _shared.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            _isTooSlow = true;
            _shared.Log.LogWarning(
                "A reader of {Path} takes nothing of what waits for it and is cut off", _context.Request.Path);
            await _ending.CancelAsync();
            throw new OperationCanceledException(_ending.Token);
        }
    }

    /// <summary>Waits for the time of a heartbeat; true when the task has ended by then, however it did.</summary>
    public async Task<bool> EndsWithinAsync(Task task, CancellationToken cancellationToken)
    {
        await task.WaitAsync(_shared.Options.HeartbeatEvery, _shared.Time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return task.IsCompleted;
    }
}
