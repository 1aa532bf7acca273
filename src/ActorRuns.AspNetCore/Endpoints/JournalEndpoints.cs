using System.Globalization;
using ActorRuns.AspNetCore.Requests;
using ActorRuns.AspNetCore.Wire;
using ActorRuns.Json;
using ActorRuns.Threads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorRuns.AspNetCore.Endpoints;

/// <summary>The journal of a thread, for replay and for questions that nothing else answers.</summary>
/// <param name="threads">The threads.</param>
internal sealed class JournalEndpoints(ThreadGateway threads)
{
    private const string Lines = "application/x-ndjson";
    private const int DefaultLimit = 1_000;
    private const int MaxLimit = 10_000;

    /// <summary>Maps the routes.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/threads/{thread_id}/journal", ReadAsync);

    private async Task ReadAsync(HttpContext context)
    {
        var thread = PathReader.Thread(context);
        var after = PathReader.Number(context, "after", defaultValue: 0, min: 0, int.MaxValue);
        var limit = PathReader.Number(context, "limit", DefaultLimit, min: 1, MaxLimit);
        var page = await threads.AskAsync<FactPage>(new ReadFacts(thread, after, limit), context.RequestAborted);
        if (page.Entries is [.., { SequenceNr: var last }] && last < page.LastSequenceNr)
            context.Response.Headers["X-Pagination-Next"] = last.ToString(CultureInfo.InvariantCulture);
        if ($"{context.Request.Headers.Accept}".Contains(Lines, StringComparison.OrdinalIgnoreCase))
            await WriteLinesAsync(context, page);
        else
            await Answers.WriteListAsync(context, page.Entries, (writer, entry) => entry.Write(writer));
    }

    /// <summary>A line for each fact, so that pages behind each other are the file of a whole journal.</summary>
    private static async Task WriteLinesAsync(HttpContext context, FactPage page)
    {
        context.Response.ContentType = Lines;
        foreach (var entry in page.Entries)
        {
            await context.Response.Body.WriteAsync(StateJson.Write(entry.Write), context.RequestAborted);
            await context.Response.Body.WriteAsync("\n"u8.ToArray(), context.RequestAborted);
        }
    }
}
