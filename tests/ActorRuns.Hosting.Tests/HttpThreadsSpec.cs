using ActorRuns.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorRuns.Hosting.Tests;

/// <summary>The threads of a runtime behind a socket, under a prefix of the application's.</summary>
public sealed class HttpThreadsSpec : ThreadsTck
{
    private WebApplication? _app;
    private HttpThreads? _threads;

    protected override IThreads Threads => _threads!; // Set before each test.

    public override async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddActorRuns(options => Configure(options.UseMemory()));
        _app = builder.Build();
        _app.MapActorRuns("/api");
        await _app.StartAsync();
        _threads = new HttpThreads(new HttpClient { BaseAddress = new Uri($"{_app.Urls.First()}/api") });
    }

    public override async Task DisposeAsync()
    {
        await _app!.StopAsync(); // As above.
        await _app.DisposeAsync();
    }
}
