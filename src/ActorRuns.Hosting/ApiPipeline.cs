using System.Diagnostics;
using ActorRuns.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorRuns.Hosting;

/// <summary>
/// The API of one runtime, apart from the host's own routes and services: so that several can be in one host, and so
/// that callers in the process are answered by the same endpoints as those on the network.
/// </summary>
internal sealed class ApiPipeline : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly RequestDelegate _answer;

    public ApiPipeline(ActorRunsRuntime runtime, IServiceProvider host)
    {
        var diagnostics = new DiagnosticListener("Microsoft.AspNetCore");
        _services = new ServiceCollection()
            .AddSingleton(host.GetRequiredService<ILoggerFactory>())
            .AddSingleton(host.GetRequiredService<IHostApplicationLifetime>())
            .AddSingleton(diagnostics)
            .AddSingleton<DiagnosticSource>(diagnostics)
            .AddLogging()
            .AddRouting()
            .AddActorRuns(runtime)
            .BuildServiceProvider();
        var app = new ApplicationBuilder(_services);
        app.UseActorRunsProblems();
        app.UseRouting();
        app.UseEndpoints(routes => routes.MapActorRuns());
        _answer = app.Build();
    }

    /// <summary>Answers a request.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        var services = context.RequestServices;
        context.RequestServices = _services;
        try
        {
            await _answer(context);
        }
        finally
        {
            context.RequestServices = services;
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
