using System.Collections.Immutable;
using System.Globalization;
using ActorRuns.AspNetCore.Cluster;
using ActorRuns.AspNetCore.Problems;
using ActorRuns.AspNetCore.Requests;
using ActorRuns.AspNetCore.Streaming;
using ActorRuns.AspNetCore.Wire;
using ActorRuns.Hosting;
using ActorRuns.Json;
using ActorRuns.Runs;
using ActorRuns.Streams;
using ActorRuns.Threads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorRuns.AspNetCore.Endpoints;

/// <summary>What a cancel does with what a run wrote.</summary>
internal enum CancelAction
{
    /// <summary>It stays.</summary>
    Interrupt,

    /// <summary>It is undone, and the run is gone.</summary>
    Rollback,
}

/// <summary>The runs of a thread.</summary>
/// <param name="runtime">The runtime.</param>
/// <param name="threads">The threads.</param>
/// <param name="responses">Answers with the events or the outcome of a run.</param>
internal sealed class RunEndpoints(ActorRunsRuntime runtime, ThreadGateway threads, RunStreamResponse responses)
{
    private const string CancelHeader = "X-ActorRuns-Cancel";
    private const int DefaultLimit = 10;
    private const int MaxLimit = 1_000;

    /// <summary>Maps the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/threads/{thread_id}/runs", CreateAsync);
        routes.MapPost("/threads/{thread_id}/runs/wait", CreateAndWaitAsync);
        routes.MapPost("/threads/{thread_id}/runs/stream", CreateAndStreamAsync);
        routes.MapPost("/runs", CreateAsync);
        routes.MapPost("/runs/wait", CreateAndWaitAsync);
        routes.MapPost("/runs/stream", CreateAndStreamAsync);
        routes.MapPost("/runs/batch", CreateBatchAsync);
        routes.MapGet("/threads/{thread_id}/runs", ListAsync);
        routes.MapGet("/threads/{thread_id}/runs/{run_id}", GetAsync);
        routes.MapGet("/threads/{thread_id}/runs/{run_id}/join", JoinAsync);
        routes.MapGet("/threads/{thread_id}/runs/{run_id}/stream", JoinStreamAsync);
        routes.MapPost("/threads/{thread_id}/runs/{run_id}/cancel", CancelAsync);
        routes.MapDelete("/threads/{thread_id}/runs/{run_id}", DeleteAsync);
        routes.MapPost("/runs/cancel", CancelManyAsync);
        routes.MapGet("/runs/{run_id}", GetAsync);
        routes.MapGet("/runs/{run_id}/join", JoinAsync);
        routes.MapGet("/runs/{run_id}/stream", JoinStreamAsync);
        routes.MapPost("/runs/{run_id}/cancel", CancelAsync);
        routes.MapDelete("/runs/{run_id}", DeleteAsync);
    }

    private async Task CreateAsync(HttpContext context)
    {
        var (create, accepted) = await SubmitAsync(context);
        await Answers.WriteJsonAsync(context, writer => RunJson.Write(writer, create.Submit.ThreadId, accepted.Run));
    }

    private async Task CreateAndWaitAsync(HttpContext context)
    {
        var (create, accepted) = await SubmitAsync(context);
        await responses.WaitAsync(context, create.Submit.ThreadId, accepted, create.OnDisconnect is OnDisconnect.Cancel);
    }

    private async Task CreateAndStreamAsync(HttpContext context)
    {
        var (create, accepted) = await SubmitAsync(context);
        await responses.StreamAsync(
            context, create.Submit.ThreadId, accepted, create.OnDisconnect is OnDisconnect.Cancel);
    }

    private async Task CreateBatchAsync(HttpContext context)
    {
        // All are read before the first is created, so that a fault in one leaves nothing behind.
        var creates = new List<RunCreate>();
        foreach (var body in await BodyReader.ReadListAsync(context))
            creates.Add(await RunCreate.ReadStatelessAsync(body, context, runtime, newId: null));
        var accepted = await Task.WhenAll(creates.Select(create =>
            threads.AskAsync<RunAccepted>(create.Submit, context.RequestAborted)));
        await Answers.WriteListAsync(context, creates.Zip(accepted), (writer, pair) =>
            RunJson.Write(writer, pair.First.Submit.ThreadId, pair.Second.Run));
    }

    /// <summary>Creates the run that a request asks for: on the thread of its path, or on one of its own.</summary>
    private async Task<(RunCreate Create, RunAccepted Accepted)> SubmitAsync(HttpContext context)
    {
        var hasThread = context.Request.RouteValues.ContainsKey("thread_id");
        var thread = hasThread ? PathReader.Thread(context) : default;
        var body = await BodyReader.ReadAsync(context);
        var create = hasThread
            ? await RunCreate.ReadAsync(body, context, runtime, thread)
            : await RunCreate.ReadStatelessAsync(body, context, runtime, ClusterHeaders.NewIdOf(context));
        var accepted = await threads.AskAsync<RunAccepted>(create.Submit, context.RequestAborted);
        if (accepted.IsReplay)
            context.Response.Headers["Idempotency-Replayed"] = "true";
        var request = accepted.Run.Request;
        context.Response.Headers["X-ActorRuns-Strategy"] =
            $"{JsonNames.Of(request.Strategy)}; from={JsonNames.Of(request.StrategyFrom)}";
        context.Response.Headers.ContentLocation =
            hasThread ? $"/threads/{thread}/runs/{accepted.Run.Id}" : $"/runs/{accepted.Run.Id}";
        return (create, accepted);
    }

    private async Task ListAsync(HttpContext context)
    {
        var thread = PathReader.Thread(context);
        var limit = PathReader.Number(context, "limit", DefaultLimit, min: 1, MaxLimit);
        var offset = PathReader.Number(context, "offset", defaultValue: 0, min: 0, int.MaxValue);
        var status = PathReader.Name<RunStatus>(context, "status");
        var keys = PathReader.Texts(context, "select");
        var ledger = await threads.ReadAsync(thread, context.RequestAborted);
        var page = Enumerable.Reverse(ledger.Order)
            .Where(id => status is null || ledger.Runs[id].Status == status)
            .Skip(offset)
            .Take(limit);
        await Answers.WriteListAsync(context, page, (writer, id) =>
            Answers.Select(w => RunJson.Write(w, thread, ledger, id), keys)(writer));
    }

    private async Task GetAsync(HttpContext context)
    {
        var (thread, id) = PathReader.ThreadAndRun(context);
        var ledger = await threads.ReadAsync(thread, context.RequestAborted);
        if (!ledger.Runs.ContainsKey(id))
            throw new ProblemException(Problem.Of(ledger.NoRun(id)));
        await Answers.WriteJsonAsync(context, writer => RunJson.Write(writer, thread, ledger, id));
    }

    private Task JoinAsync(HttpContext context)
    {
        var (thread, run) = PathReader.ThreadAndRun(context);
        return responses.WaitAsync(context, thread, run, PathReader.Flag(context, "cancel_on_disconnect"));
    }

    private Task JoinStreamAsync(HttpContext context)
    {
        var modes = StreamModeReader.Read(PathReader.Texts(context, "stream_mode"))
            ?? throw new ProblemException(Problem.Invalid(("stream_mode", StreamModeReader.Expected)));
        var (thread, run) = PathReader.ThreadAndRun(context);
        return responses.StreamAsync(context, new RunReading(
            thread,
            run,
            modes is StreamModes.None ? null : modes,
            PathReader.LastEvent(context) ?? FrameId.Origin,
            PathReader.Flag(context, "cancel_on_disconnect")));
    }

    private async Task CancelAsync(HttpContext context)
    {
        var (thread, run) = PathReader.ThreadAndRun(context);
        var wait = PathReader.Flag(context, "wait");
        var action = PathReader.Name<CancelAction>(context, "action") ?? CancelAction.Interrupt;
        var ledger = await threads.ReadAsync(thread, context.RequestAborted);
        var isOver = ledger.Runs.TryGetValue(run, out var known) && known.IsTerminal;
        if (!isOver)
            await StopAsync(context, thread, [run], action, wait);
        context.Response.StatusCode = wait || isOver ? StatusCodes.Status204NoContent : StatusCodes.Status202Accepted;
    }

    private async Task DeleteAsync(HttpContext context)
    {
        var (thread, run) = PathReader.ThreadAndRun(context);
        var delete = new DeleteRun(thread, run);
        await threads.AskAsync<Deleted>(delete, context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task CancelManyAsync(HttpContext context)
    {
        var body = await BodyReader.ReadAsync(context);
        if (!ThreadId.TryParse(body.RequiredText("thread_id"), out var thread))
            body.Fault("thread_id", "a UUID");
        var named = body.Runs("run_ids").ToHashSet();
        var status = body.Name("status", CancelStatus.All);
        var action = PathReader.Name<CancelAction>(context, "action") ?? CancelAction.Interrupt;
        body.ThrowIfFaulty();

        var ledger = await threads.ReadAsync(thread, context.RequestAborted);
        var runs = ledger.Unfinished
            .Where(run => (named.Count is 0 || named.Contains(run.Id)) && Matches(status, run.Status))
            .Select(run => run.Id);
        await StopAsync(context, thread, [.. runs], action, wait: true);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task StopAsync(
        HttpContext context, ThreadId thread, ImmutableArray<RunId> runs, CancelAction action, bool wait)
    {
        var stop = new StopRuns(thread, runs, action is CancelAction.Rollback, wait)
        {
            AfterTools = EndsToolsFirst(context, action),
        };
        var stopped = await threads.AskAsync<RunsStopped>(stop, context.RequestAborted);
        if (wait)
        {
            context.Response.Headers["X-ActorRuns-Stopped-In-Ms"] =
                ((long)stopped.StoppedIn.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        }

        if (stopped.Disowned)
            context.Response.Headers["X-ActorRuns-Disowned"] = "true"; // The work ignores its cancellation.
    }

    /// <summary>True when tools that are at work are to come to their end first.</summary>
    private static bool EndsToolsFirst(HttpContext context, CancelAction action)
    {
        if (!context.Request.Headers.TryGetValue(CancelHeader, out var header))
            return false;
        return $"{header}" is RunSettings.AfterTools && action is CancelAction.Interrupt
            ? true
            : throw new ProblemException(Problem.Invalid((CancelHeader, "after-tools, with action=interrupt")));
    }

    private static bool Matches(CancelStatus asked, RunStatus status) => asked switch
    {
        CancelStatus.Pending => status is RunStatus.Pending,
        CancelStatus.Running => status is RunStatus.Running,
        _ => true,
    };

    private enum CancelStatus
    {
        All,
        Pending,
        Running,
    }
}
