using System.Collections.Immutable;
using System.Text.Json;

namespace ActorRuns.Runs;

/// <summary>What is to be different about a run that waits for its turn; what is null stays.</summary>
public sealed record RunEdit
{
    /// <summary>Another input, which takes the place of a command as well; a JSON null for none.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>Another command, which takes the place of the input.</summary>
    public GraphCommand? Command { get; init; }

    /// <summary>Other settings, whole.</summary>
    public JsonElement? Config { get; init; }

    /// <summary>Other values to read beside the state, whole.</summary>
    public JsonElement? Context { get; init; }

    /// <summary>The keys of the metadata to set; the others stay.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Metadata { get; init; } = RunRequest.NoMetadata;

    /// <summary>What the run's stream is to tell.</summary>
    public StreamModes? StreamModes { get; init; }

    /// <summary>The nodes to stop before.</summary>
    public ImmutableArray<string>? InterruptBefore { get; init; }

    /// <summary>The nodes to stop after.</summary>
    public ImmutableArray<string>? InterruptAfter { get; init; }

    /// <summary>What the caller means to collect feedback under.</summary>
    public ImmutableArray<string>? FeedbackKeys { get; init; }

    /// <summary>How long after the edit the run is due.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>What is asked of a run once it is edited.</summary>
    public RunRequest ApplyTo(RunRequest request) => request with
    {
        Input = Input is { } input ? OrNone(input) : Command is null ? request.Input : default,
        Command = Command ?? (Input is null ? request.Command : null),
        Config = Config ?? request.Config,
        Context = Context ?? request.Context,
        Metadata = request.Metadata.SetItems(Metadata),
        StreamModes = StreamModes ?? request.StreamModes,
        InterruptBefore = InterruptBefore ?? request.InterruptBefore,
        InterruptAfter = InterruptAfter ?? request.InterruptAfter,
        FeedbackKeys = FeedbackKeys ?? request.FeedbackKeys,
        Delay = Delay ?? request.Delay,
    };

    private static JsonElement OrNone(JsonElement input) => input.ValueKind is JsonValueKind.Null ? default : input;
}
