namespace Akka.Actor;

/// <summary>Cancels what is scheduled with it. Safe to use from any thread.</summary>
public sealed class Cancelable : ICancelable
{
    private readonly IScheduler? _scheduler;
    private readonly Lock _gate = new();
    private CancellationTokenSource? _source;
    private Action? _onCancel;
    private volatile bool _isCancelled;

    /// <summary>Not cancelled yet; <see cref="CancelAfter"/> goes by the scheduler's clock.</summary>
    public Cancelable(IScheduler scheduler) => _scheduler = scheduler;

    /// <summary>Cancelled by the scheduler's clock when the time is over.</summary>
    public Cancelable(IScheduler scheduler, TimeSpan delay) : this(scheduler) => CancelAfter(delay);

    internal Cancelable()
    {
    }

    /// <inheritdoc/>
    public bool IsCancellationRequested => _isCancelled;

    /// <inheritdoc/>
    public CancellationToken Token
    {
        get
        {
            lock (_gate)
            {
                // Made only when it is asked for: most cancelables belong to timers, which do without.
                _source ??= new CancellationTokenSource();
                if (_isCancelled)
                    _source.Cancel();
                return _source.Token;
            }
        }
    }

    /// <inheritdoc/>
    public void Cancel()
    {
        Action? onCancel;
        CancellationTokenSource? source;
        lock (_gate)
        {
            if (_isCancelled)
                return;
            _isCancelled = true;
            (onCancel, _onCancel, source) = (_onCancel, null, _source);
        }

        onCancel?.Invoke();
        source?.Cancel();
    }

    /// <inheritdoc/>
    public void CancelAfter(TimeSpan delay)
    {
        if (_scheduler is null)
            throw new InvalidOperationException("There is no scheduler to go by.");
        _scheduler.Advanced.ScheduleOnce(delay, Cancel, this);
    }

    /// <summary>Runs the action when it is cancelled, at once if it is already.</summary>
    internal void OnCancel(Action action)
    {
        lock (_gate)
        {
            if (!_isCancelled)
            {
                _onCancel += action;
                return;
            }
        }

        action();
    }
}
