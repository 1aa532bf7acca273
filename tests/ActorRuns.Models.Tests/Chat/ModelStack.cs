using System.Collections.Immutable;
using System.Text.Json;
using System.Text;
using ActorRuns.Agents;
using ActorRuns.Graphs;
using ActorRuns.Hosting;
using ActorRuns.Messages;
using ActorRuns.Models.Tests.Providers;
using ActorRuns.Runs;
using ActorRuns.Streams;
using ActorRuns.Threads;
using Akka.Actor;
using Akka.Configuration;
using Microsoft.Extensions.AI;
using Xunit;

namespace ActorRuns.Models.Tests.Chat;

/// <summary>
/// The whole stack but its HTTP front: a runtime, a chat agent, the official clients and a fake provider.
/// </summary>
public sealed class ModelStack : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private const string Hocon = """
        akka {
            loglevel = OFF
            stdout-loglevel = OFF
            persistence.journal.plugin = "akka.persistence.journal.inmem"
            persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        }
        """;

    private static readonly ImmutableSortedDictionary<string, JsonElement> NoMetadata =
        ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal);

    private readonly ActorRunsRuntime _runtime;
    private readonly ModelCatalog _models;

    private ModelStack(ActorRunsRuntime runtime, ModelCatalog models, FakeProvider provider)
    {
        _runtime = runtime;
        _models = models;
        Provider = provider;
    }

    public FakeProvider Provider { get; }

    public static async Task<ModelStack> StartAsync(
        string provider, IReadOnlyList<AITool>? tools = null, Func<ModelOptions, ModelOptions>? change = null)
    {
        var fake = await StartProviderAsync(provider);
        var options = OptionsFor(fake);
        var models = new ModelCatalog(change?.Invoke(options) ?? options, TimeProvider.System);
        var graph = ChatAgent.Create("agent", context => models.For(context.Settings), new() { Tools = tools ?? [] });
        var runtime = await ActorRunsRuntime.StartAsync(
            ConfigurationFactory.ParseString(Hocon),
            new GraphRegistry(graph),
            RuntimeStores.InMemory(TimeProvider.System),
            TimeProvider.System,
            CancellationToken.None);
        return new ModelStack(runtime, models, fake);
    }

    public static async Task<FakeProvider> StartProviderAsync(string provider)
    {
        FakeProvider fake = provider is "openai" ? new FakeOpenAI() : new FakeAnthropic();
        await fake.StartAsync();
        return fake;
    }

    /// <summary>Options with the provider's address and key, and pauses that no test waits for.</summary>
    public static ModelOptions OptionsFor(FakeProvider provider) => new()
    {
        FirstRetryPause = TimeSpan.FromMilliseconds(10),
        LastRetryPause = TimeSpan.FromSeconds(30),
        OpenAI = provider is FakeOpenAI openAI
            ? new OpenAIOptions { ApiKey = FakeProvider.Key, BaseUrl = openAI.BaseUrl, Model = FakeOpenAI.Model }
            : new OpenAIOptions(),
        Anthropic = provider is FakeAnthropic
            ? new() { ApiKey = FakeProvider.Key, BaseUrl = provider.Address, Model = FakeAnthropic.Model }
            : new AnthropicOptions(),
    };

    public async Task<ThreadId> NewThreadAsync()
    {
        var thread = _runtime.Ids.NewThreadId();
        await AskAsync<ThreadRead>(new BeginThread(thread, NoMetadata, MayExist: false));
        return thread;
    }

    /// <summary>Submits a run that says something.</summary>
    public async Task<RunAccepted> SayAsync(
        ThreadId thread,
        string text,
        MultitaskStrategy strategy = MultitaskStrategy.Enqueue,
        object? configurable = null,
        int recursionLimit = RunSettings.DefaultRecursionLimit)
    {
        var agent = await _runtime.Assistants.FindAsync("agent", CancellationToken.None);
        var request = new RunRequest
        {
            RunId = _runtime.Ids.NewRunId(),
            AssistantId = agent!.Id, // Each graph has its own.
            GraphId = agent.GraphId,
            Strategy = strategy,
            Input = JsonSerializer.SerializeToElement(
                new { messages = new[] { new { role = "human", content = text } } }),
            Config = JsonSerializer.SerializeToElement(
                new { recursion_limit = recursionLimit, configurable = configurable ?? new { } }),
            StreamModes = StreamModes.MessagesTuple,
        };
        return await AskAsync<RunAccepted>(new SubmitRun(thread, request, agent.Metadata, CreatesThread: false));
    }

    /// <summary>How a run ends.</summary>
    public async Task<RunLedger> EndOfAsync(ThreadId thread, RunAccepted run)
    {
        var stream = (await AskAsync<StreamOpened>(new OpenStream(thread, run.Run.Id))).Stream;
        return (await stream.Outcome.WaitAsync(Patience)).Run!; // Nothing is rolled back here.
    }

    /// <summary>What a run that is over streamed as messages.</summary>
    public async Task<List<JsonElement>> ChunksOfAsync(ThreadId thread, RunAccepted run)
    {
        var stream = run.Stream ?? (await AskAsync<StreamOpened>(new OpenStream(thread, run.Run.Id))).Stream;
        var chunks = new List<JsonElement>();
        await foreach (var frame in stream.ReadAsync(FrameId.Origin, CancellationToken.None))
        {
            if (frame.Event.StartsWith("messages", StringComparison.Ordinal))
                chunks.Add(JsonElement.Parse(frame.Data.Span)[0]);
        }

        return chunks;
    }

    /// <summary>Returns when a run has streamed this text.</summary>
    public static async Task ToldAsync(RunAccepted run, string text)
    {
        using var late = new CancellationTokenSource(Patience);
        await foreach (var frame in run.Stream!.ReadAsync(FrameId.Origin, late.Token)) // The run was just accepted.
        {
            if (Encoding.UTF8.GetString(frame.Data.Span).Contains($"\"content\":\"{text}\"", StringComparison.Ordinal))
                return;
        }

        Assert.Fail($"The run ended without '{text}'.");
    }

    public async Task<IReadOnlyList<Message>> MessagesAsync(ThreadId thread) =>
        (await AskAsync<ThreadRead>(new ReadThread(thread))).Ledger
            .Position.Values.MessagesOf(Channels.Messages).Messages;

    /// <summary>The transcript as words: <c>human: hi</c>, <c>ai: hello</c>, <c>tool error: …</c>.</summary>
    public async Task<string[]> TranscriptAsync(ThreadId thread) =>
    [
        .. (await MessagesAsync(thread)).Select(message =>
            $"{message.Type}{(message.Status is ToolStatus.Error ? " error" : "")}: {message.Text}"),
    ];

    /// <summary>Asks, and returns why the run failed.</summary>
    public async Task<RunCause.Failed> FailureOfAsync(string text, object? configurable = null)
    {
        var thread = await NewThreadAsync();
        var run = await EndOfAsync(thread, await SayAsync(thread, text, configurable: configurable));
        return Assert.IsType<RunCause.Failed>(run.Cause);
    }

    public async ValueTask DisposeAsync()
    {
        await _runtime.DisposeAsync();
        _models.Dispose();
        await Provider.DisposeAsync();
    }

    private async Task<T> AskAsync<T>(IThreadMessage message) =>
        Assert.IsType<T>(await _runtime.Threads.Ask<object>(message, Patience));
}
