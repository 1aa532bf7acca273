using System.Collections.Concurrent;
using ActorRuns.Agents;
using ActorRuns.Client;
using ActorRuns.Graphs;
using ActorRuns.Messages;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace ActorRuns.Hosting.Tests;

/// <summary>What agents get of the host's container, and for how long.</summary>
public sealed class ScopeSpec
{
    private static CancellationToken InTime => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

    [Fact]
    public async Task Each_execution_of_a_node_has_a_scope_that_ends_with_it()
    {
        var lives = new Lives();
        using var host = await StartedAsync(lives, options => options.AddAgent("agent", services => AgentGraph
            .Create("agent")
            .Channel(Channels.Messages, ChannelKind.Messages)
            .Node("a", services.InScope(SayAsync))
            .Node("b", services.InScope(SayAsync))
            .Edge(GraphNodes.Start, "a").Edge("a", "b").Edge("b", GraphNodes.End)
            .Build()));

        var texts = await AskAsync(host);

        Assert.Equal(["hi", "resource 1", "resource 2"], texts);
        Assert.Equal([1, 2], lives.Ended);
    }

    [Fact]
    public async Task Each_call_of_a_model_and_of_a_tool_has_a_scope_that_ends_with_it()
    {
        var lives = new Lives();
        using var host = await StartedAsync(lives, options => options.AddChatAgent(
            "agent",
            services => new ToolUser(services.GetRequiredService<Resource>()),
            _ => new ChatAgentOptions
            {
                Tools = [AIFunctionFactory.Create((IServiceProvider services) =>
                    $"resource {services.GetRequiredService<Resource>().Number}", "look")],
            }));
        var before = lives.Ended.Count; // The model was got once at start, to see that it can be.

        var texts = (await AskAsync(host)).ToList();

        Assert.Equal(["hi", "", $"resource {before + 2}", $"model {before + 3}"], texts);
        Assert.Equal(before + 3, lives.Ended.Count);
    }

    private static async Task<IHost> StartedAsync(Lives lives, Action<ActorRunsOptions> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(lives).AddScoped<Resource>();
        builder.Services.AddActorRuns(options => configure(options.UseMemory()));
        var host = builder.Build();
        await host.StartAsync(InTime);
        return host;
    }

    private static async Task<IEnumerable<string?>> AskAsync(IHost host)
    {
        var threads = host.Services.GetRequiredService<IThreads>();
        var thread = await threads.CreateAsync(new NewThread(), InTime);
        var run = await threads.SubmitAsync(thread.Id, NewRun.Say("agent", "hi"), InTime);
        var ended = await threads.AwaitEndAsync(thread.Id, run.Id, InTime);
        await host.StopAsync(InTime);
        return ended.Values.GetProperty("messages").EnumerateArray()
            .Select(message => message.GetProperty("content"))
            .Select(content => content.GetString());
    }

    private static Task<NodeUpdate> SayAsync(
        IServiceProvider services, NodeContext context, CancellationToken cancellationToken) =>
        Task.FromResult(NodeUpdate.Of(new Message
        {
            Id = context.NewMessageId(),
            Type = MessageType.Ai,
            Content = MessageContent.Of($"resource {services.GetRequiredService<Resource>().Number}"),
        }));

    /// <summary>Numbers the resources, and knows which have ended.</summary>
    private sealed class Lives
    {
        private int _begun;

        public ConcurrentQueue<int> Ended { get; } = [];

        public int Begin() => Interlocked.Increment(ref _begun);
    }

    /// <summary>Something that lives as long as its scope.</summary>
    private sealed class Resource(Lives lives) : IDisposable
    {
        public int Number { get; } = lives.Begin();

        public void Dispose() => lives.Ended.Enqueue(Number);
    }

    /// <summary>A model that asks for its tool, and then says which resource it was got with.</summary>
    private sealed class ToolUser(Resource resource) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default) =>
            GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            yield return messages.Any(message => message.Role == ChatRole.Tool)
                ? new ChatResponseUpdate(ChatRole.Assistant, $"model {resource.Number}")
                : new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("call-1", "look")]);
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
            // Its scope owns the resource.
        }
    }
}
