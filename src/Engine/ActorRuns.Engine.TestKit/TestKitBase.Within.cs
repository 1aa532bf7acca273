using Akka.TestKit.Internal;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>The end of the innermost <c>Within</c> that runs, or null.</summary>
    private Deadline? _within;

    /// <summary>Whether the last thing the test did was to expect no message.</summary>
    private bool _expectedSilence;

    /// <summary>What is left of the innermost <c>Within</c>.</summary>
    /// <exception cref="InvalidOperationException">There is no <c>Within</c> around.</exception>
    public TimeSpan Remaining =>
        _within?.Left ?? throw new InvalidOperationException("Remaining is known inside of a Within only.");

    /// <summary>What is left of the innermost <c>Within</c>, or else <c>akka.test.single-expect-default</c>.</summary>
    public TimeSpan RemainingOrDefault => _within?.Left ?? Dilated(TestKitSettings.SingleExpectDefault);

    /// <summary>The given time, stretched; without one, <see cref="RemainingOrDefault"/>.</summary>
    public TimeSpan RemainingOrDilated(TimeSpan? duration) =>
        duration is { } given ? Dilated(given) : RemainingOrDefault;

    /// <summary>Runs the block, which must be done in time; expectations in it wait no longer than its rest.</summary>
    /// <param name="max">How long it may take.</param>
    /// <param name="action">The block.</param>
    /// <param name="epsilonValue">How much longer is still forgiven; null for nothing.</param>
    /// <param name="cancellationToken">Refuses to begin when it is cancelled.</param>
    public void Within(
        TimeSpan max, Action action, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, action, hint: null, epsilonValue, cancellationToken);

    /// <summary>Runs the block, which must take at least and at most this time.</summary>
    /// <param name="min">How long it must take.</param>
    /// <param name="max">How long it may take.</param>
    /// <param name="action">The block.</param>
    /// <param name="hint">What a failure adds to its message.</param>
    /// <param name="epsilonValue">How much longer is still forgiven; null for nothing.</param>
    /// <param name="cancellationToken">Refuses to begin when it is cancelled.</param>
    public void Within(
        TimeSpan min,
        TimeSpan max,
        Action action,
        string? hint = null,
        TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        Pace.Outcome(BoundAsync(Step(action), new Bounds(min, max, epsilonValue, hint), cancellationToken));

    /// <inheritdoc cref="Within(TimeSpan, Action, TimeSpan?, CancellationToken)"/>
    /// <returns>What the block gives.</returns>
    public T Within<T>(
        TimeSpan max, Func<T> function, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, function, hint: null, epsilonValue, cancellationToken);

    /// <inheritdoc cref="Within(TimeSpan, TimeSpan, Action, string, TimeSpan?, CancellationToken)"/>
    /// <returns>What the block gives.</returns>
    public T Within<T>(
        TimeSpan min,
        TimeSpan max,
        Func<T> function,
        string? hint = null,
        TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        Pace.Outcome(BoundAsync(
            () => ValueTask.FromResult(function()), new Bounds(min, max, epsilonValue, hint), cancellationToken));

    /// <inheritdoc cref="Within(TimeSpan, Action, TimeSpan?, CancellationToken)"/>
    public Task WithinAsync(
        TimeSpan max,
        Func<Task> actionAsync,
        TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        WithinAsync(TimeSpan.Zero, max, actionAsync, hint: null, epsilonValue, cancellationToken);

    /// <inheritdoc cref="Within(TimeSpan, TimeSpan, Action, string, TimeSpan?, CancellationToken)"/>
    public async Task WithinAsync(
        TimeSpan min,
        TimeSpan max,
        Func<Task> actionAsync,
        string? hint = null,
        TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        await BoundAsync(Step(actionAsync), new Bounds(min, max, epsilonValue, hint), cancellationToken);

    /// <inheritdoc cref="Within{T}(TimeSpan, Func{T}, TimeSpan?, CancellationToken)"/>
    public async Task<T> WithinAsync<T>(
        TimeSpan max,
        Func<Task<T>> function,
        TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        await BoundAsync(
            async () => await function(), new Bounds(TimeSpan.Zero, max, epsilonValue, null), cancellationToken);

    private async ValueTask<T> BoundAsync<T>(
        Func<ValueTask<T>> block, Bounds bounds, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var outer = _within;
        var max = Dilated(bounds.Max);
        var deadline = new Deadline(outer is null ? max : Min(max, outer.Left));
        T result;
        _within = deadline;
        _expectedSilence = false;
        try
        {
            result = await block();
        }
        finally
        {
            _within = outer;
        }

        var elapsed = deadline.Elapsed;
        if (elapsed < bounds.Min)
            throw Failure($"the block took {elapsed}, which is less than {bounds.Min}", bounds.Hint);
        // To expect no message takes all the time there is: the end of the block is late by that alone.
        if (!_expectedSilence && elapsed > deadline.Time + (bounds.Epsilon ?? TimeSpan.Zero))
            throw Failure($"the block took {elapsed}, which is more than {deadline.Time}", bounds.Hint);
        return result;
    }

    private readonly record struct Bounds(TimeSpan Min, TimeSpan Max, TimeSpan? Epsilon, string? Hint);
}
