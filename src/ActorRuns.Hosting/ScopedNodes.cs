using ActorRuns.Graphs;
using Microsoft.Extensions.DependencyInjection;

namespace ActorRuns.Hosting;

/// <summary>Gives nodes what the host's container has.</summary>
public static class ScopedNodes
{
    /// <summary>
    /// A node that has a scope of the container for each time it is executed; the scope ends with the execution, and
    /// with it what it owns.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="run">What the node does, with the services of its scope.</param>
    public static NodeFunction InScope(
        this IServiceProvider services,
        Func<IServiceProvider, NodeContext, CancellationToken, Task<NodeUpdate>> run) =>
        async (context, cancellationToken) =>
        {
            await using var scope = services.CreateAsyncScope();
            return await run(scope.ServiceProvider, context, cancellationToken);
        };
}
