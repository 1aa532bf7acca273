using System.Text.Json;
using ActorRuns.Models.Http;
using ActorRuns.Models.Providers;
using ActorRuns.Runs;
using Microsoft.Extensions.AI;

namespace ActorRuns.Models;

/// <summary>
/// The models that runs can ask. The chat clients it gives out share its connections; they hold nothing and need not be
/// disposed, the catalog must be, when nothing asks any more.
/// </summary>
public sealed class ModelCatalog : IDisposable
{
    /// <summary>The setting of a run, in <c>config.configurable</c>, that chooses its model.</summary>
    public const string Setting = "model";

    private readonly ModelOptions _options;
    private readonly OpenAIModels? _openAI;
    private readonly AnthropicModels? _anthropic;

    /// <summary>Makes the catalog; asks nobody yet.</summary>
    /// <param name="options">Which models there are.</param>
    /// <param name="time">The clock of timeouts and pauses.</param>
    /// <exception cref="ModelException">The options say what cannot be; the message names every fault.</exception>
    public ModelCatalog(ModelOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ThrowOnFaults(options);
        _options = options;
        if (options.OpenAI.IsConfigured)
            _openAI = new OpenAIModels(options.OpenAI, ModelHttp.NewClient(options, time));
        if (options.Anthropic.IsConfigured)
            _anthropic = new AnthropicModels(options.Anthropic, ModelHttp.NewClient(options, time));
        Default = options.Default.Length > 0 ? ModelName.Parse(options.Default)
            : _openAI is not null ? new ModelName(ModelProvider.OpenAI, options.OpenAI.Model)
            : _anthropic is not null ? new ModelName(ModelProvider.Anthropic, options.Anthropic.Model)
            : null;
        if (Default is { } name)
            Get(name); // A default that cannot be asked is told now, not by the first run.
    }

    /// <summary>The model of runs that choose none; null when no provider is configured.</summary>
    public ModelName? Default { get; }

    /// <summary>The model that a run chooses by its setting <see cref="Setting"/>, or the default one.</summary>
    /// <param name="settings">The run's settings.</param>
    /// <exception cref="ModelException">The choice is none, or its provider is not configured.</exception>
    public IChatClient For(RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var chosen = settings[Setting];
        return chosen.ValueKind switch
        {
            JsonValueKind.Undefined or JsonValueKind.Null => Get(Default ?? throw Wrong(
                "No model is configured: set OPENAI_API_KEY, OPENAI_BASE_URL or ANTHROPIC_API_KEY.")),
            JsonValueKind.String => Chosen(ModelName.Parse(settings.GetString(Setting)!)), // It is text.
            _ => throw Wrong($"configurable.{Setting} must be a text such as openai:gpt-4.1-mini."),
        };
    }

    /// <summary>The chat client of a model.</summary>
    /// <exception cref="ModelException">Its provider is not configured.</exception>
    public IChatClient Get(ModelName name) => name.Provider switch
    {
        ModelProvider.OpenAI =>
            _openAI?.Get(name) ?? throw NoKey(name, "OPENAI_API_KEY (or OPENAI_BASE_URL)", "openai"),
        _ => _anthropic?.Get(name) ?? throw NoKey(name, "ANTHROPIC_API_KEY", "anthropic"),
    };

    /// <inheritdoc />
    public void Dispose()
    {
        _openAI?.Dispose();
        _anthropic?.Dispose();
    }

    private IChatClient Chosen(ModelName name) => _options.Selectable || name == Default
        ? Get(name)
        : throw Wrong($"This run asks for {name}, but runs may not choose their model here.");

    private static void ThrowOnFaults(ModelOptions options)
    {
        var faults = new List<string>();
        CheckUrl("actorruns.models.openai.base-url (OPENAI_BASE_URL)", options.OpenAI.BaseUrl);
        CheckUrl("actorruns.models.anthropic.base-url (ANTHROPIC_BASE_URL)", options.Anthropic.BaseUrl);
        CheckKey("actorruns.models.openai.api-key (OPENAI_API_KEY)", options.OpenAI.ApiKey);
        CheckKey("actorruns.models.anthropic.api-key (ANTHROPIC_API_KEY)", options.Anthropic.ApiKey);
        CheckText("actorruns.models.openai.model (OPENAI_MODEL)", options.OpenAI.Model);
        CheckText("actorruns.models.anthropic.model (ANTHROPIC_MODEL)", options.Anthropic.Model);
        if (faults.Count > 0)
            throw Wrong(string.Join(Environment.NewLine, faults));

        void CheckUrl(string key, string url)
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
                faults.Add($"{key} is '{url}'; it must be an address such as {OpenAIOptions.PublicUrl}.");
        }

        void CheckKey(string key, string value)
        {
            // Not told: it is a secret, however wrong.
            if (value.Any(c => c is <= ' ' or > '~'))
                faults.Add($"{key} has characters that no key has, such as a space or a line's end.");
        }

        void CheckText(string key, string value)
        {
            if (string.IsNullOrWhiteSpace(value))
                faults.Add($"{key} is empty; it must be a model's name.");
        }
    }

    private static ModelException NoKey(ModelName name, string variable, string section) => Wrong(
        $"{name} cannot be asked without a key: set {variable}, or actorruns.models.{section}.api-key.");

    private static ModelException Wrong(string message) => new(ModelFailure.Misconfigured, message);
}
