using ActorRuns.Agents;
using ActorRuns.Messages;
using Microsoft.Extensions.AI;

namespace ActorRuns.Server.Agents;

/// <summary>The weather agent's only tool: a web search that finds sunshine everywhere.</summary>
internal static class WeatherTool
{
    /// <summary>What a person says to see a tool fail.</summary>
    public const string Trigger = "tool explode";

    private const string Name = "tavily_search_results_json";
    private const string QueryStart = "weather in ";

    /// <summary>A call that asks for the weather of a city.</summary>
    public static FunctionCallContent Call(string id, string city) =>
        new(id, Name, new Dictionary<string, object?>(StringComparer.Ordinal) { ["query"] = QueryStart + city });

    /// <summary>The tool.</summary>
    /// <param name="defaults">How long it takes, unless the run says otherwise.</param>
    public static AIFunction Create(DemoDelays defaults) => AIFunctionFactory.Create(
        (string query, AIFunctionArguments arguments, CancellationToken cancellationToken) =>
            SearchAsync(query, ToolContext.Of(arguments), defaults, cancellationToken),
        Name,
        "Searches the web for current weather.");

    private static async Task<string> SearchAsync(
        string query, ToolContext context, DemoDelays defaults, CancellationToken cancellationToken)
    {
        await Task.Delay(defaults.For(context.Settings).Tool, context.Time, cancellationToken);
        var asked = context.Messages.LastOrDefault(message => message.Type is MessageType.Human)?.Text ?? string.Empty;
        return asked.Contains(Trigger, StringComparison.Ordinal)
            ? throw new InvalidOperationException("tool exploded")
            : $"{query.Replace(QueryStart, string.Empty, StringComparison.Ordinal)}: sunny, 18 degrees";
    }
}
