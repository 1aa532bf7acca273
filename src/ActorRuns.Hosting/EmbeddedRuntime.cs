using ActorRuns.AspNetCore.Webhooks;
using ActorRuns.Client;
using ActorRuns.Graphs;
using Akka.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ActorRuns.Hosting;

/// <summary>
/// A runtime that lives with its host: it is there before the host's port is open, and ends after the last request.
/// Several in one host, under names of their own, share nothing.
/// </summary>
public sealed class EmbeddedRuntime : IHostedLifecycleService, IDisposable
{
    private readonly string _name;
    private readonly IServiceProvider _host;
    private readonly HttpClient _client;
    private Running? _running;

    internal EmbeddedRuntime(string name, IServiceProvider host)
    {
        _name = name;
        _host = host;
        _client = new HttpClient(new InProcessHandler(this))
        {
            BaseAddress = new Uri("http://in-process/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        Threads = new HttpThreads(_client);
    }

    /// <summary>The threads, for callers in this process.</summary>
    public IThreads Threads { get; }

    /// <summary>
    /// The runtime itself: the region of threads, an actor that takes every <c>IThreadMessage</c>, and the catalogs.
    /// </summary>
    /// <exception cref="UnavailableException">The host has not started it yet, or has stopped it.</exception>
    public ActorRunsRuntime Runtime => Require().Runtime;

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var options = _host.GetRequiredService<IOptionsMonitor<ActorRunsOptions>>().Get(_name);
        var logs = _host.GetRequiredService<ILoggerFactory>();
        var time = _host.GetService<TimeProvider>() ?? TimeProvider.System;
        var graphs = Graphs(options);
        var journal = await OpenJournal.OpenAsync(options.Journal!, time, logs, cancellationToken); // Validated.
        var config = ConfigurationFactory.ParseString(options.Hocon)
            .WithFallback(journal.Place)
            .WithFallback(journal.ReadBuiltInSettings())
            .WithFallback(ConfigurationFactory.ParseString("""
                akka.stdout-loglevel = OFF
                akka.loggers = []
                """));
        var webhooks = new HttpWebhookSender(HttpWebhookOptions.From(config), time);
        try
        {
            if (options.ClusterAddress is null)
                await journal.KeepOthersOffAsync(time, logs, cancellationToken);
            var runtime = await ActorRunsRuntime.StartAsync(
                config, graphs, StoresOf(journal, options), time, webhooks, cancellationToken);
            HostLogger.Start(runtime.System, logs);
            _running = new Running(runtime, new ApiPipeline(runtime, _host), webhooks, journal)
            {
                Prefix = new PathString(options.ClusterAddress?.AbsolutePath.TrimEnd('/') ?? string.Empty),
            };
        }
        catch
        {
            webhooks.Dispose();
            await journal.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Leaves the cluster, if it is in one, while requests are still taken: other members go on with the threads.
    /// </summary>
    public Task StoppingAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref _running)?.Runtime.LeaveAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Stops: what was accepted is in the journal, and goes on with the next start.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _running, null) is not { } running)
            return;

        await running.Runtime.DisposeAsync();
        await running.Api.DisposeAsync();
        running.Webhooks.Dispose();
        await running.Journal.DisposeAsync();
    }

    /// <summary>Ends the client in this process; the runtime itself ends with <see cref="StopAsync"/>.</summary>
    public void Dispose() => _client.Dispose();

    /// <summary>Answers a request of a caller in this process, as if it had come under the prefix of the API.</summary>
    internal Task AnswerInProcessAsync(HttpContext context)
    {
        var running = Require();
        context.Request.PathBase = running.Prefix; // What is sent on to another member has it.
        return running.Api.AnswerAsync(context);
    }

    /// <summary>Answers a request under a prefix, as if there were none.</summary>
    internal async Task AnswerAsync(HttpContext context, PathString prefix)
    {
        var request = context.Request;
        var (pathBase, path, route) = (request.PathBase, request.Path, request.RouteValues);
        path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase, out var matched, out var rest);
        var endpoint = context.GetEndpoint();
        context.SetEndpoint(null); // What is mapped inside is looked for anew.
        (request.PathBase, request.Path, request.RouteValues) = (pathBase + matched, rest, new RouteValueDictionary());
        try
        {
            await Require().Api.AnswerAsync(context);
        }
        finally
        {
            (request.PathBase, request.Path, request.RouteValues) = (pathBase, path, route);
            context.SetEndpoint(endpoint);
        }
    }

    private static RuntimeStores StoresOf(OpenJournal journal, ActorRunsOptions options) =>
        options.ClusterAddress is { } address ? journal.StoresOf(address) : journal.Stores;

    private Running Require() => Volatile.Read(ref _running)
        ?? throw new UnavailableException("The runtime does not run: its host has not started, or is stopping.");

    private GraphRegistry Graphs(ActorRunsOptions options)
    {
        var made = options.Agents.Select(agent => (agent.Name, Graph: agent.Create(_host))).ToList();
        var faults = made
            .Where(agent => agent.Graph.Id.Value != agent.Name)
            .Select(agent => $"Agent '{agent.Name}' has a graph named '{agent.Graph.Id}'; the names must be the same.")
            .ToList();
        return faults.Count is 0
            ? new GraphRegistry(made.Select(agent => agent.Graph))
            : throw new OptionsValidationException(_name, typeof(ActorRunsOptions), faults);
    }

    private sealed record Running(
        ActorRunsRuntime Runtime, ApiPipeline Api, HttpWebhookSender Webhooks, OpenJournal Journal)
    {
        /// <summary>What the API is mapped under, as other members know it.</summary>
        public PathString Prefix { get; init; }
    }
}
