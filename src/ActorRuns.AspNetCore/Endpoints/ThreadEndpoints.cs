using ActorRuns.AspNetCore.Requests;
using ActorRuns.AspNetCore.Wire;
using ActorRuns.Hosting;
using ActorRuns.Threads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorRuns.AspNetCore.Endpoints;

/// <summary>What becomes of the creation of a thread that is there already.</summary>
internal enum IfExists
{
    /// <summary>It is refused.</summary>
    Raise,

    /// <summary>The thread stays as it is, and is the answer.</summary>
    DoNothing,
}

/// <summary>Threads themselves.</summary>
/// <param name="runtime">The runtime.</param>
/// <param name="threads">The threads.</param>
internal sealed class ThreadEndpoints(ActorRunsRuntime runtime, ThreadGateway threads)
{
    /// <summary>Maps the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/threads", CreateAsync);
        routes.MapGet("/threads/{thread_id}", GetAsync);
    }

    private async Task CreateAsync(HttpContext context)
    {
        var body = await BodyReader.ReadAsync(context);
        var metadata = body.Map("metadata");
        var ifExists = body.Name("if_exists", IfExists.Raise, '_');
        var asked = body.Text("thread_id");
        if (!ThreadId.TryParse(asked, out var id) && asked is not null)
            body.Fault("thread_id", "a UUID");
        if (body.Has("supersteps"))
            body.Fault("supersteps", "nothing: this version does not serve it");
        body.ThrowIfFaulty();

        var thread = asked is null ? runtime.Ids.NewThreadId() : id;
        var begin = new BeginThread(thread, metadata, ifExists is IfExists.DoNothing);
        var read = await threads.AskAsync<ThreadRead>(begin, context.RequestAborted);
        await Answers.WriteJsonAsync(context, writer => ThreadJson.Write(writer, thread, read.Ledger));
    }

    private async Task GetAsync(HttpContext context)
    {
        var thread = PathReader.Thread(context);
        var ledger = await threads.ReadAsync(thread, context.RequestAborted);
        await Answers.WriteJsonAsync(context, writer => ThreadJson.Write(writer, thread, ledger));
    }
}
