namespace ActorRuns.Runs;

/// <summary>
/// Knows whether an attempt's work has really ended: an actor that was stopped leaves a task behind until that has
/// noticed its cancellation.
/// </summary>
internal sealed class WorkTracker
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _working;
    private bool _stopped;

    /// <summary>Completes when the attempt was stopped and nothing of it is at work any more.</summary>
    public Task Ended => _ended.Task;

    /// <summary>A step's work begins.</summary>
    public void Begin() => Set(working: true, stopped: false);

    /// <summary>The step's work has come to its end.</summary>
    public void End() => Set(working: false, stopped: false);

    /// <summary>The attempt was stopped: no step will begin any more.</summary>
    public void Stop() => Set(working: null, stopped: true);

    private void Set(bool? working, bool stopped)
    {
        lock (_lock)
        {
            _working = working ?? _working;
            _stopped |= stopped;
            if (_stopped && !_working)
                _ended.TrySetResult();
        }
    }
}
