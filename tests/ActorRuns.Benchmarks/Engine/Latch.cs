namespace ActorRuns.Benchmarks.Engine;

/// <summary>Opens when it was signalled as often as was said; actors signal, the benchmark awaits.</summary>
/// <param name="count">How often; at least 1.</param>
internal sealed class Latch(int count)
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = count;

    /// <summary>Ends when it opens.</summary>
    /// <exception cref="TimeoutException">It did not open in five minutes.</exception>
    public Task OpenedAsync() => _opened.Task.WaitAsync(TimeSpan.FromMinutes(5));

    public void Signal()
    {
        if (Interlocked.Decrement(ref _left) is 0)
            _opened.SetResult();
    }
}
