using System.Text.Json;
using ActorRuns.AspNetCore.Problems;
using ActorRuns.AspNetCore.Requests;
using ActorRuns.AspNetCore.Wire;
using ActorRuns.Json;
using ActorRuns.Threads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorRuns.AspNetCore.Endpoints;

/// <summary>The state of a thread: now, at a checkpoint, and all of its past.</summary>
/// <param name="threads">The threads.</param>
internal sealed class StateEndpoints(ThreadGateway threads)
{
    private const int DefaultLimit = 10;
    private const int MaxLimit = 1_000;

    /// <summary>Maps the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/threads/{thread_id}/state", GetAsync);
        routes.MapGet("/threads/{thread_id}/state/{checkpoint_id}", context =>
            WriteAtAsync(context, PathReader.Checkpoint(context), WithSubgraphs(context), Selected(context)));
        routes.MapPost("/threads/{thread_id}/state/checkpoint", PostAsync);
        routes.MapPost("/threads/{thread_id}/state", UpdateAsync);
        routes.MapPatch("/threads/{thread_id}/state", PatchAsync);
        routes.MapGet("/threads/{thread_id}/history", GetHistoryAsync);
        routes.MapPost("/threads/{thread_id}/history", PostHistoryAsync);
    }

    private Task GetAsync(HttpContext context) => GetAsync(context, WithSubgraphs(context), Selected(context));

    private async Task GetAsync(HttpContext context, bool subgraphs, StateSelection selection)
    {
        var thread = PathReader.Thread(context);
        var ledger = await threads.ReadAsync(thread, context.RequestAborted);
        await Answers.WriteJsonAsync(context, selection.Of(writer =>
        {
            if (ledger.Position.Head is { } head)
                CheckpointJson.Write(writer, thread, ledger, head, subgraphs);
            else
                CheckpointJson.WriteEmpty(writer);
        }));
    }

    private async Task PostAsync(HttpContext context)
    {
        var body = await BodyReader.ReadAsync(context);
        var checkpoint = CheckpointReader.Read(body, "checkpoint");
        var asked = body.Value("subgraphs"); // Clients send a text, or a boolean.
        var select = body.Texts("select");
        body.ThrowIfFaulty();
        var subgraphs = asked.ValueKind is JsonValueKind.True
            || (asked.ValueKind is JsonValueKind.String && asked.ValueEquals("true"));
        var selection = new StateSelection(select);
        await (checkpoint is { } id
            ? WriteAtAsync(context, id, subgraphs, selection)
            : GetAsync(context, subgraphs, selection));
    }

    private async Task WriteAtAsync(HttpContext context, CheckpointId id, bool subgraphs, StateSelection selection)
    {
        var thread = PathReader.Thread(context);
        var read = await threads.AskAsync<HistoryRead>(new ReadHistory(thread), context.RequestAborted);
        var checkpoint = read.Checkpoints.FirstOrDefault(checkpoint => checkpoint.Id == id)
            ?? throw new ProblemException(Problem.NotFound($"Thread {thread} has no checkpoint {id}"));
        await Answers.WriteJsonAsync(context, selection.Of(writer =>
            CheckpointJson.Write(writer, thread, read.Ledger, checkpoint, subgraphs)));
    }

    private static StateSelection Selected(HttpContext context) =>
        new(PathReader.Texts(context, "select"));

    private static bool WithSubgraphs(HttpContext context) =>
        string.Equals(context.Request.Query["subgraphs"], "true", StringComparison.OrdinalIgnoreCase);

    private async Task UpdateAsync(HttpContext context)
    {
        var thread = PathReader.Thread(context);
        var body = await BodyReader.ReadAsync(context);
        var edit = StateEditReader.Read(body, body.Value("values"), body.Text("as_node"));
        var from = CheckpointReader.FromRun(body);
        body.ThrowIfFaulty();

        var read = await threads.AskAsync<ThreadRead>(new EditState(thread, edit, from), context.RequestAborted);
        await Answers.WriteJsonAsync(context, writer =>
        {
            writer.WriteStartObject();
            var made = read.Ledger.Position.Head!; // The edit made it.
            CheckpointJson.WritePointer(writer, "checkpoint", thread, made.Id);
            writer.WriteEndObject();
        });
    }

    /// <summary>What the SDK calls patching the state changes the metadata of the thread.</summary>
    private async Task PatchAsync(HttpContext context)
    {
        var thread = PathReader.Thread(context);
        var body = await BodyReader.ReadAsync(context);
        if (!body.Has("metadata"))
            body.Fault("metadata", "an object");
        var metadata = body.Metadata();
        body.ThrowIfFaulty();
        await threads.AskAsync<ThreadRead>(new PatchThread(thread, metadata), context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task GetHistoryAsync(HttpContext context)
    {
        var limit = PathReader.Number(context, "limit", DefaultLimit, min: 0, MaxLimit);
        var before = $"{context.Request.Query["before"]}";
        if (!CheckpointId.TryParse(before, out var id) && before.Length > 0)
            throw new ProblemException(Problem.Invalid(("before", "a UUID")));
        await WriteHistoryAsync(context, new HistoryQuery(
            limit, before.Length > 0 ? id : null, Metadata: default, Selected(context)));
    }

    private async Task PostHistoryAsync(HttpContext context)
    {
        var body = await BodyReader.ReadAsync(context);
        var limit = body.Number("limit", DefaultLimit, min: 0, MaxLimit);
        var before = CheckpointReader.Read(body, "before");
        var metadata = body.Object("metadata");
        var select = body.Texts("select");
        body.ThrowIfFaulty();
        await WriteHistoryAsync(context, new HistoryQuery(limit, before, metadata, new StateSelection(select)));
    }

    private async Task WriteHistoryAsync(HttpContext context, HistoryQuery query)
    {
        var (limit, before, metadata, selection) = query;
        var thread = PathReader.Thread(context);
        var read = await threads.AskAsync<HistoryRead>(new ReadHistory(thread), context.RequestAborted);
        var page = read.Checkpoints
            .SkipWhile(checkpoint => before is not null && checkpoint.Id != before)
            .Skip(before is null ? 0 : 1)
            .Where(checkpoint => metadata.ValueKind is JsonValueKind.Undefined
                || JsonContainment.Contains(MetadataOf(thread, read.Ledger, checkpoint), metadata))
            .Take(limit);
        await Answers.WriteListAsync(context, page, (writer, checkpoint) =>
            selection.Of(w => CheckpointJson.Write(w, thread, read.Ledger, checkpoint))(writer));
    }

    private static JsonElement MetadataOf(ThreadId thread, ThreadLedger ledger, Checkpoint checkpoint) =>
        JsonElement.Parse(StateJson.Write(writer =>
            CheckpointJson.WriteMetadataObject(writer, thread, ledger, checkpoint)));

    private readonly record struct HistoryQuery(
        int Limit, CheckpointId? Before, JsonElement Metadata, StateSelection Selection);
}
