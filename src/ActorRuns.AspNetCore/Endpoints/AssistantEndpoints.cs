using System.Text.Json;
using ActorRuns.AspNetCore.Problems;
using ActorRuns.AspNetCore.Requests;
using ActorRuns.AspNetCore.Wire;
using ActorRuns.Assistants;
using ActorRuns.Graphs;
using ActorRuns.Hosting;
using ActorRuns.Json;
using ActorRuns.Threads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorRuns.AspNetCore.Endpoints;

/// <summary>Assistants, their versions, and the drawings of their graphs.</summary>
/// <param name="runtime">The runtime.</param>
/// <param name="threads">The threads.</param>
internal sealed class AssistantEndpoints(ActorRunsRuntime runtime, ThreadGateway threads)
{
    private AssistantCatalog Assistants => runtime.Assistants;

    /// <summary>Maps the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/assistants", CreateAsync);
        routes.MapPost("/assistants/search", SearchAsync);
        routes.MapPost("/assistants/count", CountAsync);
        routes.MapGet("/assistants/{assistant_id}", GetAsync);
        routes.MapPatch("/assistants/{assistant_id}", PatchAsync);
        routes.MapDelete("/assistants/{assistant_id}", DeleteAsync);
        routes.MapPost("/assistants/{assistant_id}/versions", ListVersionsAsync);
        routes.MapPost("/assistants/{assistant_id}/latest", UseVersionAsync);
        routes.MapGet("/assistants/{assistant_id}/graph", DrawAsync);
        routes.MapGet("/assistants/{assistant_id}/schemas", DescribeAsync);
        routes.MapGet("/assistants/{assistant_id}/subgraphs", ListSubgraphsAsync);
        routes.MapGet("/assistants/{assistant_id}/subgraphs/{namespace}", ListSubgraphsAsync);
    }

    private async Task CreateAsync(HttpContext context)
    {
        var body = await BodyReader.ReadAsync(context);
        var id = AssistantReader.NewId(body);
        var graph = new GraphId(body.RequiredText("graph_id"));
        var mayExist = body.Name("if_exists", IfExists.Raise, '_') is IfExists.DoNothing;
        var settings = AssistantReader.Patch(body);
        body.ThrowIfFaulty();
        await WriteAsync(context, await Assistants.CreateAsync(id, graph, settings, mayExist, context.RequestAborted));
    }

    private async Task GetAsync(HttpContext context)
    {
        var assistant = await FindAsync(context);
        await Answers.WriteJsonAsync(context, writer => AssistantJson.Write(writer, assistant));
    }

    private async Task PatchAsync(HttpContext context)
    {
        var body = await BodyReader.ReadAsync(context);
        var patch = AssistantReader.Patch(body);
        body.ThrowIfFaulty();
        await WriteAsync(context, await Assistants.PatchAsync(NameOf(context), patch, context.RequestAborted));
    }

    private async Task DeleteAsync(HttpContext context)
    {
        var withThreads = PathReader.Flag(context, "delete_threads");
        var deleted = Expect(await Assistants.DeleteAsync(NameOf(context), context.RequestAborted));
        await StopRunsAsync(context, deleted.Id); // Now nothing can start more of them.
        if (withThreads)
            await DeleteThreadsAsync(context, deleted.Id);
        await Answers.WriteListAsync(context, [deleted.Id], (writer, id) => writer.WriteStringValue(id.Value));
    }

    private async Task SearchAsync(HttpContext context)
    {
        var body = await BodyReader.ReadAsync(context);
        var query = AssistantReader.Query(body);
        var keys = body.Texts("select");
        body.ThrowIfFaulty();

        var page = await Assistants.SearchAsync(query, context.RequestAborted);
        Answers.Paginate(context, query.Offset, query.Limit, page.Total);
        await Answers.WriteListAsync(context, page.Assistants, (writer, assistant) =>
            Answers.Select(w => AssistantJson.Write(w, assistant), keys)(writer));
    }

    private async Task CountAsync(HttpContext context)
    {
        var body = await BodyReader.ReadAsync(context);
        var query = AssistantReader.Query(body) with { Offset = 0, Limit = 0 };
        body.ThrowIfFaulty();
        var page = await Assistants.SearchAsync(query, context.RequestAborted);
        await Answers.WriteJsonAsync(context, writer => writer.WriteNumberValue(page.Total));
    }

    private async Task ListVersionsAsync(HttpContext context)
    {
        var body = await BodyReader.ReadAsync(context);
        var (offset, limit) = (AssistantReader.Offset(body), AssistantReader.Limit(body));
        var metadata = body.Object("metadata");
        body.ThrowIfFaulty();

        var assistant = await FindAsync(context);
        var versions = await Assistants.ReadVersionsAsync(assistant, context.RequestAborted);
        var page = versions
            .Where(version => JsonContainment.Contains(version.Metadata, metadata))
            .Skip(offset)
            .Take(limit);
        await Answers.WriteListAsync(context, page, (writer, version) =>
            AssistantJson.WriteVersion(writer, assistant.Id, version));
    }

    private async Task UseVersionAsync(HttpContext context)
    {
        var body = await BodyReader.ReadAsync(context);
        if (!body.Has("version"))
            body.Fault("version", "the number of a version");
        var number = body.Number("version", defaultValue: 1, min: 1, int.MaxValue);
        body.ThrowIfFaulty();
        await WriteAsync(context, await Assistants.UseVersionAsync(NameOf(context), number, context.RequestAborted));
    }

    private async Task DrawAsync(HttpContext context)
    {
        var graph = await FindGraphAsync(context);
        var drawing = new GraphDrawing(graph, Depth(context));
        await Answers.WriteJsonAsync(context, drawing.Write);
    }

    /// <summary>How many graphs deep the nodes are drawn: true for all, a number, or false for the graph.</summary>
    private static int Depth(HttpContext context) => $"{context.Request.Query["xray"]}" switch
    {
        "" or "false" => 0,
        "true" => int.MaxValue,
        _ => PathReader.Number(context, "xray", defaultValue: 0, min: 0, int.MaxValue),
    };

    private async Task DescribeAsync(HttpContext context)
    {
        var graph = await FindGraphAsync(context);
        await Answers.WriteJsonAsync(context, writer => SchemaJson.Write(writer, graph));
    }

    private async Task ListSubgraphsAsync(HttpContext context)
    {
        var recurse = PathReader.Flag(context, "recurse");
        var within = PathReader.Text(context, "namespace");
        var graph = await FindGraphAsync(context);
        var subgraphs = SchemaJson.SubgraphsOf(graph)
            .Where(inner => within.Length is 0
                ? recurse || !inner.Name.Contains('|', StringComparison.Ordinal)
                : inner.Name == within || (recurse && inner.Name.StartsWith($"{within}|", StringComparison.Ordinal)));
        await Answers.WriteJsonAsync(context, writer =>
        {
            writer.WriteStartObject();
            foreach (var (name, inner) in subgraphs)
            {
                writer.WritePropertyName(name);
                SchemaJson.Write(writer, inner);
            }

            writer.WriteEndObject();
        });
    }

    private async Task<AgentGraph> FindGraphAsync(HttpContext context)
    {
        var assistant = await FindAsync(context);
        return runtime.Graphs[assistant.GraphId] // One that was registered once need not be so any more.
            ?? throw new ProblemException(Problem.Of(new Refusal.UnknownGraph(assistant.GraphId)));
    }

    private static string NameOf(HttpContext context) => PathReader.Text(context, "assistant_id");

    private async Task<Assistant> FindAsync(HttpContext context) =>
        await Assistants.FindAsync(NameOf(context), context.RequestAborted)
            ?? throw new ProblemException(Problem.Of(new AssistantAnswer.Unknown(NameOf(context))));

    private static Task WriteAsync(HttpContext context, AssistantAnswer answer)
    {
        var assistant = Expect(answer);
        return Answers.WriteJsonAsync(context, writer => AssistantJson.Write(writer, assistant));
    }

    private static Assistant Expect(AssistantAnswer answer) => answer is AssistantAnswer.Done(var assistant)
        ? assistant
        : throw new ProblemException(Problem.Of(answer));

    /// <summary>Deletes the threads whose last run was of an assistant.</summary>
    private async Task DeleteThreadsAsync(HttpContext context, AssistantId assistant)
    {
        var runBy = JsonElement.Parse($$"""{"assistant_id":"{{assistant}}"}""");
        var page = await runtime.Index.SearchAsync(new ThreadQuery { Metadata = runBy }, context.RequestAborted);
        foreach (var thread in page.Threads)
            await threads.DeleteAsync(context, thread);
    }

    /// <summary>Stops the runs of an assistant, those at work and those that wait.</summary>
    private async Task StopRunsAsync(HttpContext context, AssistantId assistant)
    {
        var busy = await runtime.Index.SearchAsync(
            new ThreadQuery { Status = ThreadStatus.Busy }, context.RequestAborted);
        foreach (var thread in busy.Threads)
        {
            if (await threads.TryReadAsync(thread, context.RequestAborted) is not { } ledger)
                continue;
            var runs = ledger.Unfinished.Where(run => run.Request.AssistantId == assistant);
            var stop = new StopRuns(thread, [.. runs.Select(run => run.Id)], Undo: false, Wait: false);
            if (!stop.Runs.IsEmpty)
                await threads.StopAsync(context, stop);
        }
    }
}
