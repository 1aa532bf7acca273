using Akka.Configuration;
using ActorRuns.Cluster;
using ActorRuns.Json;
using ActorRuns.Runs;
using ActorRuns.Threads;
using ActorRuns.Webhooks;

namespace ActorRuns.Hosting;

/// <summary>The settings of the runtime: the section <c>actorruns</c> of the configuration, read once at start.</summary>
public sealed class RuntimeOptions
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);

    /// <summary>Silence after which an idle thread gives its memory back.</summary>
    /// <value>Default 2 min; from 1 s to 1 day.</value>
    public TimeSpan PassivateAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a caller who waits for a run to stop waits for work that ignores its cancellation.</summary>
    /// <value>Default 5 s; from 0 to 10 min.</value>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the stream of a run that has ended is kept with its tokens.</summary>
    /// <value>Default 2 min; from 0 to 1 day.</value>
    public TimeSpan StreamRetention { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long the stream of a run that has ended is kept if it has no tokens: the journal tells all of it again, so
    /// this is for those who join right after the end.
    /// </summary>
    /// <value>Default 10 s; from 0 to 1 day.</value>
    public TimeSpan RecordedStreamRetention { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many frames of a run's stream are kept; beyond it the oldest tokens are dropped.</summary>
    /// <value>Default 10,000; from 100 to 1,000,000.</value>
    public int StreamMaxFrames { get; init; } = 10_000;

    /// <summary>How many messages wait for a thread that is starting or stopping before more are refused.</summary>
    /// <value>Default 1,000; from 1 to 1,000,000.</value>
    public int MaxWaiting { get; init; } = 1_000;

    /// <summary>How often webhooks are told what they do not take.</summary>
    public WebhookOptions Webhooks { get; init; } = new();

    /// <summary>
    /// After how many facts a thread is saved as a snapshot; one with many messages or runs less often, so that saving
    /// costs about the same for each fact, however large it is.
    /// </summary>
    /// <value>Default 1,000; from 1 to 1,000,000.</value>
    public int SnapshotEvery { get; init; } = 1_000;

    /// <summary>How members share the threads.</summary>
    public ClusterOptions Cluster { get; init; } = new();

    /// <summary>What a run does to those that have not ended, when neither it nor its assistant says so.</summary>
    /// <value>Default enqueue.</value>
    public MultitaskStrategy Strategy { get; init; } = MultitaskStrategy.Enqueue;

    /// <summary>The limits and habits of threads.</summary>
    public ThreadPolicy Policy { get; init; } = new();

    /// <summary>Reads the section <c>actorruns</c>.</summary>
    /// <exception cref="ConfigurationException">Values are out of their bounds; the message names every one.</exception>
    public static RuntimeOptions From(Config config)
    {
        var faults = new List<string>();
        var options = new RuntimeOptions
        {
            PassivateAfter = Time("passivate-after", TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
            StopGrace = Time("stop-grace", TimeSpan.FromSeconds(5), TimeSpan.Zero, TimeSpan.FromMinutes(10)),
            StreamRetention = Time("streams.retention", TimeSpan.FromMinutes(2), TimeSpan.Zero, TimeSpan.FromDays(1)),
            RecordedStreamRetention = Time(
                "streams.recorded-retention", TimeSpan.FromSeconds(10), TimeSpan.Zero, TimeSpan.FromDays(1)),
            StreamMaxFrames = Number("streams.max-frames", 10_000, 100, 1_000_000),
            MaxWaiting = Number("max-waiting", 1_000, 1, 1_000_000),
            Strategy = Name("runs.multitask-strategy", MultitaskStrategy.Enqueue),
            Webhooks = new WebhookOptions
            {
                MaxAttempts = Number("webhooks.max-attempts", 8, 1, 100),
                FirstPause = Time(
                    "webhooks.first-pause", TimeSpan.FromSeconds(1), ShortestPause, TimeSpan.FromHours(1)),
                LastPause = Time(
                    "webhooks.last-pause", TimeSpan.FromMinutes(5), ShortestPause, TimeSpan.FromDays(1)),
            },
            Cluster = new ClusterOptions
            {
                Address = config.GetString("actorruns.cluster.address", ""),
                Ttl = Time("cluster.ttl", TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
                Drain = Time("cluster.drain", TimeSpan.FromSeconds(20), TimeSpan.Zero, TimeSpan.FromMinutes(10)),
                MoveWait = Time("cluster.move-wait", TimeSpan.FromSeconds(15), TimeSpan.Zero, TimeSpan.FromMinutes(10)),
            },
            SnapshotEvery = Number("snapshots.every", 1_000, 1, 1_000_000),
            Policy = new ThreadPolicy
            {
                MaxAttempts = Number("runs.max-attempts", 3, 1, 1_000),
                RunTimeout = Time("runs.timeout", TimeSpan.FromHours(1), TimeSpan.Zero, TimeSpan.FromDays(366)),
                DebounceQuiet = Time("runs.debounce", TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromHours(1)),
                DebounceAtMost = Time(
                    "runs.debounce-max", TimeSpan.FromSeconds(10), TimeSpan.Zero, TimeSpan.FromHours(1)),
                CloseToolCalls = config.GetBoolean("actorruns.interrupt.close-tool-calls", true),
                KeepPartialText = config.GetBoolean("actorruns.interrupt.keep-partial-text", true),
            },
        };
        return faults.Count is 0 ? options : throw new ConfigurationException(string.Join(Environment.NewLine, faults));

        TimeSpan Time(string key, TimeSpan defaultValue, TimeSpan min, TimeSpan max)
        {
            var value = config.GetTimeSpan($"actorruns.{key}", defaultValue);
            if (value < min || value > max)
                faults.Add($"actorruns.{key} is {value}; it must be from {min} to {max}.");
            return value;
        }

        T Name<T>(string key, T defaultValue) where T : struct, Enum
        {
            var name = config.GetString($"actorruns.{key}", JsonNames.Of(defaultValue));
            if (JsonNames.TryRead<T>(name, out var value))
                return value;
            faults.Add($"actorruns.{key} is {name}; it must be one of {string.Join(", ", JsonNames.All<T>())}.");
            return defaultValue;
        }

        int Number(string key, int defaultValue, int min, int max)
        {
            var value = config.GetInt($"actorruns.{key}", defaultValue);
            if (value < min || value > max)
                faults.Add($"actorruns.{key} is {value}; it must be from {min} to {max}.");
            return value;
        }
    }
}
