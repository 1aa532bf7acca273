namespace ActorRuns.Runs;

/// <summary>
/// Knows whether an attempt's work has really ended: an actor that was stopped leaves a task behind until that has
/// noticed its cancellation.
/// </summary>
internal sealed class WorkTracker
{
    private readonly Lock _lock = new();

    // Who waits is told by whom the work ends with: all they do is tell an actor, and no lock is held.
    private readonly TaskCompletionSource _ended = new();
    private int _working;
    private bool _stopped;

    /// <summary>Completes when the attempt was stopped and nothing of it is at work any more.</summary>
    public Task Ended => _ended.Task;

    /// <summary>A piece of work begins.</summary>
    public void Begin() => Change(by: 1, stopped: false);

    /// <summary>A piece of work has come to its end.</summary>
    public void End() => Change(by: -1, stopped: false);

    /// <summary>The attempt was stopped: no step will begin any more.</summary>
    public void Stop() => Change(by: 0, stopped: true);

    private void Change(int by, bool stopped)
    {
        lock (_lock)
        {
            _working += by;
            _stopped |= stopped;
            if (!_stopped || _working > 0)
                return;
        }

        _ended.TrySetResult();
    }
}
