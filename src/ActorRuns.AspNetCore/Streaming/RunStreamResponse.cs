using ActorRuns.AspNetCore.Wire;
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

    /// <summary>Says where the run is, in headers.</summary>
    public static void Locate(HttpContext context, ThreadId thread, RunId run) =>
        context.Response.Headers.ContentLocation = $"/threads/{thread}/runs/{run}";

    /// <summary>Streams the run's events after one, until it ends, the client hangs up, or the server stops.</summary>
    public async Task StreamAsync(
        HttpContext context, ThreadId thread, RunId run, StreamModes? modes, FrameId after, bool cancelOnDisconnect)
    {
        var opened = await threads.AskAsync<StreamOpened>(new OpenStream(thread, run), context.RequestAborted);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers["X-Accel-Buffering"] = "no"; // Proxies that know it pass each event on at once.
        context.Response.Headers.Location = $"/threads/{thread}/runs/{run}/stream";
        await context.Response.StartAsync(context.RequestAborted);

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await CopyAsync(opened.Stream, new SseWriter(context.Response.BodyWriter), modes, after, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            if (cancelOnDisconnect && context.RequestAborted.IsCancellationRequested)
                await CancelAsync(thread, run);
        }
    }

    /// <summary>Answers with the run's outcome once it has ended; a line break now and then keeps the line open.</summary>
    public async Task WaitAsync(HttpContext context, ThreadId thread, RunId run, bool cancelOnDisconnect)
    {
        var opened = await threads.AskAsync<StreamOpened>(new OpenStream(thread, run), context.RequestAborted);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            context.Response.ContentType = "application/json";
            while (!await EndsWithinAsync(opened.Stream.Outcome, HeartbeatEvery, ending.Token))
            {
                await context.Response.BodyWriter.WriteAsync("\n"u8.ToArray(), ending.Token);
                await context.Response.BodyWriter.FlushAsync(ending.Token);
            }

            var outcome = await opened.Stream.Outcome;
            await Answers.WriteJsonAsync(context, outcome.Body);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            if (cancelOnDisconnect)
                await CancelAsync(thread, run);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            context.Abort(); // The answer is not known yet, and half of one would be taken for it.
        }
    }

    private async Task CopyAsync(
        IRunStream stream, SseWriter writer, StreamModes? modes, FrameId after, CancellationToken cancellationToken)
    {
        await using var frames = stream.ReadAsync(after, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var next = frames.MoveNextAsync().AsTask();
        while (true)
        {
            if (!next.IsCompleted)
            {
                // Nothing more is there now: what was added goes out together.
                await writer.FlushAsync(cancellationToken);
                while (!await EndsWithinAsync(next, HeartbeatEvery, cancellationToken))
                {
                    writer.WriteComment("heartbeat");
                    await writer.FlushAsync(cancellationToken);
                }
            }

            if (!await next)
                break;

            var frame = frames.Current;
            if (frame.Mode is StreamModes.None || modes is null || modes.Value.HasFlag(frame.Mode))
                writer.Write(frame);
            next = frames.MoveNextAsync().AsTask();
        }

        var outcome = await stream.Outcome;
        if (outcome.Run?.Cause is RunCause.Superseded(var by))
            writer.WriteComment($"interrupted by {by}");
        await writer.FlushAsync(cancellationToken);
    }

    private async Task<bool> EndsWithinAsync(Task task, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (task.IsCompleted)
            return true;

        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(task, Task.Delay(timeout, time, waiting.Token));
        await waiting.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return first == task;
    }

    /// <summary>The client has hung up, so nobody waits for the answer; it is awaited to see a failure.</summary>
    private Task CancelAsync(ThreadId thread, RunId run) =>
        threads.AskAsync<RunsStopped>(new StopRuns(thread, [run], Undo: false, Wait: false), CancellationToken.None);
}
