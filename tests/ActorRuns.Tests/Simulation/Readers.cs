using ActorRuns.Runs;
using ActorRuns.Streams;
using ActorRuns.Threads;

namespace ActorRuns.Tests.Simulation;

/// <summary>
/// I11: somebody who reads the stream of a run, is cut off, and comes back with the id of the last frame that was
/// seen. Whatever is recorded is seen once and in order, and the stream ends when the run does.
/// </summary>
internal sealed class Reader(ThreadId thread, RunId run) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<StreamFrame> _frames = [];
    private CancellationTokenSource _cut = new();
    private RunStream? _stream;
    private FrameId _last = FrameId.Origin;
    private Task _reading = Task.CompletedTask;

    public ThreadId Thread => thread;

    public RunId Run => run;

    /// <summary>True when the stream has ended.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>True when the stream was cut off from its thread; it can be come back to.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>True when there is nothing to see that was not seen.</summary>
    public bool IsUpToDate
    {
        get
        {
            if (_reading.IsFaulted)
                throw new InvalidOperationException($"I11: a reader failed: {_reading.Exception}");
            lock (_lock)
            {
                return HasEnded || IsBroken || _stream is null
                    || (_stream.After(_last).Length is 0 && !_stream.Outcome.IsCompleted);
            }
        }
    }

    /// <summary>What was seen, by id.</summary>
    public IReadOnlyList<StreamFrame> Frames
    {
        get
        {
            lock (_lock)
                return [.. _frames];
        }
    }

    /// <summary>Reads on, behind what was seen last.</summary>
    public void Read(IRunStream stream)
    {
        var (after, cut) = (_last, _cut.Token);
        _stream = (RunStream)stream;
        IsBroken = false;

        // Elsewhere: who reads can hold up nobody, and has no part in what comes next.
        _reading = Task.Run(() => ReadAsync(stream, after, cut), CancellationToken.None);
    }

    /// <summary>Is cut off.</summary>
    /// <param name="unseen">How many of the last frames never came to the reader.</param>
    public async Task CutAsync(int unseen)
    {
        await _cut.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _cut.Dispose();
        _cut = new CancellationTokenSource();
        _stream = null;
        if (HasEnded)
            return;

        _frames.RemoveRange(Math.Max(0, _frames.Count - unseen), Math.Min(unseen, _frames.Count));
        _last = _frames.Count > 0 ? _frames[^1].Id : FrameId.Origin;
    }

    public void Dispose() => _cut.Dispose();

    private async Task ReadAsync(IRunStream stream, FrameId after, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var frame in stream.ReadAsync(after, cancellationToken))
            {
                lock (_lock)
                {
                    _frames.Add(frame);
                    _last = frame.Id;
                }
            }

            HasEnded = true;
        }
        catch (StreamBrokenException)
        {
            IsBroken = true;
        }
    }
}
