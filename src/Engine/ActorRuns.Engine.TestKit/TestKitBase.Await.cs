using Akka.TestKit.Internal;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Repeats the assertion until it holds; when the time is up, its last failure is the test's.</summary>
    /// <param name="assertion">Throws as long as it does not hold.</param>
    /// <param name="duration">How long to try; null for the rest of a <c>Within</c> or the default.</param>
    /// <param name="interval">The pause between two tries; null for 100 ms.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public void AwaitAssert(
        Action assertion,
        TimeSpan? duration = null,
        TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        Pace.Outcome(RepeatAsync(Pace.Blocking, Step(assertion), new Tries(duration, interval, cancellationToken)));

    /// <inheritdoc cref="AwaitAssert"/>
    public async Task AwaitAssertAsync(
        Action assertion,
        TimeSpan? duration = null,
        TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        await RepeatAsync(Pace.Awaiting, Step(assertion), new Tries(duration, interval, cancellationToken));

    /// <inheritdoc cref="AwaitAssert"/>
    public async Task AwaitAssertAsync(
        Func<Task> assertion,
        TimeSpan? duration = null,
        TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        await RepeatAsync(Pace.Awaiting, Step(assertion), new Tries(duration, interval, cancellationToken));

    /// <summary>Waits until the condition is fulfilled.</summary>
    /// <param name="conditionIsFulfilled">Asked again and again.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, null, null, null, cancellationToken);

    /// <summary>Waits until the condition is fulfilled.</summary>
    /// <param name="conditionIsFulfilled">Asked again and again.</param>
    /// <param name="max">How long to wait; null for the rest of a <c>Within</c> or the default.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public void AwaitCondition(
        Func<bool> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, max, null, null, cancellationToken);

    /// <summary>Waits until the condition is fulfilled.</summary>
    /// <param name="conditionIsFulfilled">Asked again and again.</param>
    /// <param name="max">How long to wait; null for the rest of a <c>Within</c> or the default.</param>
    /// <param name="interval">The pause between two times; null for a tenth of the whole, up to 100 ms.</param>
    /// <param name="message">What a failure adds to its message.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public void AwaitCondition(
        Func<bool> conditionIsFulfilled,
        TimeSpan? max,
        TimeSpan? interval,
        string? message = null,
        CancellationToken cancellationToken = default) =>
        Pace.Outcome(RepeatAsync(
            Pace.Blocking, Step(conditionIsFulfilled), new Tries(max, interval, cancellationToken, message)));

    /// <inheritdoc cref="AwaitCondition(Func{bool}, CancellationToken)"/>
    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, null, null, null, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, CancellationToken)"/>
    public Task AwaitConditionAsync(
        Func<Task<bool>> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, null, null, null, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, CancellationToken)"/>
    public Task AwaitConditionAsync(
        Func<bool> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, max, null, null, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, CancellationToken)"/>
    public Task AwaitConditionAsync(
        Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, max, null, null, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, TimeSpan?, string, CancellationToken)"/>
    public async Task AwaitConditionAsync(
        Func<bool> conditionIsFulfilled,
        TimeSpan? max,
        TimeSpan? interval,
        string? message = null,
        CancellationToken cancellationToken = default) =>
        await RepeatAsync(
            Pace.Awaiting, Step(conditionIsFulfilled), new Tries(max, interval, cancellationToken, message));

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, TimeSpan?, string, CancellationToken)"/>
    public async Task AwaitConditionAsync(
        Func<Task<bool>> conditionIsFulfilled,
        TimeSpan? max,
        TimeSpan? interval,
        string? message = null,
        CancellationToken cancellationToken = default) =>
        await RepeatAsync(
            Pace.Awaiting,
            async () => await conditionIsFulfilled(),
            new Tries(max, interval, cancellationToken, message));

    private static Func<ValueTask<bool>> Step(Func<bool> condition) => () => ValueTask.FromResult(condition());

    private static Func<ValueTask<bool>> Step(Action assertion) => () =>
    {
        assertion();
        return ValueTask.FromResult(true);
    };

    private static Func<ValueTask<bool>> Step(Func<Task> assertion) => async () =>
    {
        await assertion();
        return true;
    };

    /// <summary>Repeats the step until it says yes; what it throws is a no. One last try is at the end.</summary>
    private async ValueTask<bool> RepeatAsync(Pace pace, Func<ValueTask<bool>> step, Tries tries)
    {
        var deadline = new Deadline(RemainingOrDilated(tries.Max));
        var interval = tries.Interval ?? Min(deadline.Time / 10, LongestInterval);
        while (true)
        {
            var isLast = deadline.IsOver;
            var (isDone, failure) = await TryAsync(step, tries.CancellationToken);
            if (isDone)
                return true;
            if (isLast)
            {
                var reason = failure is null ? "the condition is not fulfilled" : $"still failing: {failure.Message}";
                throw Failure($"after {deadline.Time}, {reason}", tries.Hint, failure);
            }

            await pace.PauseAsync(Min(interval, deadline.Left), tries.CancellationToken);
        }
    }

    private static async ValueTask<(bool IsDone, Exception? Failure)> TryAsync(
        Func<ValueTask<bool>> step, CancellationToken cancellationToken)
    {
        try
        {
            return (await step(), null);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return (false, e);
        }
    }

    /// <summary>How long and how often to try.</summary>
    private readonly record struct Tries(
        TimeSpan? Max, TimeSpan? Interval, CancellationToken CancellationToken, string? Hint = null);
}
