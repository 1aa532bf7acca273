using ActorRuns.Agents;
using ActorRuns.Graphs;

namespace ActorRuns.Models.Tests;

/// <summary>What the README of the models shows, to be compiled; a test of the house looks it up here.</summary>
internal static class Snippets
{
    public static AgentGraph OnModels(string key)
    {
        using var models = new ModelCatalog(
            new ModelOptions { OpenAI = new() { ApiKey = key } }, TimeProvider.System);
        var agent = ChatAgent.Create("agent", context => models.For(context.Settings));
        return agent;
    }
}
