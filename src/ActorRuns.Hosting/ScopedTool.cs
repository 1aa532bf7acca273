using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace ActorRuns.Hosting;

/// <summary>A tool whose every call has a scope of the host's container.</summary>
/// <param name="tool">The tool.</param>
/// <param name="services">The host's services.</param>
internal sealed class ScopedTool(AIFunction tool, IServiceProvider services) : DelegatingAIFunction(tool)
{
    /// <inheritdoc />
    protected override async ValueTask<object?> InvokeCoreAsync(
        AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        arguments.Services = scope.ServiceProvider;
        return await base.InvokeCoreAsync(arguments, cancellationToken);
    }
}
