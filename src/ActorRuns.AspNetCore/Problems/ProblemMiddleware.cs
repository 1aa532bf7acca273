using System.Globalization;
using System.Text.Json;
using ActorRuns.AspNetCore.Cluster;
using ActorRuns.Hosting;
using ActorRuns.Json;
using ActorRuns.Streams;
using ActorRuns.Threads;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ActorRuns.AspNetCore.Problems;

/// <summary>Turns whatever ends a request too early into a problem document.</summary>
/// <param name="next">The rest of the pipeline.</param>
/// <param name="log">Where faults are told.</param>
internal sealed class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> log)
{
    // A moment longer than a thread takes to start or stop.
    private const int RetryAfterSeconds = 1;

    /// <summary>Handles one request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (!context.Response.HasStarted && WithoutRoute(context) is { } problem)
                await WriteAsync(context, problem);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client hung up; nobody is there to be told.
        }
        catch (StreamBrokenException) when (context.Response.HasStarted)
        {
            context.Abort(); // An end that looks like one would be taken for the run's; who is cut off comes back.
        }
        catch (StreamBrokenException broken)
        {
            await WriteAsync(context, Problem.Of(new Refusal.ThreadElsewhere(broken.ThreadId)));
        }
        catch (ProblemException expected)
        {
            await WriteAsync(context, expected.Problem);
        }
        catch (StoreUnavailableException away)
        {
            log.LogWarning("{Method} {Path} found no database: {Fault}",
                context.Request.Method, context.Request.Path, away.Message);
            await WriteAsync(
                context, Problem.Unavailable("The database cannot be reached; a change may have been made or not"));
        }
        catch (BadHttpRequestException bad)
        {
            await WriteAsync(context, bad.StatusCode is StatusCodes.Status413PayloadTooLarge
                ? Problem.TooLarge(bad.Message)
                : Problem.Malformed(bad.Message));
        }
#pragma warning disable CA1031 // The edge: what nobody expected is told to the log, and the client only that it happened.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            log.LogError(fault, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
            await WriteAsync(context, Problem.Fault());
        }
    }

    /// <summary>Routing itself answers these two, without a body.</summary>
    private static Problem? WithoutRoute(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound when context.GetEndpoint() is null =>
            Problem.NotFound($"No route {context.Request.Method} {context.Request.Path}"),
        StatusCodes.Status405MethodNotAllowed =>
            Problem.MethodNotAllowed($"No {context.Request.Method} of {context.Request.Path}"),
        _ => null,
    };

    private static async Task WriteAsync(HttpContext context, Problem problem)
    {
        if (context.Response.HasStarted)
        {
            context.Abort(); // Half an answer must not look like a whole one.
            return;
        }

        context.Response.StatusCode = problem.Status;
        context.Response.ContentType = "application/problem+json";
        if (problem.IsElsewhere)
            context.Response.Headers[ClusterHeaders.Elsewhere] = "true"; // Another member may have asked.
        if (problem.MayRetry)
            context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        await context.Response.BodyWriter.WriteAsync(StateJson.Write(writer => Write(writer, problem)));
    }

    private static void Write(Utf8JsonWriter writer, Problem problem)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "about:blank"); // RFC 9457, section 4.2.1: the status says it all.
        writer.WriteString("title", problem.Title);
        writer.WriteNumber("status", problem.Status);
        writer.WriteString("detail", problem.Detail);
        if (!problem.Errors.IsEmpty)
        {
            writer.WriteStartObject("errors");
            foreach (var (field, expected) in problem.Errors)
            {
                writer.WriteStartArray(field);
                foreach (var sentence in expected)
                    writer.WriteStringValue(sentence);
                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
