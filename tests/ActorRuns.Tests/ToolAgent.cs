using System.Runtime.CompilerServices;
using System.Text.Json;
using ActorRuns.Agents;
using ActorRuns.Graphs;
using ActorRuns.Ids;
using ActorRuns.Runs;
using Microsoft.Extensions.AI;

namespace ActorRuns.Tests;

/// <summary>An agent whose model calls the tools that a human names, and says "done" when they have answered.</summary>
public static class ToolAgent
{
    public static GraphId Id { get; } = new("worker");

    /// <summary>The graph, with these tools.</summary>
    public static AgentGraph Build(params IReadOnlyList<AITool> tools)
    {
#pragma warning disable CA2000 // The graph uses it for as long as it lives; it holds nothing.
        return ChatAgent.Create(Id.Value, new Model(), new ChatAgentOptions { Tools = tools });
#pragma warning restore CA2000
    }

    /// <summary>A run of the agent that names tools.</summary>
    public static RunRequest Call(RunId run, string tools) => Request(run) with
    {
        Input = JsonElement.Parse($$"""{"messages":[{"role":"human","content":"{{tools}}"}]}"""),
    };

    /// <summary>A run of the agent that brings an answer.</summary>
    public static RunRequest Resume(RunId run, string json) =>
        Request(run) with { Command = new GraphCommand(JsonElement.Parse(json), default, []) };

    private static RunRequest Request(RunId run) => new()
    {
        RunId = run,
        AssistantId = RuntimeIds.SystemAssistant(Id),
        GraphId = Id,
    };

    private sealed class Model : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default) =>
            GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            var last = messages.Last();
            yield return last.Role == ChatRole.User
                ? new ChatResponseUpdate(ChatRole.Assistant, [.. last.Text.Split(' ').Select(Calling)])
                : new ChatResponseUpdate(ChatRole.Assistant, "done");
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
            // Holds nothing.
        }

        private static AIContent Calling(string tool) => new FunctionCallContent(
            $"call-{tool}", tool, new Dictionary<string, object?>(StringComparer.Ordinal));
    }
}
