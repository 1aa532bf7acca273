using Akka.Configuration;

namespace ActorRuns.AspNetCore;

/// <summary>The limits of the API: the section <c>actorruns.http</c> of the configuration.</summary>
public sealed class ApiOptions
{
    /// <summary>The largest body of a request; more is answered with 413.</summary>
    /// <value>Default 32 MiB; from 1 KiB to 1 GiB.</value>
    public int MaxBodyBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>The largest metadata of a thread, run, assistant or cron, as JSON; more is answered with 422.</summary>
    /// <value>Default 64 KiB; from 256 bytes to 16 MiB.</value>
    public int MaxMetadataBytes { get; init; } = 64 * 1024;

    /// <summary>How many messages one input or update may bring; more are answered with 422.</summary>
    /// <value>Default 10,000; from 1 to 1,000,000.</value>
    public int MaxMessages { get; init; } = 10_000;

    /// <summary>How large the headers of a request may be together; more are answered with 431.</summary>
    /// <value>Default 32 KiB; from 1 KiB to 1 MiB.</value>
    public int MaxHeaderBytes { get; init; } = 32 * 1024;

    /// <summary>The silence of a stream or a wait that is broken by a sign of life.</summary>
    /// <value>Default 15 s, below the idle time-outs of the proxies and clients in use; from 100 ms to 10 min.</value>
    public TimeSpan HeartbeatEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a reader may take nothing of what waits for it before it is cut off.</summary>
    /// <value>Default 30 s; from 100 ms to 10 min.</value>
    public TimeSpan SlowReaderAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Reads the section.</summary>
    /// <exception cref="ConfigurationException">Values are out of bounds; the message names every one.</exception>
    public static ApiOptions From(Config config)
    {
        var faults = new List<string>();
        var (shortest, longest) = (TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10));
        var blank = new ApiOptions();
        var options = new ApiOptions
        {
            MaxBodyBytes = Number("max-body-bytes", blank.MaxBodyBytes, 1024, 1024 * 1024 * 1024),
            MaxMetadataBytes = Number("max-metadata-bytes", blank.MaxMetadataBytes, 256, 16 * 1024 * 1024),
            MaxMessages = Number("max-messages", blank.MaxMessages, 1, 1_000_000),
            MaxHeaderBytes = Number("max-header-bytes", blank.MaxHeaderBytes, 1024, 1024 * 1024),
            HeartbeatEvery = Time("heartbeat-every", blank.HeartbeatEvery),
            SlowReaderAfter = Time("slow-reader-after", blank.SlowReaderAfter),
        };
        return faults.Count is 0 ? options : throw new ConfigurationException(string.Join(Environment.NewLine, faults));

        int Number(string key, int defaultValue, int min, int max)
        {
            var value = config.GetInt($"actorruns.http.{key}", defaultValue);
            if (value < min || value > max)
                faults.Add($"actorruns.http.{key} is {value}; it must be from {min} to {max}.");
            return value;
        }

        TimeSpan Time(string key, TimeSpan defaultValue)
        {
            var value = config.GetTimeSpan($"actorruns.http.{key}", defaultValue);
            if (value < shortest || value > longest)
                faults.Add($"actorruns.http.{key} is {value}; it must be from {shortest} to {longest}.");
            return value;
        }
    }
}
