using ActorRuns.Json;
using ActorRuns.Runs;

namespace ActorRuns.AspNetCore.Requests;

/// <summary>Reads the names of stream modes.</summary>
internal static class StreamModeReader
{
    /// <summary>What a stream tells when nobody says.</summary>
    public const StreamModes Default = StreamModes.Values;

    /// <summary>What was expected, when a name is not known.</summary>
    public static string Expected { get; } = $"one or a list of {string.Join(", ", Names)}";

    private static IEnumerable<string> Names => JsonNames.All<StreamModes>().Where(name => name is not "none");

    /// <summary>Adds up the modes; null when one of the names is not known.</summary>
    public static StreamModes? Read(IEnumerable<string> names)
    {
        var modes = StreamModes.None;
        foreach (var name in names)
        {
            if (!JsonNames.TryRead<StreamModes>(name, out var mode) || mode is StreamModes.None)
                return null;
            modes |= mode;
        }

        return modes;
    }
}
