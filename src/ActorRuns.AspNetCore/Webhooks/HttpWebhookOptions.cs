using System.Text;
using Akka.Configuration;

namespace ActorRuns.AspNetCore.Webhooks;

/// <summary>How webhooks are called: of the section <c>actorruns.webhooks</c>, what only HTTP needs to know.</summary>
public sealed class HttpWebhookOptions
{
    private const string Base64Secret = "whsec_";

    /// <summary>
    /// What calls are signed with; empty for no signature. After <c>whsec_</c> it is read as Base64, else as it is.
    /// </summary>
    /// <value>Default empty.</value>
    public string Secret { get; init; } = string.Empty;

    /// <summary>True when addresses may be called that only this machine or its network can reach.</summary>
    /// <value>Default false.</value>
    public bool AllowPrivate { get; init; }

    /// <summary>How long a call may take, from the look-up of its name to the answer's status.</summary>
    /// <value>Default 10 s; from 100 ms to 5 min.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The key of signatures; null when there is no secret.</summary>
    /// <exception cref="FormatException">What follows <c>whsec_</c> is no Base64.</exception>
    internal byte[]? Key => Secret.Length is 0 ? null
        : Secret.StartsWith(Base64Secret, StringComparison.Ordinal)
            ? Convert.FromBase64String(Secret[Base64Secret.Length..])
        : Encoding.UTF8.GetBytes(Secret);

    /// <summary>Reads the section.</summary>
    /// <exception cref="ConfigurationException">Values are out of bounds; the message names every one.</exception>
    public static HttpWebhookOptions From(Config config)
    {
        var options = new HttpWebhookOptions
        {
            Secret = config.GetString("actorruns.webhooks.secret", string.Empty),
            AllowPrivate = config.GetBoolean("actorruns.webhooks.allow-private", false),
            Timeout = config.GetTimeSpan("actorruns.webhooks.timeout", TimeSpan.FromSeconds(10)),
        };
        var faults = new List<string>();
        var (min, max) = (TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
        if (options.Timeout < min || options.Timeout > max)
            faults.Add($"actorruns.webhooks.timeout is {options.Timeout}; it must be from {min} to {max}.");
        try
        {
            _ = options.Key;
        }
        catch (FormatException)
        {
            faults.Add($"actorruns.webhooks.secret begins with {Base64Secret}; what follows must be Base64.");
        }

        return faults.Count is 0 ? options : throw new ConfigurationException(string.Join(Environment.NewLine, faults));
    }
}
