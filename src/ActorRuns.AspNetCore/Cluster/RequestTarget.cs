using System.Text.Json;
using ActorRuns.Hosting;
using ActorRuns.Ids;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Microsoft.AspNetCore.Http;

namespace ActorRuns.AspNetCore.Cluster;

/// <summary>The thread that a request is about.</summary>
/// <param name="Thread">The thread.</param>
/// <param name="NewId">The id of the thread or run that the request makes; null when it makes none.</param>
internal sealed record RequestTarget(ThreadId Thread, Guid? NewId)
{
    /// <summary>What has a thread of its own for each run: it is executed where it is accepted, if it can be.</summary>
    private static readonly HashSet<string> Stateless = new(StringComparer.Ordinal)
    {
        "POST /runs", "POST /runs/wait", "POST /runs/stream", "POST /runs/batch",
    };

    private static readonly HashSet<string> Creating = new(StringComparer.Ordinal)
    {
        "POST /threads/{thread_id}/runs",
        "POST /threads/{thread_id}/runs/wait",
        "POST /threads/{thread_id}/runs/stream",
    };

    /// <summary>What another member answers as well as the thread's owner: from the database alone.</summary>
    private static readonly HashSet<string> AnyMember = new(StringComparer.Ordinal)
    {
        "PATCH /runs/crons/{cron_id}", "DELETE /runs/crons/{cron_id}",
    };

    /// <summary>The thread of a request; null for one that every member answers.</summary>
    /// <param name="context">The request.</param>
    /// <param name="pattern">The route that it has matched, with its method.</param>
    /// <param name="body">Its body.</param>
    /// <param name="runtime">The runtime.</param>
    public static RequestTarget? Of(HttpContext context, string pattern, byte[] body, ActorRunsRuntime runtime)
    {
        var values = context.Request.RouteValues;
        if (AnyMember.Contains(pattern))
            return null;
        if (values.ContainsKey("thread_id"))
        {
            return ThreadId.TryParse($"{values["thread_id"]}", out var thread)
                ? new RequestTarget(thread, Creating.Contains(pattern) ? NewRun(context, runtime) : null)
                : null; // No member has it; any can say so.
        }

        if (values.ContainsKey("run_id"))
        {
            return RunId.TryParse($"{values["run_id"]}", out var run)
                ? new RequestTarget(RuntimeIds.StatelessThread(run), NewId: null)
                : null;
        }

        if (Stateless.Contains(pattern))
            return NewStateless(context, runtime);
        return pattern switch
        {
            "POST /runs/cancel" => NamedIn(body) is { } named ? new(named, null) : null,
            "POST /threads" => NamedIn(body) is { } asked ? new(asked, null) : NewThread(context, runtime),
            _ => null,
        };
    }

    private static Guid NewRun(HttpContext context, ActorRunsRuntime runtime) =>
        ClusterHeaders.NewIdOf(context) ?? runtime.Ids.NewRunId().Value;

    /// <summary>Spread over all members, whoever the clients talk to.</summary>
    private static RequestTarget NewThread(HttpContext context, ActorRunsRuntime runtime)
    {
        var thread = ClusterHeaders.NewIdOf(context) ?? runtime.Ids.NewThreadId().Value;
        return new RequestTarget(new ThreadId(thread), thread);
    }

    private static RequestTarget NewStateless(HttpContext context, ActorRunsRuntime runtime)
    {
        var run = ClusterHeaders.NewIdOf(context) ?? ClusterIds.NewStatelessRun(runtime).Value;
        return new RequestTarget(RuntimeIds.StatelessThread(new RunId(run)), run);
    }

    /// <summary>
    /// The thread that a body names; null when it names none, or is none: the route says what is wrong.
    /// </summary>
    private static ThreadId? NamedIn(byte[] body)
    {
        try
        {
            return body.Length > 0
                && JsonElement.Parse(body) is { ValueKind: JsonValueKind.Object } json
                && json.TryGetProperty("thread_id", out var named)
                && named.ValueKind is JsonValueKind.String
                && ThreadId.TryParse(named.GetString(), out var thread)
                    ? thread
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Ids of what is made here.</summary>
internal static class ClusterIds
{
    // Of a fair share one of so many hits; who owns next to nothing sends it on.
    private const int Tries = 64;

    /// <summary>The id of a run whose thread is this member's, if that can be.</summary>
    public static RunId NewStatelessRun(ActorRunsRuntime runtime)
    {
        var run = runtime.Ids.NewRunId();
        for (var left = Tries; left > 0 && !runtime.Shards.IsMine(RuntimeIds.StatelessThread(run)); left--)
            run = runtime.Ids.NewRunId();
        return run;
    }

    /// <summary>The id of a thread of this member's shards, if that can be.</summary>
    public static ThreadId NewThread(ActorRunsRuntime runtime)
    {
        var thread = runtime.Ids.NewThreadId();
        for (var left = Tries; left > 0 && !runtime.Shards.IsMine(thread); left--)
            thread = runtime.Ids.NewThreadId();
        return thread;
    }
}
