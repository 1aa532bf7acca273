using System.Collections.Immutable;
using ActorRuns.Threads;

namespace ActorRuns.Journal;

/// <summary>
/// A thread as it is saved beside its journal, so that coming back costs the facts after it alone. It is a shortcut and
/// no record: the journal is kept whole, and says the same.
/// </summary>
/// <param name="Ledger">What facts add up to after which no run has the thread, and nothing is owed an undo.</param>
/// <param name="Edited">The number of the last change of the state from outside; 0 before the first.</param>
internal sealed record LedgerSnapshot(ThreadLedger Ledger, long Edited)
{
    /// <summary>
    /// The facts after the ledger, up to where the thread was saved: those of a run that had just begun, of which its
    /// stream is made.
    /// </summary>
    public ImmutableArray<ThreadEvent> Later { get; init; } = [];
}
