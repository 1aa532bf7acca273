using static ActorRuns.Threads.ThreadEvent;

namespace ActorRuns.Threads;

/// <summary>
/// The revisions of a thread's state that readers can see: a fold of its journal beside the ledger, which keeps only
/// the last one.
/// </summary>
public sealed class ThreadHistory
{
    private readonly List<Checkpoint> _revisions = [];

    /// <summary>The revisions, oldest first.</summary>
    public IReadOnlyList<Checkpoint> Revisions => _revisions;

    /// <summary>The revision of this id; null when there is none, or its run was undone.</summary>
    public Checkpoint? Find(CheckpointId id) => _revisions.Find(revision => revision.Id == id);

    /// <summary>Folds one fact into the history.</summary>
    /// <param name="fact">The fact.</param>
    /// <param name="after">The ledger with it.</param>
    public void Add(ThreadEvent fact, ThreadLedger after)
    {
        switch (fact)
        {
            case StepCommitted or StateUpdated:
                _revisions.Add(after.Position.Head!); // Both make a head.
                break;
            case RunRolledBack { RunId: var undone }:
                _revisions.RemoveAll(revision => revision.RunId == undone);
                break;
            case HistoryPruned:
                _revisions.RemoveAll(revision => revision.Id != after.Position.Head?.Id);
                break;
            case ThreadDeleted:
                _revisions.Clear();
                break;
        }
    }
}
