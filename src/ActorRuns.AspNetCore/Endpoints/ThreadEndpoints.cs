using System.Text.Json;
using ActorRuns.AspNetCore.Cluster;
using ActorRuns.AspNetCore.Problems;
using ActorRuns.AspNetCore.Requests;
using ActorRuns.AspNetCore.Streaming;
using ActorRuns.AspNetCore.Wire;
using ActorRuns.Hosting;
using ActorRuns.Json;
using ActorRuns.Threads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorRuns.AspNetCore.Endpoints;

/// <summary>What is taken away when threads are pruned.</summary>
internal enum PruneStrategy
{
    /// <summary>The threads.</summary>
    Delete,

    /// <summary>Their past; what they are now stays.</summary>
    KeepLatest,
}

/// <summary>Threads themselves.</summary>
/// <param name="runtime">The runtime.</param>
/// <param name="threads">The threads.</param>
/// <param name="responses">Answers with all that happens on a thread.</param>
internal sealed class ThreadEndpoints(ActorRunsRuntime runtime, ThreadGateway threads, ThreadStreamResponse responses)
{
    private const int DefaultLimit = 10;
    private const int MaxLimit = 1_000;

    /// <summary>Maps the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/threads", CreateAsync);
        routes.MapPost("/threads/search", SearchAsync);
        routes.MapPost("/threads/count", CountAsync);
        routes.MapGet("/threads/{thread_id}", GetAsync);
        routes.MapPatch("/threads/{thread_id}", PatchAsync);
        routes.MapDelete("/threads/{thread_id}", DeleteAsync);
        routes.MapPost("/threads/{thread_id}/copy", CopyAsync);
        routes.MapPost("/threads/prune", PruneAsync);
        routes.MapGet("/threads/{thread_id}/stream", StreamAsync);
    }

    private async Task CreateAsync(HttpContext context)
    {
        var body = await BodyReader.ReadAsync(context);
        var metadata = body.Metadata();
        var ifExists = body.Name("if_exists", IfExists.Raise, '_');
        var asked = body.Text("thread_id");
        if (!ThreadId.TryParse(asked, out var id) && asked is not null)
            body.Fault("thread_id", "a UUID");
        var past = StateEditReader.ReadPast(body);
        body.ThrowIfFaulty();

        // An id that was chosen here is new; that the thread exists means that the request was sent twice.
        var chosen = asked is null ? ClusterHeaders.NewIdOf(context) : null;
        var thread = asked is not null ? id : chosen is { } made ? new ThreadId(made) : runtime.Ids.NewThreadId();
        var mayExist = chosen is not null || ifExists is IfExists.DoNothing;
        var begin = new BeginThread(thread, metadata, mayExist) { Past = past };
        await WriteAsync(context, thread, begin);
    }

    private Task GetAsync(HttpContext context)
    {
        var thread = PathReader.Thread(context);
        return WriteAsync(context, thread, new ReadThread(thread));
    }

    private async Task PatchAsync(HttpContext context)
    {
        var thread = PathReader.Thread(context);
        var body = await BodyReader.ReadAsync(context);
        if (!body.Has("metadata"))
            body.Fault("metadata", "an object");
        var metadata = body.Metadata();
        body.ThrowIfFaulty();
        await WriteAsync(context, thread, new PatchThread(thread, metadata));
    }

    private async Task DeleteAsync(HttpContext context)
    {
        await threads.AskAsync<Deleted>(new DeleteThread(PathReader.Thread(context)), context.RequestAborted);
        await SettleAsync(context);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private Task CopyAsync(HttpContext context)
    {
        var copy = ClusterIds.NewThread(runtime); // Both threads are executed by one member.
        return WriteAsync(context, copy, new CopyThread(PathReader.Thread(context), copy));
    }

    private async Task PruneAsync(HttpContext context)
    {
        var body = await BodyReader.ReadAsync(context);
        if (!body.Has("thread_ids"))
            body.Fault("thread_ids", "a list of UUIDs");
        var ids = body.Uuids("thread_ids").Select(id => new ThreadId(id)).ToHashSet();
        var strategy = body.Name("strategy", PruneStrategy.Delete, '_');
        body.ThrowIfFaulty();

        var pruned = 0;
        foreach (var id in ids)
        {
            var isPruned = strategy is PruneStrategy.Delete
                ? await threads.DeleteAsync(context, id)
                : await threads.PruneAsync(context, id);
            pruned += isPruned ? 1 : 0;
        }

        await SettleAsync(context);
        await Answers.WriteJsonAsync(context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("pruned_count", pruned);
            writer.WriteEndObject();
        });
    }

    private Task StreamAsync(HttpContext context)
    {
        var modes = ThreadStreamModes.None;
        foreach (var name in PathReader.Texts(context, "stream_mode"))
        {
            modes |= JsonNames.TryRead<ThreadStreamModes>(name.Replace('_', '-'), out var mode)
                ? mode
                : throw new ProblemException(Problem.Invalid(
                    ("stream_mode", "one or a list of run_modes, lifecycle, state_update")));
        }

        var thread = PathReader.Thread(context);
        var asked = modes is ThreadStreamModes.None ? ThreadStreamModes.RunModes : modes;
        return responses.StreamAsync(context, thread, asked, PathReader.LastEvent(context));
    }

    private async Task WriteAsync(HttpContext context, ThreadId thread, IThreadMessage message)
    {
        var read = await threads.AskAsync<ThreadRead>(message, context.RequestAborted);
        if (message is not ReadThread)
            await SettleAsync(context);
        await Answers.WriteJsonAsync(context, writer => ThreadJson.Write(writer, thread, read.Ledger));
    }

    /// <summary>
    /// Who was answered finds what the answer said, whichever member is asked. A runtime that is alone sees to that
    /// when it searches.
    /// </summary>
    private Task SettleAsync(HttpContext context) => runtime.Shards.Self is null
        ? Task.CompletedTask
        : runtime.Index.SettleAsync(context.RequestAborted);

    private async Task SearchAsync(HttpContext context)
    {
        var body = await BodyReader.ReadAsync(context);
        var query = ReadQuery(body) with
        {
            OrderBy = body.Name("sort_by", ThreadOrder.CreatedAt, '_'),
            Ascending = body.Name("sort_order", SortOrder.Desc) is SortOrder.Asc,
        };
        var limit = body.Number("limit", DefaultLimit, min: 1, MaxLimit);
        var offset = body.Number("offset", defaultValue: 0, min: 0, int.MaxValue);
        var values = body.Object("values");
        var keys = body.Texts("select");
        body.ThrowIfFaulty();

        var (found, total) = await FindAsync(query, values, offset, limit, context.RequestAborted);
        Answers.Paginate(context, offset, limit, total);
        await Answers.WriteListAsync(context, found, (writer, thread) =>
            Answers.Select(w => ThreadJson.Write(w, thread.Id, thread.Ledger), keys)(writer));
    }

    private async Task CountAsync(HttpContext context)
    {
        var body = await BodyReader.ReadAsync(context);
        var query = ReadQuery(body);
        var values = body.Object("values");
        body.ThrowIfFaulty();
        var (_, total) = await FindAsync(query, values, offset: 0, limit: 0, context.RequestAborted);
        await Answers.WriteJsonAsync(context, writer => writer.WriteNumberValue(total));
    }

    private static ThreadQuery ReadQuery(BodyReader body)
    {
        return new ThreadQuery
        {
            Metadata = body.Object("metadata"),
            Status = body.Has("status") ? body.Name("status", ThreadStatus.Idle) : null,
            Ids = [.. body.Uuids("ids").Select(id => new ThreadId(id))],
        };
    }

    /// <summary>Finds threads by the index; what their values contain only they themselves know.</summary>
    private async Task<(List<(ThreadId Id, ThreadLedger Ledger)> Found, int Total)> FindAsync(
        ThreadQuery query, JsonElement values, int offset, int limit, CancellationToken cancellationToken)
    {
        var byValues = values.ValueKind is not JsonValueKind.Undefined;
        var page = await runtime.Index.SearchAsync(
            byValues ? query : query with { Offset = offset, Limit = limit }, cancellationToken);
        var found = new List<(ThreadId, ThreadLedger)>();
        var total = byValues ? 0 : page.Total;
        foreach (var thread in page.Threads)
        {
            if (await threads.TryReadAsync(thread, cancellationToken) is not { } ledger)
                continue; // Deleted since it was found.
            if (byValues && !HasValues(ledger, values))
                continue;
            if (!byValues || (total >= offset && found.Count < limit))
                found.Add((thread, ledger));
            if (byValues)
                total++;
        }

        return (found, total);
    }

    private static bool HasValues(ThreadLedger ledger, JsonElement filter) =>
        ledger.Position.Head is { } head && JsonContainment.Contains(
            JsonElement.Parse(StateJson.Write(writer => StateJson.WriteValues(writer, head.Values))), filter);
}
