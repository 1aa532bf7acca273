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
            WriteAtAsync(context, PathReader.Checkpoint(context), WithSubgraphs(context)));
        routes.MapPost("/threads/{thread_id}/state/checkpoint", PostAsync);
        routes.MapPost("/threads/{thread_id}/state", UpdateAsync);
        routes.MapGet("/threads/{thread_id}/history", GetHistoryAsync);
        routes.MapPost("/threads/{thread_id}/history", PostHistoryAsync);
    }

    private Task GetAsync(HttpContext context) => GetAsync(context, WithSubgraphs(context));

    private async Task GetAsync(HttpContext context, bool subgraphs)
    {
        var thread = PathReader.Thread(context);
        var ledger = await threads.ReadAsync(thread, context.RequestAborted);
        await Answers.WriteJsonAsync(context, writer =>
        {
            if (ledger.Position.Head is { } head)
                CheckpointJson.Write(writer, thread, ledger, head, subgraphs);
            else
                CheckpointJson.WriteEmpty(writer);
        });
    }

    private async Task PostAsync(HttpContext context)
    {
        var body = await BodyReader.ReadAsync(context);
        var checkpoint = CheckpointReader.Read(body, "checkpoint");
        var asked = body.Value("subgraphs"); // Clients send a text, or a boolean.
        body.ThrowIfFaulty();
        var subgraphs = asked.ValueKind is JsonValueKind.True
            || (asked.ValueKind is JsonValueKind.String && asked.ValueEquals("true"));
        await (checkpoint is { } id ? WriteAtAsync(context, id, subgraphs) : GetAsync(context, subgraphs));
    }

    private async Task WriteAtAsync(HttpContext context, CheckpointId id, bool subgraphs)
    {
        var thread = PathReader.Thread(context);
        var read = await threads.AskAsync<HistoryRead>(new ReadHistory(thread), context.RequestAborted);
        var checkpoint = read.Checkpoints.FirstOrDefault(checkpoint => checkpoint.Id == id)
            ?? throw new ProblemException(Problem.NotFound($"Thread {thread} has no checkpoint {id}"));
        await Answers.WriteJsonAsync(context, writer =>
            CheckpointJson.Write(writer, thread, read.Ledger, checkpoint, subgraphs));
    }

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
            CheckpointJson.WritePointer(writer, "checkpoint", thread, read.Ledger.Position.Head!.Id); // The edit made it.
            writer.WriteEndObject();
        });
    }

    private async Task GetHistoryAsync(HttpContext context)
    {
        var limit = PathReader.Number(context, "limit", DefaultLimit, min: 0, MaxLimit);
        var before = $"{context.Request.Query["before"]}";
        if (!CheckpointId.TryParse(before, out var id) && before.Length > 0)
            throw new ProblemException(Problem.Invalid(("before", "a UUID")));
        await WriteHistoryAsync(context, limit, before.Length > 0 ? id : null, metadata: default);
    }

    private async Task PostHistoryAsync(HttpContext context)
    {
        var body = await BodyReader.ReadAsync(context);
        var limit = body.Number("limit", DefaultLimit, min: 0, MaxLimit);
        var before = CheckpointReader.Read(body, "before");
        var metadata = body.Object("metadata");
        body.ThrowIfFaulty();
        await WriteHistoryAsync(context, limit, before, metadata);
    }

    private async Task WriteHistoryAsync(HttpContext context, int limit, CheckpointId? before, JsonElement metadata)
    {
        var thread = PathReader.Thread(context);
        var read = await threads.AskAsync<HistoryRead>(new ReadHistory(thread), context.RequestAborted);
        var page = read.Checkpoints
            .SkipWhile(checkpoint => before is not null && checkpoint.Id != before)
            .Skip(before is null ? 0 : 1)
            .Where(checkpoint => metadata.ValueKind is JsonValueKind.Undefined
                || JsonContainment.Contains(MetadataOf(thread, read.Ledger, checkpoint), metadata))
            .Take(limit);
        await Answers.WriteListAsync(context, page, (writer, checkpoint) =>
            CheckpointJson.Write(writer, thread, read.Ledger, checkpoint));
    }

    private static JsonElement MetadataOf(ThreadId thread, ThreadLedger ledger, Checkpoint checkpoint) =>
        JsonElement.Parse(StateJson.Write(writer =>
            CheckpointJson.WriteMetadataObject(writer, thread, ledger, checkpoint)));
}
