using System.Globalization;
using System.Text.Json;
using ActorRuns.AspNetCore.Problems;
using ActorRuns.AspNetCore.Requests;
using ActorRuns.AspNetCore.Wire;
using ActorRuns.Assistants;
using ActorRuns.Hosting;
using ActorRuns.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorRuns.AspNetCore.Endpoints;

/// <summary>The assistants of the registered graphs.</summary>
/// <param name="runtime">The runtime.</param>
internal sealed class AssistantEndpoints(ActorRunsRuntime runtime)
{
    private const int MaxLimit = 1_000;

    /// <summary>Maps the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/assistants/search", SearchAsync);
        routes.MapPost("/assistants/count", CountAsync);
        routes.MapGet("/assistants/{assistant_id}", context =>
            Answers.WriteJsonAsync(context, writer => AssistantJson.Write(writer, Find(context))));
        routes.MapGet("/assistants/{assistant_id}/graph", context => Answers.WriteJsonAsync(context, writer =>
            AssistantJson.WriteDrawing(writer, runtime.Graphs[Find(context).GraphId]!))); // Assistants are made of graphs.
    }

    private async Task SearchAsync(HttpContext context)
    {
        var body = await BodyReader.ReadAsync(context);
        var limit = body.Number("limit", defaultValue: 10, min: 1, MaxLimit);
        var offset = body.Number("offset", defaultValue: 0, min: 0, int.MaxValue);
        var keys = body.Texts("select");
        var found = Matching(body);
        body.ThrowIfFaulty();

        context.Response.Headers["X-Pagination-Total"] = found.Count.ToString(CultureInfo.InvariantCulture);
        if (offset + (long)limit < found.Count)
            context.Response.Headers["X-Pagination-Next"] = (offset + limit).ToString(CultureInfo.InvariantCulture);
        await Answers.WriteListAsync(context, found.Skip(offset).Take(limit), (writer, assistant) =>
            Answers.Select(w => AssistantJson.Write(w, assistant), keys)(writer));
    }

    private async Task CountAsync(HttpContext context)
    {
        var body = await BodyReader.ReadAsync(context);
        var found = Matching(body);
        body.ThrowIfFaulty();
        await Answers.WriteJsonAsync(context, writer => writer.WriteNumberValue(found.Count));
    }

    private List<Assistant> Matching(BodyReader body)
    {
        var graph = body.Text("graph_id");
        var name = body.Text("name");
        var metadata = body.Object("metadata");
        return
        [
            .. runtime.Assistants.Assistants.Where(assistant =>
                (graph is null || assistant.GraphId.Value == graph)
                && (name is null || assistant.Name.Contains(name, StringComparison.OrdinalIgnoreCase))
                && (metadata.ValueKind is JsonValueKind.Undefined || JsonContainment.Contains(MetadataOf(assistant), metadata))),
        ];
    }

    private static JsonElement MetadataOf(Assistant assistant) => JsonElement.Parse(StateJson.Write(writer =>
    {
        writer.WriteStartObject();
        StateJson.WriteProperties(writer, assistant.Metadata);
        writer.WriteEndObject();
    }).Span);

    private Assistant Find(HttpContext context)
    {
        var name = PathReader.Text(context, "assistant_id");
        return runtime.Assistants.Find(name)
            ?? throw new ProblemException(Problem.NotFound($"Assistant with ID {name} not found"));
    }
}
