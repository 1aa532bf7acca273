using ActorRuns.AspNetCore.Problems;
using ActorRuns.AspNetCore.Requests;
using ActorRuns.AspNetCore.Wire;
using ActorRuns.Hosting;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorRuns.AspNetCore.Endpoints;

/// <summary>The runs of a thread that wait for their turn: their order, and what they will be when it comes.</summary>
/// <param name="runtime">The runtime.</param>
/// <param name="threads">The threads.</param>
internal sealed class QueueEndpoints(ActorRunsRuntime runtime, ThreadGateway threads)
{
    /// <summary>Maps the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/threads/{thread_id}/queue", ListAsync);
        routes.MapPut("/threads/{thread_id}/queue", ReorderAsync);
        routes.MapPatch("/threads/{thread_id}/runs/{run_id}", EditAsync);
        routes.MapPost("/threads/{thread_id}/runs/{run_id}/promote", PromoteAsync);
    }

    private async Task ListAsync(HttpContext context)
    {
        var thread = PathReader.Thread(context);
        await WriteQueueAsync(context, thread, await threads.ReadAsync(thread, context.RequestAborted));
    }

    private async Task ReorderAsync(HttpContext context)
    {
        var thread = PathReader.Thread(context);
        var body = await BodyReader.ReadAsync(context);
        var runs = body.Runs("run_ids");
        if (!body.Has("run_ids"))
            body.Fault("run_ids", "the ids of all runs that wait, the one that is next first");
        body.ThrowIfFaulty();

        var answer = await threads.AskAsync<ThreadRead>(new ReorderQueue(thread, runs), context.RequestAborted);
        await WriteQueueAsync(context, thread, answer.Ledger);
    }

    private async Task EditAsync(HttpContext context)
    {
        var (thread, id) = (PathReader.Thread(context), PathReader.Run(context));
        var ledger = await threads.ReadAsync(thread, context.RequestAborted);
        if (!ledger.Runs.TryGetValue(id, out var known))
            throw new ProblemException(Problem.Of(ledger.NoRun(id)));

        var edit = await RunEditReader.ReadAsync(context, runtime, thread, known.Request);
        var answer = await threads.AskAsync<ThreadRead>(new EditRun(thread, id, edit), context.RequestAborted);
        await WriteRunAsync(context, thread, answer.Ledger, id);
    }

    private async Task PromoteAsync(HttpContext context)
    {
        var (thread, id) = (PathReader.Thread(context), PathReader.Run(context));
        var over = PathReader.Name<CancelAction>(context, "action") switch
        {
            CancelAction.Interrupt => MultitaskStrategy.Interrupt,
            CancelAction.Rollback => MultitaskStrategy.Rollback,
            _ => MultitaskStrategy.Enqueue,
        };
        var answer = await threads.AskAsync<ThreadRead>(new PromoteRun(thread, id, over), context.RequestAborted);
        await WriteRunAsync(context, thread, answer.Ledger, id);
    }

    private static Task WriteQueueAsync(HttpContext context, ThreadId thread, ThreadLedger ledger) =>
        Answers.WriteListAsync(context, ledger.Queue, (writer, id) => RunJson.Write(writer, thread, ledger, id));

    /// <summary>It may have begun, ended and gone with its thread in the same instant.</summary>
    private static Task WriteRunAsync(HttpContext context, ThreadId thread, ThreadLedger ledger, RunId id) =>
        ledger.Runs.ContainsKey(id)
            ? Answers.WriteJsonAsync(context, writer => RunJson.Write(writer, thread, ledger, id))
            : throw new ProblemException(Problem.Of(ledger.NoRun(id)));
}
