namespace Akka.TestKit.Internal;

/// <summary>
/// How a kit waits. Every expectation is written once, against this: a blocking test holds its thread until the answer
/// is there, so that all it calls has completed on return; an awaiting one gives its thread away.
/// </summary>
internal abstract class Pace
{
    public static Pace Blocking { get; } = new BlockingPace();

    public static Pace Awaiting { get; } = new AwaitingPace();

    /// <summary>Takes one from the count; false when there was none in time.</summary>
    /// <param name="count">What is waited for.</param>
    /// <param name="timeout">Not negative; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    /// <param name="cancellationToken">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    public abstract ValueTask<bool> TakeAsync(
        SemaphoreSlim count, TimeSpan timeout, CancellationToken cancellationToken);

    public abstract ValueTask PauseAsync(TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>The outcome of what ran at the blocking pace.</summary>
    public static T Outcome<T>(ValueTask<T> completed)
    {
        if (!completed.IsCompleted)
            throw new InvalidOperationException("An expectation that blocks has returned before it was done.");
        return completed.GetAwaiter().GetResult();
    }

    private sealed class BlockingPace : Pace
    {
        public override ValueTask<bool> TakeAsync(
            SemaphoreSlim count, TimeSpan timeout, CancellationToken cancellationToken) =>
            ValueTask.FromResult(count.Wait(timeout, cancellationToken));

        public override ValueTask PauseAsync(TimeSpan duration, CancellationToken cancellationToken)
        {
            cancellationToken.WaitHandle.WaitOne(duration);
            cancellationToken.ThrowIfCancellationRequested();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class AwaitingPace : Pace
    {
        public override ValueTask<bool> TakeAsync(
            SemaphoreSlim count, TimeSpan timeout, CancellationToken cancellationToken) =>
            new(count.WaitAsync(timeout, cancellationToken));

        public override ValueTask PauseAsync(TimeSpan duration, CancellationToken cancellationToken) =>
            new(Task.Delay(duration, TimeProvider.System, cancellationToken));
    }
}
