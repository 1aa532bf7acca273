using ActorRuns.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ActorRuns.Hosting;

/// <summary>Puts runtimes into hosts.</summary>
public static class ActorRunsHost
{
    private const string TheOnlyOne = "";

    /// <summary>
    /// Adds a runtime that starts and stops with the host, and <see cref="IThreads"/> to talk to it;
    /// <see cref="EmbeddedRuntime"/> leads to its actors. A <see cref="TimeProvider"/> of the host's is its clock.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Says what it is to be. Faults end the start of the host, all in one message.</param>
    public static IServiceCollection AddActorRuns(
        this IServiceCollection services, Action<ActorRunsOptions> configure) => services
        .AddActorRuns(TheOnlyOne, configure)
        .AddSingleton(host => host.GetRequiredKeyedService<EmbeddedRuntime>(TheOnlyOne))
        .AddSingleton(host => host.GetRequiredKeyedService<IThreads>(TheOnlyOne));

    /// <summary>
    /// Adds one of several runtimes; they share nothing. Its <see cref="IThreads"/> and <see cref="EmbeddedRuntime"/>
    /// are services with the key <paramref name="name"/>.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">Its name among the runtimes of the host.</param>
    /// <param name="configure">Says what it is to be.</param>
    /// <exception cref="ArgumentException">There is one of that name already.</exception>
    public static IServiceCollection AddActorRuns(
        this IServiceCollection services, string name, Action<ActorRunsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configure);
        if (services.Any(known => known.ServiceType == typeof(EmbeddedRuntime) && Equals(known.ServiceKey, name)))
            throw new ArgumentException($"There is a runtime named '{name}' already.", nameof(name));

        services.AddOptions<ActorRunsOptions>(name).Configure(configure).ValidateOnStart();
        return services
            .AddSingleton<IValidateOptions<ActorRunsOptions>>(new ActorRunsValidator(name))
            .AddKeyedSingleton(name, (host, _) => new EmbeddedRuntime(name, host))
            .AddKeyedSingleton(name, (host, _) => host.GetRequiredKeyedService<EmbeddedRuntime>(name).Threads)
            .AddSingleton<IHostedService>(host => host.GetRequiredKeyedService<EmbeddedRuntime>(name));
    }

    /// <summary>
    /// Maps the API of the host's runtime. What is returned takes what the application asks of callers, such as
    /// <c>RequireAuthorization()</c>; who may ask which thread is for the application to say.
    /// </summary>
    /// <param name="routes">The application.</param>
    /// <param name="prefix">Where the API begins, such as <c>/api</c>; for the SDKs a part of the address.</param>
    public static IEndpointConventionBuilder MapActorRuns(this IEndpointRouteBuilder routes, string prefix) =>
        routes.MapActorRuns(prefix, TheOnlyOne);

    /// <summary>Maps the API of one of several runtimes.</summary>
    /// <param name="routes">The application.</param>
    /// <param name="prefix">Where the API begins.</param>
    /// <param name="name">The name of the runtime.</param>
    /// <exception cref="InvalidOperationException">There is no runtime of that name.</exception>
    public static IEndpointConventionBuilder MapActorRuns(this IEndpointRouteBuilder routes, string prefix, string name)
    {
        ArgumentNullException.ThrowIfNull(routes);
        ArgumentNullException.ThrowIfNull(prefix);
        var runtime = routes.ServiceProvider.GetRequiredKeyedService<EmbeddedRuntime>(name);
        var start = new PathString(prefix.TrimEnd('/'));
        return routes.Map($"{start}/{{**path}}", context => runtime.AnswerAsync(context, start));
    }
}
