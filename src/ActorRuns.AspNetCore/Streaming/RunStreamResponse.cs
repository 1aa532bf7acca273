using ActorRuns.Runs;
using ActorRuns.Streams;
using ActorRuns.Threads;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace ActorRuns.AspNetCore.Streaming;

/// <summary>Answers with a run: its events as they come, or its outcome when it has ended.</summary>
/// <param name="threads">The threads.</param>
/// <param name="lifetime">Tells when the server stops.</param>
/// <param name="time">The clock.</param>
internal sealed class RunStreamResponse(ThreadGateway threads, IHostApplicationLifetime lifetime, TimeProvider time)
{
    // Below the idle time-outs of the proxies and clients in use, of which 30 s is the shortest.
    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(15);

    // A long stream that is read again goes out in parts, so that it is not in memory twice.
    private const int MaxUnsentBytes = 64 * 1024;

    private static readonly byte[] LineBreak = "\n"u8.ToArray();

    /// <summary>Streams a new run's events from the first on.</summary>
    public async Task StreamAsync(HttpContext context, ThreadId thread, RunAccepted accepted, bool cancelOnDisconnect)
    {
        var stream = accepted.Stream ?? await OpenAsync(context, thread, accepted.Run.Id);
        await StreamAsync(context, thread, accepted.Run.Id, stream, modes: null, FrameId.Origin, cancelOnDisconnect);
    }

    /// <summary>Streams a run's events after one, until it ends, the client hangs up, or the server stops.</summary>
    public async Task StreamAsync(
        HttpContext context, ThreadId thread, RunId run, StreamModes? modes, FrameId after, bool cancelOnDisconnect)
    {
        var stream = await OpenAsync(context, thread, run);
        await StreamAsync(context, thread, run, stream, modes, after, cancelOnDisconnect);
    }

    /// <summary>Answers with a new run's outcome once it has ended.</summary>
    public async Task WaitAsync(HttpContext context, ThreadId thread, RunAccepted accepted, bool cancelOnDisconnect)
    {
        var stream = accepted.Stream ?? await OpenAsync(context, thread, accepted.Run.Id);
        await WaitAsync(context, thread, accepted.Run.Id, stream, cancelOnDisconnect);
    }

    /// <summary>Answers with a run's outcome once it has ended.</summary>
    public async Task WaitAsync(HttpContext context, ThreadId thread, RunId run, bool cancelOnDisconnect) =>
        await WaitAsync(context, thread, run, await OpenAsync(context, thread, run), cancelOnDisconnect);

    private async Task<IRunStream> OpenAsync(HttpContext context, ThreadId thread, RunId run) =>
        (await threads.AskAsync<StreamOpened>(new OpenStream(thread, run), context.RequestAborted)).Stream;

    private Task StreamAsync(
        HttpContext context,
        ThreadId thread,
        RunId run,
        IRunStream stream,
        StreamModes? modes,
        FrameId after,
        bool cancelOnDisconnect)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers["X-Accel-Buffering"] = "no"; // Proxies that know it pass each event on at once.
        context.Response.Headers.Location = LocationOf(context.Request, thread, run);
        return UntilCutOffAsync(context, thread, run, cancelOnDisconnect, async cancellationToken =>
        {
            await context.Response.StartAsync(cancellationToken);
            await CopyAsync(stream, new SseWriter(context.Response.BodyWriter), modes, after, cancellationToken);
        });
    }

    /// <summary>Waits for the outcome; a line break now and then keeps the line open.</summary>
    private Task WaitAsync(HttpContext context, ThreadId thread, RunId run, IRunStream stream, bool cancelOnDisconnect)
    {
        context.Response.ContentType = "application/json";
        return UntilCutOffAsync(context, thread, run, cancelOnDisconnect, async cancellationToken =>
        {
            // The headers say which run it is while it is waited for; 200 is the status whatever comes of it.
            if (!stream.Outcome.IsCompleted)
                await context.Response.BodyWriter.FlushAsync(cancellationToken);
            while (!await EndsWithinAsync(stream.Outcome, cancellationToken))
                await context.Response.BodyWriter.WriteAsync(LineBreak, cancellationToken);

            var outcome = await stream.Outcome;
            await context.Response.BodyWriter.WriteAsync(outcome.Body, cancellationToken);
        });
    }

    /// <summary>Answers until all is said, the client hangs up, or the server stops.</summary>
    private async Task UntilCutOffAsync(
        HttpContext context, ThreadId thread, RunId run, bool cancelOnDisconnect, Func<CancellationToken, Task> answer)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await answer(ending.Token);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            if (cancelOnDisconnect)
                await CancelAsync(thread, run);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            context.Abort(); // An end that looks like one would be taken for the run's; who is cut off comes back.
        }
    }

    private async Task CopyAsync(
        IRunStream stream, SseWriter writer, StreamModes? modes, FrameId after, CancellationToken cancellationToken)
    {
        await using var frames = stream.ReadAsync(after, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(frames, writer))
        {
            var frame = frames.Current;
            if (frame.Mode is StreamModes.None || modes is null || modes.Value.HasFlag(frame.Mode))
                writer.Write(frame);
            if (writer.UnsentBytes > MaxUnsentBytes)
                await writer.FlushAsync(cancellationToken);
        }

        var outcome = await stream.Outcome;
        if (outcome.Run?.Cause is RunCause.Superseded(var by))
            writer.WriteComment($"interrupted by {by}");
        await writer.FlushAsync(cancellationToken);
    }

    /// <summary>Goes to the next frame; before it waits for one it sends what was added, and then heartbeats.</summary>
    private async ValueTask<bool> NextAsync(IAsyncEnumerator<StreamFrame> frames, SseWriter writer)
    {
        var next = frames.MoveNextAsync();
        if (next.IsCompleted)
            return await next;

        // Nothing in here is cancelled: the reading is, and an enumerator must not be disposed while it moves.
        var moving = next.AsTask();
        await writer.FlushAsync(CancellationToken.None);
        while (!await EndsWithinAsync(moving, CancellationToken.None))
        {
            writer.WriteComment("heartbeat");
            await writer.FlushAsync(CancellationToken.None);
        }

        return await moving;
    }

    /// <summary>Waits for the time of a heartbeat; true when the task has ended by then, however it did.</summary>
    private async Task<bool> EndsWithinAsync(Task task, CancellationToken cancellationToken)
    {
        await task.WaitAsync(HeartbeatEvery, time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return task.IsCompleted;
    }

    /// <summary>Where to read on after a broken connection: the SDKs do so by themselves, with Last-Event-ID.</summary>
    private static string LocationOf(HttpRequest request, ThreadId thread, RunId run)
    {
        var options = HttpMethods.IsGet(request.Method) ? request.QueryString.Value : null;
        return $"/threads/{thread}/runs/{run}/stream{options}";
    }

    /// <summary>The client has hung up, so nobody waits for the answer; it is awaited to see a failure.</summary>
    private Task CancelAsync(ThreadId thread, RunId run) =>
        threads.AskAsync<RunsStopped>(new StopRuns(thread, [run], Undo: false, Wait: false), CancellationToken.None);
}
