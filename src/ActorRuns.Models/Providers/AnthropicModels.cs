using ActorRuns.Agents;
using Anthropic;
using Anthropic.Core;
using Anthropic.Models.Messages;
using Microsoft.Extensions.AI;

namespace ActorRuns.Models.Providers;

/// <summary>Anthropic's models, by the official client.</summary>
internal sealed class AnthropicModels : IDisposable
{
    // The client's own timeout cannot be switched off; ours are finer.
    private static readonly TimeSpan LongerThanAnyAnswer = TimeSpan.FromDays(1);

    private readonly AnthropicOptions _options;
    private readonly HttpClient _http;
    private readonly AnthropicClient _client;

    /// <param name="options">Where the endpoint is.</param>
    /// <param name="http">Ours to dispose.</param>
    public AnthropicModels(AnthropicOptions options, HttpClient http)
    {
        _options = options;
        _http = http;
        _client = new AnthropicClient(new ClientOptions
        {
            ApiKey = options.ApiKey,
            BaseUrl = options.BaseUrl.TrimEnd('/'),
            HttpClient = http,
            MaxRetries = 0, // Ours are the same for all providers.
            Timeout = LongerThanAnyAnswer,
        });
    }

    public IChatClient Get(ModelName name) => new ModelClient(
        _client.AsIChatClient(name.Model, _options.MaxOutputTokens),
        name,
        new ProviderFailures(name, _options.ApiKey, _options.BaseUrl, "ANTHROPIC_API_KEY"),
        Deltas);

    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
    }

    private static IEnumerable<ToolCallDeltaContent> Deltas(ChatResponseUpdate update)
    {
        if (update.RawRepresentation is not RawMessageStreamEvent streamed)
            yield break;

        if (streamed.TryPickContentBlockStart(out var start) && start.ContentBlock.TryPickToolUse(out var call))
            yield return new ToolCallDeltaContent((int)start.Index, call.ID, call.Name, string.Empty);
        else if (streamed.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickInputJson(out var json))
            yield return new ToolCallDeltaContent((int)delta.Index, callId: null, name: null, json.PartialJson);
    }
}
