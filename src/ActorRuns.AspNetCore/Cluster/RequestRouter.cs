using ActorRuns.AspNetCore.Problems;
using ActorRuns.AspNetCore.Streaming;
using ActorRuns.Cluster;
using ActorRuns.Hosting;
using ActorRuns.Streams;
using ActorRuns.Threads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorRuns.AspNetCore.Cluster;

/// <summary>
/// Brings each request to the member that executes its thread: here, or by sending it on, one hop at most. While a
/// thread is on its way from one member to another the request waits; nothing was done with it until then.
/// </summary>
/// <param name="runtime">The runtime.</param>
/// <param name="forwarder">Sends requests on.</param>
/// <param name="options">The limits of the API.</param>
internal sealed class RequestRouter(ActorRunsRuntime runtime, MemberForwarder forwarder, ApiOptions options)
{
    // Changes are heard of at once; this is for those that are not.
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(200);

    private static readonly string[] Starts = ["/threads", "/runs"];

    private readonly ShardMap _shards = runtime.Shards;

    /// <summary>Puts itself before a route.</summary>
    public void Wrap(EndpointBuilder builder)
    {
        if (builder is not RouteEndpointBuilder { RequestDelegate: { } next } route)
            return;

        var pattern = PatternOf(route);
        builder.RequestDelegate = context => HandleAsync(context, $"{context.Request.Method} {pattern}", next);
    }

    /// <summary>The route as it is without the prefix that a host may have mapped it under.</summary>
    private static string PatternOf(RouteEndpointBuilder route)
    {
        var text = route.RoutePattern.RawText ?? string.Empty;
        var found = Starts.Select(start => text.IndexOf(start, StringComparison.Ordinal)).Where(at => at >= 0).ToList();
        return found.Count is 0 ? text : text[found.Min()..];
    }

    private async Task HandleAsync(HttpContext context, string pattern, RequestDelegate next)
    {
        if (await BodyBuffer.TryTakeAsync(context, options.MaxBodyBytes) is not { } body
            || RequestTarget.Of(context, pattern, body, runtime) is not { } target)
        {
            await next(context);
            return;
        }

        context.Items[ClusterHeaders.NewId] = target.NewId;
        if (ClusterHeaders.IsForwarded(context))
            await next(context); // If it is not here, who sent it on finds the owner.
        else
            await ServeAsync(context, new ForwardedRequest(target, body), next);
    }

    private async Task ServeAsync(HttpContext context, ForwardedRequest request, RequestDelegate next)
    {
        var began = runtime.Time.GetTimestamp();
        while (true)
        {
            var changed = _shards.Changed;
            BodyBuffer.Rewind(context, request.Body);
            if (await TryServeAsync(context, request, next))
                return;

            var left = runtime.Options.Cluster.MoveWait - runtime.Time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                throw new ProblemException(Problem.Of(new Refusal.ThreadElsewhere(request.Target.Thread)) with
                {
                    IsElsewhere = false,
                });
            }

            var pause = left < LookAgainAfter ? left : LookAgainAfter;
            await changed.WaitAsync(pause, runtime.Time, context.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            context.RequestAborted.ThrowIfCancellationRequested();
        }
    }

    /// <summary>
    /// Serves a request where its thread is; false when nothing was done, and it may be elsewhere soon.
    /// </summary>
    private async Task<bool> TryServeAsync(HttpContext context, ForwardedRequest request, RequestDelegate next)
    {
        var thread = request.Target.Thread;
        if (!_shards.MayServe(thread))
            return _shards.OwnerOf(thread) is { } owner && await TryForwardAsync(context, request, owner);

        try
        {
            await next(context);
            return true;
        }
        catch (ProblemException elsewhere) when (elsewhere.Problem.IsElsewhere && !context.Response.HasStarted)
        {
            context.Response.Clear();
            return false;
        }
        catch (StreamBrokenException) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            return false; // What it has made, if anything, it finds again by its id.
        }
        catch (StreamBrokenException)
        {
            await ReadOnAsync(context, thread, LongAnswer.LastEventOf(context));
            return true;
        }
    }

    private async Task<bool> TryForwardAsync(HttpContext context, ForwardedRequest request, Member owner)
    {
        var outcome = await forwarder.ForwardAsync(context, request, owner);
        if (outcome is ForwardOutcome.Broken(var lastEvent))
            await ReadOnAsync(context, request.Target.Thread, lastEvent);
        return outcome is not ForwardOutcome.NotDone;
    }

    /// <summary>
    /// Goes on with an answer that takes as long as a run, whose thread is another member's by now: the client sees
    /// one answer.
    /// </summary>
    private async Task ReadOnAsync(HttpContext context, ThreadId thread, string? lastEvent)
    {
        var began = runtime.Time.GetTimestamp();
        while (runtime.Time.GetElapsedTime(began) < runtime.Options.Cluster.MoveWait)
        {
            var changed = _shards.Changed;
            var owner = _shards.MayServe(thread) ? _shards.Self : _shards.OwnerOf(thread);
            if (owner is not null)
            {
                switch (await forwarder.ReadOnAsync(context, thread, owner, lastEvent))
                {
                    case ForwardOutcome.Done:
                        return;
                    case ForwardOutcome.Broken(var later):
                        lastEvent = later;
                        began = runtime.Time.GetTimestamp();
                        break;
                }
            }

            await changed.WaitAsync(LookAgainAfter, runtime.Time, context.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            context.RequestAborted.ThrowIfCancellationRequested();
        }

        context.Abort(); // Who is cut off comes back, and finds the thread where it is then.
    }
}

/// <summary>A request that may be sent on.</summary>
/// <param name="Target">The thread that it is about.</param>
/// <param name="Body">Its body.</param>
internal sealed record ForwardedRequest(RequestTarget Target, byte[] Body);
