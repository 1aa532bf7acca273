using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Runs;

namespace ActorRuns.Threads;

/// <summary>
/// How long a message waits for others that belong to it: what its run says, else its assistant, its thread, or the
/// server.
/// </summary>
internal static class DebounceRule
{
    private const string Quiet = "actorruns_debounce_ms";
    private const string AtMost = "actorruns_debounce_max_ms";

    /// <summary>What counts for a request; null when it waits for nothing.</summary>
    /// <param name="request">The request, its settings laid over those of its assistant.</param>
    /// <param name="thread">The metadata of its thread.</param>
    /// <param name="policy">What the server does when nobody says anything.</param>
    public static Debounce? Of(
        RunRequest request, ImmutableSortedDictionary<string, JsonElement> thread, ThreadPolicy policy)
    {
        if (!request.HasInput || request.Delay > TimeSpan.Zero || request.Fork is not null)
            return null;

        var settings = Property(request.Config, "configurable");
        var quiet = Read(Property(settings, Quiet)) ?? Read(thread.GetValueOrDefault(Quiet)) ?? policy.DebounceQuiet;
        var atMost =
            Read(Property(settings, AtMost)) ?? Read(thread.GetValueOrDefault(AtMost)) ?? policy.DebounceAtMost;
        return quiet > TimeSpan.Zero ? new Debounce(quiet, quiet > atMost ? quiet : atMost) : null;
    }

    private static TimeSpan? Read(JsonElement value) =>
        value.ValueKind is JsonValueKind.Number
        && value.TryGetDouble(out var milliseconds)
        && milliseconds is >= 0 and <= int.MaxValue
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;

    private static JsonElement Property(JsonElement map, string name) =>
        map.ValueKind is JsonValueKind.Object && map.TryGetProperty(name, out var value) ? value : default;
}
