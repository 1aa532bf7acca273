using System.Diagnostics.CodeAnalysis;

namespace ActorRuns.Runs;

/// <summary>Runs that ended a while ago, laid aside in a form that is read when one of them is asked for.</summary>
public interface IRunArchive
{
    /// <summary>The ids of the runs in it.</summary>
    IEnumerable<RunId> Ids { get; }

    /// <summary>True when the run is in it; costs the same however many there are.</summary>
    bool Contains(RunId id);

    /// <summary>Reads a run; false when it is not in it.</summary>
    bool TryFind(RunId id, [NotNullWhen(true)] out RunLedger? run);
}
