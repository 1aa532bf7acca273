using System.Collections.Immutable;
using ActorRuns.Runs;

namespace ActorRuns.Threads;

/// <content>Those who stopped runs and wait for the end of what that takes.</content>
internal sealed partial class ThreadActor
{
    private readonly List<(ImmutableHashSet<RunId> Runs, TaskCompletionSource Done)> _undoWaits = [];

    /// <summary>Completes when the run at work has ended that is to stop after its tools.</summary>
    private Task EndedWith(StopRuns stop) =>
        stop is { AfterTools: true, Undo: false } && ChildOf(stop) is { Holder.RunId: var run }
            ? _streams.Find(run)?.Outcome ?? Task.CompletedTask
            : Task.CompletedTask;

    /// <summary>Completes when nothing of the runs that are to be stopped is owed an undo any more.</summary>
    private Task UndoneWith(StopRuns stop)
    {
        if (stop is not { Wait: true, Undo: true })
            return Task.CompletedTask;

        // What has joined another run is undone with that one.
        var carriers = stop.Runs.Select(id => _ledger.Runs.GetValueOrDefault(id)?.JoinedTo).OfType<RunId>();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _undoWaits.Add(([.. stop.Runs, .. carriers], done));
        return done.Task;
    }

    /// <summary>Tells those whose runs are undone.</summary>
    private void TellUndone() => _undoWaits.RemoveAll(wait =>
        !_ledger.OwedUndos.Exists(owed => wait.Runs.Contains(owed.RunId)) && wait.Done.TrySetResult());

    /// <summary>Nobody here will know any more when it is done: it is, some time, for it is recorded as owed.</summary>
    private void LeaveWaitsOpen()
    {
        foreach (var (_, done) in _undoWaits)
            done.TrySetCanceled();
        _undoWaits.Clear();
    }
}
