using ActorRuns.AspNetCore.Wire;
using ActorRuns.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorRuns.AspNetCore.Endpoints;

/// <summary>
/// What those ask who start and stop servers, and send requests to them. Alive is a server that answers at all: one
/// that is not is to be started anew. Ready is one whose database answers, and in a cluster, one that has its place
/// there; while it is not, requests are better sent to others. It has recovered before it listens.
/// </summary>
/// <param name="runtime">The runtime.</param>
/// <param name="lifetime">Tells when the server begins to stop.</param>
/// <param name="log">Where it is told what is not there.</param>
internal sealed class HealthEndpoints(
    ActorRunsRuntime runtime, IHostApplicationLifetime lifetime, ILogger<HealthEndpoints> log)
{
    // Those who ask give up after a few seconds themselves.
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    /// <summary>Maps the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", context =>
            Answers.WriteJsonAsync(context, """{"status":"alive"}"""u8.ToArray()));
        routes.MapGet("/health/ready", ReadyAsync);
    }

    private async Task ReadyAsync(HttpContext context)
    {
        var checks = await Task.WhenAll(runtime.Checks.Select(async check =>
            (check.Name, IsThere: await IsThereAsync(check, context.RequestAborted))));
        var isStopping = lifetime.ApplicationStopping.IsCancellationRequested;
        var isReady = !isStopping && Array.TrueForAll(checks, check => check.IsThere);
        if (!isReady)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "1";
        }

        await Answers.WriteJsonAsync(context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("status", isReady ? "ready" : isStopping ? "stopping" : "unready");
            writer.WriteStartObject("checks");
            foreach (var (name, isThere) in checks)
                writer.WriteString(name, isThere ? "ok" : "failed");
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }

    /// <summary>Asks a check. Why it failed is for the log: who asks need not know where the database is.</summary>
    private async Task<bool> IsThereAsync(ReadinessCheck check, CancellationToken cancellationToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            // Waited for no longer, also when it does not give up: a line that is held up may not hear of it.
            await check.AskAsync(giveUp.Token).WaitAsync(AnswerWithin, runtime.Time, cancellationToken);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever it is, the server is not ready, and the log says why.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            await giveUp.CancelAsync();
            log.LogWarning("Not ready, since the {Check} failed: {Fault}", check.Name, fault.Message);
            return false;
        }
    }
}
