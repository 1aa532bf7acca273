using ActorRuns.Runs;
using ActorRuns.Streams;
using ActorRuns.Threads;
using Microsoft.AspNetCore.Http;

namespace ActorRuns.AspNetCore.Streaming;

/// <summary>Answers with a run: its events as they come, or its outcome when it has ended.</summary>
/// <param name="threads">The threads.</param>
/// <param name="answers">What answers are given with that take as long as a run.</param>
internal sealed class RunStreamResponse(ThreadGateway threads, LongAnswers answers)
{
    // A long stream that is read again goes out in parts, so that it is not in memory twice.
    private const int MaxUnsentBytes = 64 * 1024;

    private static readonly byte[] LineBreak = "\n"u8.ToArray();

    /// <summary>Streams a new run's events from the first on.</summary>
    public async Task StreamAsync(HttpContext context, ThreadId thread, RunAccepted accepted, bool cancelOnDisconnect)
    {
        var stream = accepted.Stream ?? await OpenAsync(context, thread, accepted.Run.Id);
        var all = new RunReading(thread, accepted.Run.Id, Modes: null, FrameId.Origin, cancelOnDisconnect);
        await StreamAsync(context, stream, all);
    }

    /// <summary>Streams a run's events after one, until it ends, the client hangs up, or the server stops.</summary>
    public async Task StreamAsync(HttpContext context, RunReading reading) =>
        await StreamAsync(context, await OpenAsync(context, reading.Thread, reading.Run), reading);

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

    private async Task StreamAsync(HttpContext context, IRunStream stream, RunReading reading)
    {
        using var answer = new LongAnswer(context, answers);
        var hungUp = await answer.GiveAsync(async cancellationToken =>
        {
            var writer = await answer.BeginStreamAsync(LocationOf(context.Request, reading));
            await CopyAsync(answer, stream, writer, reading, cancellationToken);
            var outcome = await stream.Outcome;
            if (outcome.Run?.Cause is RunCause.Superseded(var by))
                writer.WriteComment($"interrupted by {by}");
            else if (outcome.RolledBack is { } gone)
                writer.WriteComment(gone.By is { } winner ? $"rolled back by {winner}" : "rolled back");
            await answer.FlushAsync(writer, cancellationToken);
        });
        if (hungUp && reading.CancelOnDisconnect)
            await CancelAsync(reading.Thread, reading.Run);
    }

    /// <summary>Waits for the outcome; a line break now and then keeps the line open.</summary>
    private async Task WaitAsync(
        HttpContext context, ThreadId thread, RunId run, IRunStream stream, bool cancelOnDisconnect)
    {
        context.Response.ContentType = "application/json";
        using var answer = new LongAnswer(context, answers);
        var hungUp = await answer.GiveAsync(async cancellationToken =>
        {
            // The headers say which run it is while it is waited for; 200 is the status whatever comes of it.
            if (!stream.Outcome.IsCompleted)
                await context.Response.BodyWriter.FlushAsync(cancellationToken);
            while (!await answer.EndsWithinAsync(stream.Outcome, cancellationToken))
                await context.Response.BodyWriter.WriteAsync(LineBreak, cancellationToken);

            var outcome = await stream.Outcome;
            await context.Response.BodyWriter.WriteAsync(outcome.Body, cancellationToken);
        });
        if (hungUp && cancelOnDisconnect)
            await CancelAsync(thread, run);
    }

    /// <summary>Sends a run's frames until it has ended; the last of them may still be unsent.</summary>
    /// <returns>The last frame that the reader knows.</returns>
    internal static async Task<FrameId> CopyAsync(
        LongAnswer answer, IRunStream stream, SseWriter writer, RunReading reading, CancellationToken cancellationToken)
    {
        var last = reading.After;
        await using var frames = stream.ReadAsync(last, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await answer.NextAsync(frames, writer))
        {
            var frame = frames.Current;
            last = frame.Id;
            if (frame.Mode is StreamModes.None || reading.Modes is not { } modes || modes.HasFlag(frame.Mode))
                writer.Write(frame);
            if (writer.UnsentBytes > MaxUnsentBytes)
                await answer.FlushAsync(writer, cancellationToken);
        }

        return last;
    }

    /// <summary>Where to read on after a broken connection: the SDKs do so by themselves, with Last-Event-ID.</summary>
    private static string LocationOf(HttpRequest request, RunReading reading)
    {
        var options = HttpMethods.IsGet(request.Method) ? request.QueryString.Value : null;
        return $"/threads/{reading.Thread}/runs/{reading.Run}/stream{options}";
    }

    /// <summary>The client has hung up, so nobody waits for the answer; it is awaited to see a failure.</summary>
    private Task CancelAsync(ThreadId thread, RunId run) =>
        threads.AskAsync<RunsStopped>(new StopRuns(thread, [run], Undo: false, Wait: false), CancellationToken.None);
}

/// <summary>What somebody wants to read of a run.</summary>
/// <param name="Thread">The thread.</param>
/// <param name="Run">The run.</param>
/// <param name="Modes">The modes that are of interest; null for all that the run has.</param>
/// <param name="After">The last frame that the reader has seen.</param>
/// <param name="CancelOnDisconnect">True when the run is to stop when the reader hangs up.</param>
internal sealed record RunReading(
    ThreadId Thread, RunId Run, StreamModes? Modes, FrameId After, bool CancelOnDisconnect);
