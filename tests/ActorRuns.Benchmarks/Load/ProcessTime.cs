using System.Globalization;

namespace ActorRuns.Benchmarks.Load;

/// <summary>How long processes have computed, as Linux tells it: what others do is not in it.</summary>
internal static class ProcessTime
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on all machines that .NET runs on.
    private const int UserTicks = 11; // Counted from the state of the process; those of the kernel come next.

    /// <summary>The time that a process and all that it started have had of the processors.</summary>
    public static TimeSpan OfTree(int processId) => TimeSpan.FromSeconds(ProcessTree.Sum(processId, Of));

    private static double Of(int processId)
    {
        // The name of the program, in parentheses, may hold anything; the fields that are counted stand after it.
        var line = File.ReadAllText($"/proc/{processId}/stat");
        var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        return Ticks(UserTicks) + Ticks(UserTicks + 1);

        double Ticks(int field) => long.Parse(fields[field], CultureInfo.InvariantCulture) / TicksPerSecond;
    }
}
