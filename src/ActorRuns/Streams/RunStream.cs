using System.Runtime.CompilerServices;
using ActorRuns.Metrics;
using ActorRuns.Threads;

namespace ActorRuns.Streams;

/// <summary>
/// Keeps a run's frames for its readers. One writer, the thread's actor; any number of readers, none of which can slow
/// the writer or another reader.
/// </summary>
/// <param name="maxFrames">How many frames are kept; beyond it the oldest that are not recorded are dropped.</param>
/// <param name="meter">Counts the readers; null when nobody wants to know.</param>
internal sealed class RunStream(int maxFrames, RuntimeMeter? meter = null) : IRunStream
{
    private readonly Lock _lock = new();
    private readonly List<StreamFrame> _frames = [];
    private readonly TaskCompletionSource<RunOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc />
    public Task<RunOutcome> Outcome => _outcome.Task;

    /// <inheritdoc />
    public StreamFrame? End { get; private set; }

    /// <summary>True when the journal can tell all of it: there are no tokens in it.</summary>
    public bool IsRecorded { get; private set; } = true;

    /// <summary>Adds frames, in the order of their ids.</summary>
    public void Append(IReadOnlyList<StreamFrame> frames)
    {
        if (frames.Count is 0)
            return;

        lock (_lock)
        {
            _frames.AddRange(frames);
            IsRecorded &= frames.All(frame => !frame.IsVolatile);
            if (_frames.Count > maxFrames)
                DropOldestVolatile();
        }

        WakeReaders();
    }

    /// <summary>Ends the stream; nothing comes after it.</summary>
    /// <param name="outcome">How the run ended.</param>
    /// <param name="end">Tells the end to those who follow the whole thread; null when nobody is to be told.</param>
    public void Complete(RunOutcome outcome, StreamFrame? end)
    {
        End ??= end;
        _outcome.TrySetResult(outcome);
        WakeReaders();
    }

    /// <summary>
    /// Cuts off the readers of a stream that goes on somewhere else; one that has ended stays as it is.
    /// </summary>
    /// <param name="thread">The thread.</param>
    public void Break(ThreadId thread)
    {
        if (_outcome.TrySetException(new StreamBrokenException(thread)))
        {
            _ = _outcome.Task.Exception; // Nobody need wait for it.
            WakeReaders();
        }
    }

    /// <inheritdoc />
    /// <exception cref="StreamBrokenException">The run goes on somewhere else.</exception>
    public async IAsyncEnumerable<StreamFrame> ReadAsync(
        FrameId after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        meter?.Readers(1);
        using var counted = new Countdown(meter);
        while (true)
        {
            // The order matters: what was appended before the end, or after `more` was taken, is not missed.
            var more = Volatile.Read(ref _more);
            var ended = _outcome.Task.IsCompleted;
            var frames = After(after);
            foreach (var frame in frames)
            {
                after = frame.Id;
                yield return frame;
            }

            if (frames.Length is 0)
            {
                if (ended)
                {
                    await _outcome.Task; // Fails when the stream was cut off.
                    yield break;
                }

                await more.Task.WaitAsync(cancellationToken);
            }
        }
    }

    /// <summary>The frames after one, as far as they have come.</summary>
    public StreamFrame[] After(FrameId id)
    {
        lock (_lock)
        {
            var low = 0;
            var high = _frames.Count;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (_frames[middle].Id <= id)
                    low = middle + 1;
                else
                    high = middle;
            }

            return _frames[low..].ToArray();
        }
    }

    private void WakeReaders() =>
        Interlocked.Exchange(ref _more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))
            .TrySetResult();

    /// <summary>Makes room by a quarter at once, so that appending stays cheap.</summary>
    private void DropOldestVolatile()
    {
        var left = maxFrames / 4;
        _frames.RemoveAll(frame => frame.IsVolatile && left-- > 0);
    }

    private sealed class Countdown(RuntimeMeter? meter) : IDisposable
    {
        public void Dispose() => meter?.Readers(-1);
    }
}
