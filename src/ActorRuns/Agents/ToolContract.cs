using System.Reflection;
using Microsoft.Extensions.AI;

namespace ActorRuns.Agents;

/// <summary>What a tool says of itself beside its schema.</summary>
public sealed record ToolContract
{
    /// <summary>What it does to the world.</summary>
    /// <value>Default <see cref="ToolEffect.None"/>.</value>
    public ToolEffect Effect { get; init; }

    /// <summary>
    /// Time after which a call is told to end, by its token, and the model that it failed. What the tool answers later
    /// is not accepted. Null for no limit.
    /// </summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>
    /// Undoes in the world what a call did, when its run is rolled back; null when nothing can. Called once, in the
    /// reverse order of the calls, before the next run starts; it fails by throwing, and within <see cref="Deadline"/>,
    /// or a minute.
    /// </summary>
    public Func<ToolCompensation, CancellationToken, Task>? Compensate { get; init; }

    /// <summary>True when <see cref="Compensate"/> may be called again if the process was lost in it.</summary>
    public bool CompensatesIdempotently { get; init; }

    /// <summary>What a tool declares: by <see cref="ToolFunctions.With"/>, or by an attribute of its method.</summary>
    public static ToolContract Of(AIFunction tool)
    {
        if (tool.GetService<ToolContract>() is { } declared)
            return declared;

        var attribute = tool.UnderlyingMethod?.GetCustomAttribute<ToolEffectAttribute>();
        return new ToolContract
        {
            Effect = attribute?.Effect ?? ToolEffect.None,
            Deadline = attribute is { DeadlineSeconds: > 0 and var seconds } ? TimeSpan.FromSeconds(seconds) : null,
        };
    }
}

/// <summary>Declares things about tools of any make.</summary>
public static class ToolFunctions
{
    /// <summary>The same tool under a contract; it goes before any that it had.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="contract">What it says of itself.</param>
    public static AIFunction With(this AIFunction tool, ToolContract contract) => new ContractedTool(tool, contract);

    private sealed class ContractedTool(AIFunction tool, ToolContract contract) : DelegatingAIFunction(tool)
    {
        public override object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceKey is null && serviceType == typeof(ToolContract)
                ? contract
                : base.GetService(serviceType, serviceKey);
    }
}
