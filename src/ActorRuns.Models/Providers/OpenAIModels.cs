using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using ActorRuns.Agents;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;

namespace ActorRuns.Models.Providers;

/// <summary>The models of an OpenAI-compatible endpoint, by the official client.</summary>
internal sealed class OpenAIModels : IDisposable
{
    // Endpoints that need no key want the header all the same.
    private const string NoKey = "none";

    private readonly OpenAIOptions _options;
    private readonly HttpClient _http;
    private readonly OpenAIClient _client;

    /// <param name="options">Where the endpoint is.</param>
    /// <param name="http">Ours to dispose.</param>
    public OpenAIModels(OpenAIOptions options, HttpClient http)
    {
        _options = options;
        _http = http;
        _client = new OpenAIClient(
            new ApiKeyCredential(options.ApiKey is { Length: > 0 } key ? key : NoKey),
            new OpenAIClientOptions
            {
                Endpoint = new Uri(options.BaseUrl),
                NetworkTimeout = Timeout.InfiniteTimeSpan, // Ours are finer.
                RetryPolicy = new ClientRetryPolicy(maxRetries: 0), // Ours is the same for all providers.
                Transport = new HttpClientPipelineTransport(http),
            });
    }

    public IChatClient Get(ModelName name) => new ModelClient(
        _client.GetChatClient(name.Model).AsIChatClient(),
        name,
        new ProviderFailures(name, _options.ApiKey, _options.BaseUrl, "OPENAI_API_KEY"),
        Deltas);

    public void Dispose() => _http.Dispose();

    private static IEnumerable<ToolCallDeltaContent> Deltas(ChatResponseUpdate update)
    {
        if (update.RawRepresentation is not StreamingChatCompletionUpdate raw)
            return [];

        ThrowOnError(raw);
        return raw.ToolCallUpdates.Select(call => new ToolCallDeltaContent(
            call.Index,
            call.ToolCallId is { Length: > 0 } id ? id : null,
            call.FunctionName is { Length: > 0 } function ? function : null,
            call.FunctionArgumentsUpdate?.ToString() ?? string.Empty));
    }

    /// <summary>
    /// The client passes over an error that comes instead of a piece, so that the answer would just end.
    /// </summary>
    private static void ThrowOnError(StreamingChatCompletionUpdate raw)
    {
        if (raw.CompletionId is { Length: > 0 })
            return;

        using var json = JsonDocument.Parse(ModelReaderWriter.Write(raw));
        if (json.RootElement.TryGetProperty("error", out var error))
            throw new ModelException(ModelFailure.ProviderFailed, $"It failed in the middle of its answer: {error}");
    }
}
