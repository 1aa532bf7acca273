using ActorRuns.Agents;
using ActorRuns.Graphs;
using ActorRuns.Models;
using Microsoft.Extensions.AI;

namespace ActorRuns.Server.Agents;

/// <summary>The agent that the server makes of a model, in the place of the one that plays a script.</summary>
internal static class ModelAgent
{
    /// <summary>Makes the agent.</summary>
    /// <param name="models">The models that its runs choose from.</param>
    /// <param name="instructions">What the model is told before each conversation; empty for nothing.</param>
    /// <param name="tools">What the model may use.</param>
    public static AgentGraph Create(ModelCatalog models, string instructions, IReadOnlyList<AITool> tools) =>
        ChatAgent.Create(
            DemoAgents.WeatherName,
            context => models.For(context.Settings),
            new ChatAgentOptions { Instructions = instructions.Length > 0 ? instructions : null, Tools = tools });
}
