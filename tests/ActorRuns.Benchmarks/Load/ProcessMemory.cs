using System.Globalization;

namespace ActorRuns.Benchmarks.Load;

/// <summary>What processes hold in memory, as Linux tells it.</summary>
internal static class ProcessMemory
{
    private const string Field = "VmRSS:";

    /// <summary>The resident memory of a process and all that it started, in MiB.</summary>
    public static double OfTree(int processId) => ProcessTree.Sum(processId, Of) / 1024.0;

    private static double Of(int processId)
    {
        var line = File.ReadLines($"/proc/{processId}/status")
            .FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line[Field.Length..].Replace("kB", ""), CultureInfo.InvariantCulture);
    }
}
