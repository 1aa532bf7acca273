using ActorRuns.AspNetCore;
using ActorRuns.Client;
using ActorRuns.Graphs;
using ActorRuns.Threads;
using Akka.Actor;
using Akka.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorRuns.Hosting.Tests;

/// <summary>
/// What the documents show in the middle of somebody's program, to be compiled; a test of the house looks each up here.
/// </summary>
internal static class Snippets
{
    public static IThreads Remote()
    {
        IThreads threads = new HttpThreads(new HttpClient { BaseAddress = new Uri("http://127.0.0.1:8123") });
        return threads;
    }

    public static void Embedded(WebApplicationBuilder builder)
    {
        builder.Services.AddActorRuns(options => options
            .UseSqlite("data")
            .AddChatAgent("agent", services => services.GetRequiredService<IChatClient>()));

        var app = builder.Build();
        app.MapActorRuns("/api").RequireAuthorization(); // If others are to reach it.
    }

    public static void OnPostgreSql(IServiceCollection services, Func<IServiceProvider, IChatClient> model)
    {
        services.AddActorRuns(options => options
            .UsePostgreSql("Host=db;Username=actorruns;Database=actorruns")
            .AddChatAgent("agent", model));
    }

    public static async Task<object> AskedAsActor(IHost host, ThreadId thread)
    {
        var runtime = host.Services.GetRequiredService<EmbeddedRuntime>().Runtime;
        // Answered by ThreadRead or Refused.
        var answer = await runtime.Threads.Ask<object>(new ReadThread(thread), TimeSpan.FromSeconds(10));
        return answer;
    }

    public static async Task ServedAsync(
        WebApplicationBuilder builder,
        Config config,
        GraphRegistry graphs,
        RuntimeStores stores,
        CancellationToken cancellationToken)
    {
        await using var runtime = await ActorRunsRuntime.StartAsync(
            config, graphs, stores, TimeProvider.System, cancellationToken);
        builder.Services.AddActorRuns(runtime);
        var app = builder.Build();
        app.UseActorRuns(); // CORS, and problem documents for what no endpoint answers
        app.MapActorRuns();
    }
}
