namespace ActorRuns.Models;

/// <summary>A model of a provider, written <c>openai:gpt-4.1-mini</c>.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Model">What the provider calls it.</param>
public readonly record struct ModelName(ModelProvider Provider, string Model)
{
    private const int MaxLength = 256;

    /// <summary>Reads a name; without a provider, <c>claude…</c> is Anthropic's and others are OpenAI's.</summary>
    /// <exception cref="ModelException">It is empty, too long, or names a provider that there is none of.</exception>
    public static ModelName Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxLength)
            throw Wrong($"A model's name has {text.Length} characters; at most {MaxLength} are taken.");

        var (prefix, model) = text.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0
            ? (text[..colon].Trim(), text[(colon + 1)..].Trim())
            : (null, text.Trim());
        if (model.Length is 0)
            throw Wrong($"'{text}' names no model; write openai:NAME or anthropic:NAME.");

        return new ModelName(
            prefix switch
            {
                "openai" => ModelProvider.OpenAI,
                "anthropic" => ModelProvider.Anthropic,
                null when model.StartsWith("claude", StringComparison.OrdinalIgnoreCase) => ModelProvider.Anthropic,
                null => ModelProvider.OpenAI,
                _ => throw Wrong(
                    $"'{text}' names the provider '{prefix}', which is not served; write openai:NAME (for every "
                    + "endpoint that speaks as OpenAI does) or anthropic:NAME."),
            },
            model);
    }

    /// <inheritdoc />
    public override string ToString() => $"{(Provider is ModelProvider.OpenAI ? "openai" : "anthropic")}:{Model}";

    private static ModelException Wrong(string message) => new(ModelFailure.Misconfigured, message);
}

/// <summary>Who runs models.</summary>
public enum ModelProvider
{
    /// <summary>OpenAI, or an endpoint that speaks as it does.</summary>
    OpenAI,

    /// <summary>Anthropic.</summary>
    Anthropic,
}
