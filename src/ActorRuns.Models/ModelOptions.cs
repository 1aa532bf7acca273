namespace ActorRuns.Models;

/// <summary>Which models there are, and how patiently they are asked.</summary>
public sealed class ModelOptions
{
    /// <summary>
    /// The model of runs that choose none, such as <c>openai:gpt-4.1-mini</c>; empty for the model of the first
    /// provider that is configured, OpenAI before Anthropic.
    /// </summary>
    /// <value>Default empty.</value>
    public string Default { get; init; } = string.Empty;

    /// <summary>True when a run may choose another model by <c>config.configurable.model</c>.</summary>
    /// <value>Default true.</value>
    public bool Selectable { get; init; } = true;

    /// <summary>What every model is told before a conversation, by the agent that the server makes of it.</summary>
    /// <value>Default <c>You are a helpful assistant.</c></value>
    public string Instructions { get; init; } = "You are a helpful assistant.";

    /// <summary>How long a provider may take until it begins to answer, for each try.</summary>
    /// <value>Default 2 min; from 100 ms to 1 h.</value>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long an answer that has begun may be silent.</summary>
    /// <value>Default 1 min; from 100 ms to 1 h.</value>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How often a request is sent again that was refused for now (408, 409, 429, 5xx) or that found nobody. An answer
    /// that has begun is never asked for again: readers have seen it.
    /// </summary>
    /// <value>Default 3; from 0 to 20.</value>
    public int MaxRetries { get; init; } = 3;

    /// <summary>
    /// The pause before the first retry; each further one is twice as long, and all are shortened at random.
    /// </summary>
    /// <value>Default 500 ms; from 10 ms to 1 min.</value>
    public TimeSpan FirstRetryPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The longest pause. A provider that asks for a longer one, by <c>Retry-After</c>, is not asked again: the run
    /// fails and says so.
    /// </summary>
    /// <value>Default 30 s; from 10 ms to 1 h.</value>
    public TimeSpan LastRetryPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>OpenAI, or an endpoint that speaks as it does.</summary>
    public OpenAIOptions OpenAI { get; init; } = new();

    /// <summary>Anthropic.</summary>
    public AnthropicOptions Anthropic { get; init; } = new();
}

/// <summary>OpenAI, or an endpoint that speaks as it does: Azure, Ollama, vLLM, llama.cpp.</summary>
public sealed class OpenAIOptions
{
    /// <summary>Where OpenAI itself is.</summary>
    public const string PublicUrl = "https://api.openai.com/v1";

    /// <summary>The key; another endpoint than OpenAI's own may need none.</summary>
    /// <value>Default empty.</value>
    public string ApiKey { get; init; } = string.Empty;

    /// <summary>Where the API is, its version included, such as <c>http://127.0.0.1:11434/v1</c>.</summary>
    /// <value>Default <see cref="PublicUrl"/>.</value>
    public string BaseUrl { get; init; } = PublicUrl;

    /// <summary>The model of runs that choose this provider by default.</summary>
    /// <value>Default <c>gpt-4.1-mini</c>.</value>
    public string Model { get; init; } = "gpt-4.1-mini";

    /// <summary>True when it can be asked: there is a key, or an endpoint that may need none.</summary>
    internal bool IsConfigured => ApiKey.Length > 0 || BaseUrl != PublicUrl;
}

/// <summary>Anthropic.</summary>
public sealed class AnthropicOptions
{
    /// <summary>Where Anthropic itself is.</summary>
    public const string PublicUrl = "https://api.anthropic.com";

    /// <summary>The key.</summary>
    /// <value>Default empty.</value>
    public string ApiKey { get; init; } = string.Empty;

    /// <summary>Where the API is, without its version.</summary>
    /// <value>Default <see cref="PublicUrl"/>.</value>
    public string BaseUrl { get; init; } = PublicUrl;

    /// <summary>The model of runs that choose this provider by default.</summary>
    /// <value>Default <c>claude-sonnet-4-5</c>.</value>
    public string Model { get; init; } = "claude-sonnet-4-5";

    /// <summary>The longest answer in tokens, which Anthropic wants to be told; a request's own wins.</summary>
    /// <value>Default 8192; from 1 to 1,000,000.</value>
    public int MaxOutputTokens { get; init; } = 8192;

    /// <summary>True when it can be asked.</summary>
    internal bool IsConfigured => ApiKey.Length > 0;
}
