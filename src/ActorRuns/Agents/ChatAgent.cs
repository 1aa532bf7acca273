using ActorRuns.Graphs;
using ActorRuns.Threads;
using Microsoft.Extensions.AI;

namespace ActorRuns.Agents;

/// <summary>
/// The ready agent: a model and its tools, taking turns until the model asks for no tool any more. Each model call is a
/// step of its own, and so are the tools that it asks for together: each is durable before the next begins.
/// </summary>
public static class ChatAgent
{
    /// <summary>The node that calls the model.</summary>
    public const string ModelNodeName = "agent";

    /// <summary>The node that runs the tools.</summary>
    public const string ToolNodeName = "tools";

    /// <summary>The channel of the last answer's JSON (<see cref="ChatAgentOptions.ResponseFormat"/>).</summary>
    public const string StructuredResponse = "structured_response";

    // Its package is not referenced here; where it cannot be loaded, nobody can have one in a pipeline.
    private static readonly Type? FunctionInvokingClient = Type.GetType(
        "Microsoft.Extensions.AI.FunctionInvokingChatClient, Microsoft.Extensions.AI", throwOnError: false);

    /// <summary>Makes the graph of an agent that always talks to the same model.</summary>
    /// <param name="name">The graph's name.</param>
    /// <param name="client">The model; used by many runs at once, and never disposed here.</param>
    /// <param name="options">What makes it different; null for a model without tools.</param>
    /// <exception cref="ArgumentException">
    /// The client calls functions by itself, two tools have the same name, a tool cannot be executed here, or a limit
    /// is no number from 1.
    /// </exception>
    public static AgentGraph Create(string name, IChatClient client, ChatAgentOptions? options = null)
    {
        Checked(client);
        return Build(name, _ => client, options ?? new());
    }

    /// <summary>Makes the graph of an agent whose model depends on the run.</summary>
    /// <param name="name">The graph's name.</param>
    /// <param name="client">Chooses the model for one call; what it returns is never disposed here.</param>
    /// <param name="options">What makes it different; null for a model without tools.</param>
    /// <exception cref="ArgumentException">
    /// Two tools have the same name, a tool cannot be executed here, or a limit is no number from 1.
    /// </exception>
    public static AgentGraph Create(
        string name, Func<NodeContext, IChatClient> client, ChatAgentOptions? options = null) =>
        Build(name, context => Checked(client(context)), options ?? new());

    private static AgentGraph Build(string name, Func<NodeContext, IChatClient> clientOf, ChatAgentOptions options)
    {
        if (options.MaxModelCalls is < 1)
            throw new ArgumentException($"{nameof(options.MaxModelCalls)} is less than 1.", nameof(options));

        var model = new ModelNode(clientOf, options);
        var executable = ExecutableTools(options.Tools);
        var tools = new ToolNode(executable, options.ParallelToolCalls);
        return AgentGraph.Create(name)
            .Contracts(executable.Select(tool => KeyValuePair.Create(tool.Key, ToolContract.Of(tool.Value))))
            .Channel(Channels.Messages, ChannelKind.Messages)
            .Node(ModelNodeName, model.RunAsync)
            .ToolNode(ToolNodeName, tools.RunAsync)
            .Edge(GraphNodes.Start, ModelNodeName)
            .Branch(
                ModelNodeName,
                state => [HasOpenCalls(state) ? ToolNodeName : GraphNodes.End],
                ToolNodeName,
                GraphNodes.End)
            .Edge(ToolNodeName, ModelNodeName)
            .Build();
    }

    private static bool HasOpenCalls(ChannelValues state) =>
        state.OpenCalls.Exists(call => call.Channel == Channels.Messages);

    private static Dictionary<string, AIFunction> ExecutableTools(IReadOnlyList<AITool> tools)
    {
        var executable = new Dictionary<string, AIFunction>(StringComparer.Ordinal);
        foreach (var tool in tools.OfType<AIFunctionDeclaration>())
        {
            var fault = tool is not AIFunction function ? "is only declared; nothing here can run it"
                : !executable.TryAdd(tool.Name, function) ? "has the name of another one"
                : null;
            if (fault is not null)
                throw new ArgumentException($"Tool '{tool.Name}' {fault}.", nameof(tools));
        }

        return executable;
    }

    private static IChatClient Checked(IChatClient client) =>
        FunctionInvokingClient is null || client.GetService(FunctionInvokingClient) is null
            ? client
            : throw new ArgumentException(
                "The chat client calls functions by itself (FunctionInvokingChatClient). Take it out of the pipeline: "
                + "the runtime runs the tools, so that each call is recorded and can be stopped.",
                nameof(client));
}
