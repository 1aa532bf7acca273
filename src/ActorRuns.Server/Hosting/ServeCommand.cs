using System.Reflection;
using ActorRuns.AspNetCore;
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
        await using (var runtime = await ServerRuntime.StartAsync(options, logs, cancellationToken))
            await ServeAsync(runtime, options, logs, cancellationToken);
        Log.Information("ActorRuns has stopped: what was accepted is in the journal");
    }

    private static async Task ServeAsync(
        ServerRuntime runtime, ServerOptions options, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        // The end of the actor system runs the phases of its shutdown, ours and those of whatever else runs in it.
        CoordinatedShutdown.Get(runtime.Runtime.System).AddTask(
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "say-so", SayThatThreadsStop);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [DoNotWatchFiles] });
        builder.WebHost.UseUrls(AddressOf(options).ToString());
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(logs);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Drain);
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
        await app.WaitForShutdownAsync(cancellationToken);
        Log.Information("ActorRuns stops: it takes no more requests");
    }

    private static Task<Done> SayThatThreadsStop()
    {
        Log.Information("The threads stop; runs that are at work go on at the next start");
        return Task.FromResult(Done.Instance);
    }

    private static Uri AddressOf(ServerOptions options)
    {
        if (options.Address is { } asked)
            return asked;

        var port = Ports.FreeFrom(ServerOptions.DefaultPort);
        if (port != ServerOptions.DefaultPort)
            Log.Warning("Port {TakenPort} is taken; taking the next free one, {Port}", ServerOptions.DefaultPort, port);
        return new Uri($"http://127.0.0.1:{port}");
    }

    private static string VersionOf(Assembly assembly) => $"{assembly.GetName().Version?.ToString(fieldCount: 3)}";
}
