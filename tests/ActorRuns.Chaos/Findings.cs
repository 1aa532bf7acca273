using System.Collections.Concurrent;

namespace ActorRuns.Chaos;

/// <summary>What must not be, and was; and how often other things were.</summary>
internal sealed class Findings
{
    private readonly ConcurrentQueue<string> _faults = [];
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>What must not be, and was.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>How often other things were.</summary>
    public IReadOnlyDictionary<string, int> Counts => _counts;

    /// <summary>Notes what must not be.</summary>
    public void Fault(string what) => _faults.Enqueue(what);

    /// <summary>Notes what must not be, if it is.</summary>
    public void FaultIf(bool wrong, string what)
    {
        if (wrong)
            Fault(what);
    }

    /// <summary>Counts.</summary>
    public void Count(string what) => _counts.AddOrUpdate(what, 1, (_, before) => before + 1);
}
