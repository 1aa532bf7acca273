using ActorRuns.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ActorRuns.Hosting.Tests;

/// <summary>The threads of a runtime in this process, within a host that has no web server.</summary>
public sealed class InProcessThreadsSpec : ThreadsTck
{
    private IHost? _host;

    protected override IThreads Threads => _host!.Services.GetRequiredService<IThreads>(); // Set before each test.

    public override async Task InitializeAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddActorRuns(options => Configure(options.UseMemory()));
        _host = builder.Build();
        await _host.StartAsync();
    }

    public override async Task DisposeAsync()
    {
        await _host!.StopAsync(); // As above.
        _host.Dispose();
    }
}
