using ActorRuns.Models;
using Akka.Configuration;

namespace ActorRuns.Server.Hosting;

/// <summary>Reads which models there are: the section <c>actorruns.models</c>.</summary>
public static class ModelConfiguration
{
    private const string Section = "actorruns.models";

    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);

    /// <summary>Reads the section.</summary>
    /// <exception cref="ConfigurationException">Values are out of bounds; the message names every one.</exception>
    public static ModelOptions From(Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var faults = new List<string>();
        var plain = new ModelOptions();
        var options = new ModelOptions
        {
            Default = Text("default", plain.Default),
            Selectable = config.GetBoolean($"{Section}.selectable", plain.Selectable),
            Instructions = Text("instructions", plain.Instructions),
            AnswerTimeout = Time("answer-timeout", plain.AnswerTimeout, ShortestTimeout, TimeSpan.FromHours(1)),
            StallTimeout = Time("stall-timeout", plain.StallTimeout, ShortestTimeout, TimeSpan.FromHours(1)),
            MaxRetries = Number("max-retries", plain.MaxRetries, 0, 20),
            FirstRetryPause = Time("first-retry-pause", plain.FirstRetryPause, ShortestPause, TimeSpan.FromMinutes(1)),
            LastRetryPause = Time("last-retry-pause", plain.LastRetryPause, ShortestPause, TimeSpan.FromHours(1)),
            OpenAI = new OpenAIOptions
            {
                ApiKey = Text("openai.api-key", plain.OpenAI.ApiKey),
                BaseUrl = Text("openai.base-url", plain.OpenAI.BaseUrl),
                Model = Text("openai.model", plain.OpenAI.Model),
            },
            Anthropic = new AnthropicOptions
            {
                ApiKey = Text("anthropic.api-key", plain.Anthropic.ApiKey),
                BaseUrl = Text("anthropic.base-url", plain.Anthropic.BaseUrl),
                Model = Text("anthropic.model", plain.Anthropic.Model),
                MaxOutputTokens = Number(
                    "anthropic.max-output-tokens", plain.Anthropic.MaxOutputTokens, 1, 1_000_000),
            },
        };
        return faults.Count is 0 ? options : throw new ConfigurationException(string.Join(Environment.NewLine, faults));

        string Text(string key, string defaultValue) =>
            config.GetString($"{Section}.{key}", defaultValue) ?? defaultValue;

        TimeSpan Time(string key, TimeSpan defaultValue, TimeSpan min, TimeSpan max)
        {
            var value = config.GetTimeSpan($"{Section}.{key}", defaultValue);
            if (value < min || value > max)
                faults.Add($"{Section}.{key} is {value}; it must be from {min} to {max}.");
            return value;
        }

        int Number(string key, int defaultValue, int min, int max)
        {
            var value = config.GetInt($"{Section}.{key}", defaultValue);
            if (value < min || value > max)
                faults.Add($"{Section}.{key} is {value}; it must be from {min} to {max}.");
            return value;
        }
    }
}
