using System.Reflection;
using ActorRuns.AspNetCore;
using ActorRuns.Hosting;
using Akka;
using Akka.Actor;
using Serilog;

namespace ActorRuns.Server.Hosting;

/// <summary>Serves the API until it is told to stop.</summary>
internal static class ServeCommand
{
    // What is still open when the server stops, streams above all, can be read on later.
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(5);

    // Else the host watches the current folder for settings that change, and is told of each write to a journal in it.
    private const string DoNotWatchFiles = "--hostBuilder:reloadConfigOnChange=false";

    /// <summary>Starts, says where, and returns when the server was stopped by Ctrl+C or SIGTERM.</summary>
    public static async Task RunAsync(ServerOptions options, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var address = AddressOf(options);
        await using (var runtime = await ServerRuntime.StartAsync(
            options with { Address = address }, logs, cancellationToken))
        {
            await ServeAsync(runtime, address, logs, cancellationToken);
        }

        Log.Information("ActorRuns has stopped: what was accepted is in the journal");
    }

    private static async Task ServeAsync(
        ServerRuntime runtime, Uri address, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        // The end of the actor system runs the phases of its shutdown, ours and those of whatever else runs in it.
        CoordinatedShutdown.Get(runtime.Runtime.System).AddTask(
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "say-so", SayThatThreadsStop);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [DoNotWatchFiles] });
        builder.WebHost.UseUrls(address.ToString());
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(logs);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = LeaveWithin(runtime));
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.AddActorRuns(runtime.Runtime);

        var limits = ApiOptions.From(runtime.Runtime.System.Settings.Config);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null; // The API answers what is too large itself, and says so.
            kestrel.Limits.MaxRequestHeadersTotalSize = limits.MaxHeaderBytes;
        });

        await using var app = builder.Build();
        app.UseActorRuns();
        app.MapActorRuns();
        await app.StartAsync(cancellationToken);
        Log.Information(
            "ActorRuns {Version:l} listens on {Address:l}; its journal is {Journal:l}; agents: {Agents:l}",
            VersionOf(Assembly.GetExecutingAssembly()),
            string.Join(", ", app.Urls),
            runtime.Journal,
            string.Join(", ", runtime.Runtime.Graphs.Graphs.Select(graph => graph.Id)));
        if (runtime.Model is { } model)
            Log.Information("The agent asks {Model:l}, unless a run chooses another model", model);
        else
            Log.Information("No model is configured: the agent plays a script; see README.md, Bring a model");
        await StopAskedAsync(cancellationToken);
        var asked = TimeProvider.System.GetTimestamp();
        await LeaveAsync(runtime);

        // Who waits for a run of another member by now is let wait for as long as leaving may take.
        var left = LeaveWithin(runtime) - TimeProvider.System.GetElapsedTime(asked);
        using var timeout = new CancellationTokenSource(left > Drain ? left : Drain);
        await app.StopAsync(timeout.Token);
        Log.Information("ActorRuns stops: it takes no more requests");
    }

    /// <summary>
    /// Gives the threads to the other members of a cluster, while requests are still taken, so that no client sees it.
    /// </summary>
    private static async Task LeaveAsync(ServerRuntime runtime)
    {
        if (runtime.Runtime.Shards.Self is not { } self)
            return;

        Log.Information("Member {Member} leaves the cluster", self.Id);
        using var timeout = new CancellationTokenSource(LeaveWithin(runtime));
        try
        {
            await runtime.Runtime.LeaveAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            Log.Warning("Member {Member} could not give all back; the rest runs out by itself", self.Id);
        }
    }

    private static TimeSpan LeaveWithin(ServerRuntime runtime) =>
        runtime.Runtime.Shards.Self is null ? Drain : runtime.Runtime.Options.Cluster.Drain + Drain;

    private static async Task StopAskedAsync(CancellationToken cancellationToken)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.Register(() => asked.TrySetResult());
        await asked.Task;
    }

    private static Task<Done> SayThatThreadsStop()
    {
        Log.Information("The threads stop; runs that are at work go on at the next start");
        return Task.FromResult(Done.Instance);
    }

    private static Uri AddressOf(ServerOptions options)
    {
        // Other members must be told a port before anything listens there.
        if (options is { Address: { Port: 0 } any, Journal: JournalPlace.PostgreSql })
            return new UriBuilder(any) { Port = Ports.AnyFree() }.Uri;
        if (options.Address is { } asked)
            return asked;

        var port = Ports.FreeFrom(ServerOptions.DefaultPort);
        if (port != ServerOptions.DefaultPort)
            Log.Warning("Port {TakenPort} is taken; taking the next free one, {Port}", ServerOptions.DefaultPort, port);
        return new Uri($"http://127.0.0.1:{port}");
    }

    private static string VersionOf(Assembly assembly) => $"{assembly.GetName().Version?.ToString(fieldCount: 3)}";

    /// <summary>
    /// The command line hears of SIGTERM and Ctrl+C; a host that did too would stop taking requests at once.
    /// </summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
