using System.Globalization;

namespace ActorRuns.Benchmarks.Load;

/// <summary>What processes hold in memory, as Linux tells it.</summary>
internal static class ProcessMemory
{
    /// <summary>The resident memory of a process and all that it started, in MiB.</summary>
    public static double OfTree(int processId)
    {
        var parents = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .ToLookup(id => Field(id, "PPid:"));
        return Sum(processId) / 1024.0;

        long Sum(int id) => Field(id, "VmRSS:") + parents[id].Sum(Sum);
    }

    private static long Field(int processId, string name)
    {
        try
        {
            var line = File.ReadLines($"/proc/{processId}/status")
                .FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line[name.Length..].Replace("kB", ""), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // It ended while we looked.
        }
    }
}
