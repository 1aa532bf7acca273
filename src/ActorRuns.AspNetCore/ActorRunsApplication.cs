using ActorRuns.AspNetCore.Cluster;
using ActorRuns.AspNetCore.Endpoints;
using ActorRuns.AspNetCore.Metrics;
using ActorRuns.AspNetCore.Problems;
using ActorRuns.AspNetCore.Streaming;
using ActorRuns.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorRuns.AspNetCore;

/// <summary>Puts the LangGraph Server API into an ASP.NET Core application.</summary>
public static class ActorRunsApplication
{
    private const string CorsPolicy = "ActorRuns";

    /// <summary>Adds what the API needs; the application keeps the runtime and disposes it.</summary>
    public static IServiceCollection AddActorRuns(this IServiceCollection services, ActorRunsRuntime runtime) => services
        .AddSingleton(runtime)
        .AddSingleton(_ => new PrometheusText(runtime.Meter.Meter, runtime.System))
        .AddSingleton(host => MemberForwarder.Of( // Asked for by a member of a cluster alone.
            runtime, host.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping))
        .AddSingleton(ApiOptions.From(runtime.System.Settings.Config))
        .AddCors(cors => cors.AddPolicy(CorsPolicy, policy => policy
            .AllowAnyOrigin()
            .AllowAnyHeader()
            .WithMethods("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "QUERY")
            .WithExposedHeaders(
                "Content-Location", "Idempotency-Replayed", "Location", "X-Pagination-Total", "X-Pagination-Next")));

    /// <summary>Answers errors with problem documents, and web pages of any origin.</summary>
    public static IApplicationBuilder UseActorRuns(this IApplicationBuilder app) => app
        .UseCors(CorsPolicy)
        .UseActorRunsProblems();

    /// <summary>Answers errors with problem documents, and leaves it to the application which pages may ask.</summary>
    public static IApplicationBuilder UseActorRunsProblems(this IApplicationBuilder app) =>
        app.UseMiddleware<ProblemMiddleware>();

    /// <summary>Maps the API's routes.</summary>
    public static IEndpointRouteBuilder MapActorRuns(this IEndpointRouteBuilder routes)
    {
        var runtime = routes.ServiceProvider.GetRequiredService<ActorRunsRuntime>();
        var lifetime = routes.ServiceProvider.GetRequiredService<IHostApplicationLifetime>();
        var options = routes.ServiceProvider.GetRequiredService<ApiOptions>();
        var threads = new ThreadGateway(runtime);
        var all = routes;
        if (runtime.Shards.Self is not null)
        {
            var forwarder = routes.ServiceProvider.GetRequiredService<MemberForwarder>();
            threads = new ThreadGateway(runtime, new MemberCalls(runtime, forwarder));
            var group = routes.MapGroup(string.Empty);
            ((IEndpointConventionBuilder)group).Add(new RequestRouter(runtime, forwarder, options).Wrap);
            routes = group;
        }

        var log = routes.ServiceProvider.GetRequiredService<ILogger<LongAnswer>>();
        var answers = new LongAnswers(lifetime, runtime.Time, options, log);
        all.MapMeta(all.ServiceProvider.GetRequiredService<PrometheusText>());
        var healthLog = all.ServiceProvider.GetRequiredService<ILogger<HealthEndpoints>>();
        new HealthEndpoints(runtime, lifetime, healthLog).Map(all);
        new ClusterEndpoints(runtime).Map(all);
        new AssistantEndpoints(runtime, threads).Map(routes);
        new StoreEndpoints(runtime.Items).Map(routes);
        new ThreadEndpoints(runtime, threads, new ThreadStreamResponse(threads, answers)).Map(routes);
        new StateEndpoints(threads).Map(routes);
        new JournalEndpoints(threads).Map(routes);
        new QueueEndpoints(runtime, threads).Map(routes);
        new RunEndpoints(runtime, threads, new RunStreamResponse(threads, answers)).Map(routes);
        new CronEndpoints(runtime, threads).Map(routes);
        return all;
    }
}
