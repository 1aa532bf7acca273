using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Assistants;
using ActorRuns.Graphs;
using ActorRuns.Threads;

namespace ActorRuns.Runs;

/// <summary>Everything a caller asked of a run, as it is kept with it.</summary>
public sealed record RunRequest
{
    /// <summary>The metadata of a run of which nothing is said.</summary>
    public static ImmutableSortedDictionary<string, JsonElement> NoMetadata { get; } =
        ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal);

    /// <summary>The run's id, chosen before it is submitted; the same id submitted twice is one run.</summary>
    public required RunId RunId { get; init; }

    /// <summary>The configuration that is executed.</summary>
    public required AssistantId AssistantId { get; init; }

    /// <summary>The program behind the assistant.</summary>
    public required GraphId GraphId { get; init; }

    /// <summary>What it does to runs that have not ended.</summary>
    public MultitaskStrategy Strategy { get; init; } = MultitaskStrategy.Enqueue;

    /// <summary>Who said so.</summary>
    public StrategySource StrategyFrom { get; init; }

    /// <summary>True when the run at work is to hear the input at its next step; else it waits its turn.</summary>
    public bool Steers { get; init; }

    /// <summary>True when it steers, and tools that have not begun by then are not to begin.</summary>
    public bool SkipsTools { get; init; }

    /// <summary>True when its interrupt lets tools that are at work come to their end; it waits for them.</summary>
    public bool AfterTools { get; init; }

    /// <summary>How long it waits for others that belong to it; null for nothing. The decision settles it.</summary>
    public Debounce? Debounce { get; init; }

    /// <summary>The input as it came; undefined or null to go on from the state as it is.</summary>
    public JsonElement Input { get; init; }

    /// <summary>What to do instead of taking an input; null when there is none.</summary>
    public GraphCommand? Command { get; init; }

    /// <summary>Settings of this run alone, a JSON object (<c>configurable</c>, <c>tags</c>, <c>recursion_limit</c>).</summary>
    public JsonElement Config { get; init; }

    /// <summary>Values that nodes can read beside the state; undefined for none.</summary>
    public JsonElement Context { get; init; }

    /// <summary>What the caller wants to find the run by, with the assistant's and the thread's beneath.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Metadata { get; init; } = NoMetadata;

    /// <summary>What the run's stream tells.</summary>
    public StreamModes StreamModes { get; init; } = StreamModes.Values;

    /// <summary>True when the events of inner graphs are told too.</summary>
    public bool StreamSubgraphs { get; init; }

    /// <summary>True when the caller means to come back to the stream; every stream can be come back to here.</summary>
    public bool StreamResumable { get; init; }

    /// <summary>The nodes before which the run stops for a human; <c>*</c> for every node.</summary>
    public ImmutableArray<string> InterruptBefore { get; init; } = [];

    /// <summary>The nodes after which the run stops for a human; <c>*</c> for every node.</summary>
    public ImmutableArray<string> InterruptAfter { get; init; } = [];

    /// <summary>How long after its submission the run is due; zero for at once.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The older revision that the run goes on from; null for where the thread stands.</summary>
    public Checkpoint? Fork { get; init; }

    /// <summary>What makes the request one run when it is sent twice; null when only the run's id does.</summary>
    public Idempotency? Idempotency { get; init; }

    /// <summary>The address that is told when the run has ended; null for none.</summary>
    public Uri? Webhook { get; init; }

    /// <summary>What the caller means to collect feedback under; kept for it, and of no effect here.</summary>
    public ImmutableArray<string> FeedbackKeys { get; init; } = [];

    /// <summary>True when the thread was made for this run alone and is deleted with its end.</summary>
    public bool IsStateless { get; init; }

    /// <summary>
    /// How long it may take from its first start, as its <see cref="Config"/> says (<c>timeout_ms</c>); zero for as
    /// long as it likes, null for the server's habit.
    /// </summary>
    public TimeSpan? Timeout =>
        Config.ValueKind is JsonValueKind.Object
        && Config.TryGetProperty("timeout_ms", out var limit)
        && limit.ValueKind is JsonValueKind.Number
        && limit.TryGetInt32(out var milliseconds)
        && milliseconds >= 0
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;

    /// <summary>True when the run brings an input.</summary>
    public bool HasInput => Command is null && Input.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
}
