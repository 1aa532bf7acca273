using System.Globalization;

namespace ActorRuns.Benchmarks.Load;

/// <summary>A process and all that it started, as Linux tells it.</summary>
internal static class ProcessTree
{
    /// <summary>Adds up what is said of each of them.</summary>
    public static double Sum(int processId, Func<int, double> of)
    {
        var parents = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .ToLookup(ParentOf);
        return SumOf(processId);

        double SumOf(int id) => Safe(id, of) + parents[id].Sum(SumOf);
    }

    private static int ParentOf(int id) => (int)Safe(id, process => long.Parse(
        File.ReadLines($"/proc/{process}/status")
            .First(line => line.StartsWith("PPid:", StringComparison.Ordinal))["PPid:".Length..],
        CultureInfo.InvariantCulture));

    private static double Safe(int id, Func<int, double> of)
    {
        try
        {
            return of(id);
        }
        catch (IOException)
        {
            return 0; // It ended while we looked.
        }
    }
}
