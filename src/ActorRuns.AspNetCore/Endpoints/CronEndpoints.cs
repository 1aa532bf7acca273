using ActorRuns.AspNetCore.Problems;
using ActorRuns.AspNetCore.Requests;
using ActorRuns.AspNetCore.Wire;
using ActorRuns.Crons;
using ActorRuns.Hosting;
using ActorRuns.Threads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorRuns.AspNetCore.Endpoints;

/// <summary>Crons: runs that are created again and again, by a schedule.</summary>
/// <param name="runtime">The runtime.</param>
/// <param name="threads">The threads.</param>
internal sealed class CronEndpoints(ActorRunsRuntime runtime, ThreadGateway threads)
{
    /// <summary>Maps the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/runs/crons", context => CreateAsync(context, thread: null));
        routes.MapPost("/threads/{thread_id}/runs/crons", CreateOnThreadAsync);
        routes.MapPost("/runs/crons/search", SearchAsync);
        routes.MapPost("/runs/crons/count", CountAsync);
        routes.MapPatch("/runs/crons/{cron_id}", PatchAsync);
        routes.MapDelete("/runs/crons/{cron_id}", DeleteAsync);
    }

    private async Task CreateOnThreadAsync(HttpContext context)
    {
        var thread = PathReader.Thread(context);
        await threads.ReadAsync(thread, context.RequestAborted); // It must be there.
        await CreateAsync(context, thread);
    }

    private async Task CreateAsync(HttpContext context, ThreadId? thread)
    {
        var body = await BodyReader.ReadAsync(context);
        var cron = await CronReader.ReadAsync(body, thread, context, runtime);
        var added = await runtime.Crons.AddAsync(cron, context.RequestAborted);
        await Answers.WriteJsonAsync(context, writer => CronJson.Write(writer, added));
    }

    private async Task PatchAsync(HttpContext context)
    {
        var id = PathReader.Cron(context);
        var body = await BodyReader.ReadAsync(context);
        var patched = await runtime.Crons.ChangeAsync(id, Patched, context.RequestAborted) ?? throw NotFound(id);
        await Answers.WriteJsonAsync(context, writer => CronJson.Write(writer, patched));

        Cron Patched(Cron known)
        {
            var cron = CronReader.Over(known, body);
            body.ThrowIfFaulty();
            return cron;
        }
    }

    private async Task DeleteAsync(HttpContext context)
    {
        var id = PathReader.Cron(context);
        if (!await runtime.Crons.DeleteAsync(id, context.RequestAborted))
            throw NotFound(id);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task SearchAsync(HttpContext context)
    {
        var body = await BodyReader.ReadAsync(context);
        var query = CronReader.Query(body);
        var keys = body.Texts("select");
        body.ThrowIfFaulty();

        var page = await runtime.Crons.SearchAsync(query, context.RequestAborted);
        Answers.Paginate(context, query.Offset, query.Limit, page.Total);
        await Answers.WriteListAsync(context, page.Crons, (writer, cron) =>
            Answers.Select(w => CronJson.Write(w, cron), keys)(writer));
    }

    private async Task CountAsync(HttpContext context)
    {
        var body = await BodyReader.ReadAsync(context);
        var query = CronReader.Query(body) with { Offset = 0, Limit = 0 };
        body.ThrowIfFaulty();
        var page = await runtime.Crons.SearchAsync(query, context.RequestAborted);
        await Answers.WriteJsonAsync(context, writer => writer.WriteNumberValue(page.Total));
    }

    private static ProblemException NotFound(CronId id) => new(Problem.NotFound($"Cron with ID {id} not found"));
}
