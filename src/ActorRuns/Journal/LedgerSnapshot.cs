using ActorRuns.Threads;

namespace ActorRuns.Journal;

/// <summary>
/// A thread at rest as it is saved beside its journal, so that coming back costs the facts after it alone. It is a
/// shortcut and no record: the journal is kept whole, and says the same.
/// </summary>
/// <param name="Ledger">
/// What the facts up to it add up to; no run has the thread, no webhook is owed a word, and nothing an undo.
/// </param>
/// <param name="Edited">The number of the last change of the state from outside; 0 before the first.</param>
internal sealed record LedgerSnapshot(ThreadLedger Ledger, long Edited);
