using Akka.Actor;
using Akka.TestKit.Internal;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>Expects that the next message is of the type.</summary>
    /// <param name="duration">How long to wait; null for the rest of a <c>Within</c> or the default.</param>
    /// <param name="hint">What a failure adds to its message.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public T ExpectMsg<T>(
        TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Pace.Outcome(ExpectAsync<T>(Pace.Blocking, _ => null, new Limits(duration, hint, cancellationToken)));

    /// <summary>Expects that the next message is equal to this one.</summary>
    /// <param name="message">What is expected.</param>
    /// <param name="timeout">How long to wait; null for the rest of a <c>Within</c> or the default.</param>
    /// <param name="hint">What a failure adds to its message.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public T ExpectMsg<T>(
        T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Pace.Outcome(ExpectAsync(Pace.Blocking, EqualTo(message), new Limits(timeout, hint, cancellationToken)));

    /// <summary>Expects that the next message is of the type and fits.</summary>
    /// <param name="isMessage">Whether it fits.</param>
    /// <param name="timeout">How long to wait; null for the rest of a <c>Within</c> or the default.</param>
    /// <param name="hint">What a failure adds to its message.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public T ExpectMsg<T>(
        Predicate<T> isMessage,
        TimeSpan? timeout = null,
        string? hint = null,
        CancellationToken cancellationToken = default) =>
        Pace.Outcome(ExpectAsync(Pace.Blocking, Fitting(isMessage), new Limits(timeout, hint, cancellationToken)));

    /// <summary>Expects that the next message is of the type, and runs assertions on it.</summary>
    /// <param name="assert">Throws when something is wrong with the message.</param>
    /// <param name="timeout">How long to wait; null for the rest of a <c>Within</c> or the default.</param>
    /// <param name="hint">What a failure adds to its message.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public T ExpectMsg<T>(
        Action<T> assert,
        TimeSpan? timeout = null,
        string? hint = null,
        CancellationToken cancellationToken = default) =>
        Pace.Outcome(ExpectAsync(Pace.Blocking, Passing(assert), new Limits(timeout, hint, cancellationToken)));

    /// <inheritdoc cref="ExpectMsg{T}(TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(
        TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(Pace.Awaiting, _ => null, new Limits(duration, hint, cancellationToken));

    /// <inheritdoc cref="ExpectMsg{T}(T, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(
        T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync(Pace.Awaiting, EqualTo(message), new Limits(timeout, hint, cancellationToken));

    /// <inheritdoc cref="ExpectMsg{T}(Predicate{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(
        Predicate<T> isMessage,
        TimeSpan? timeout = null,
        string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectAsync(Pace.Awaiting, Fitting(isMessage), new Limits(timeout, hint, cancellationToken));

    /// <inheritdoc cref="ExpectMsg{T}(Action{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(
        Action<T> assert,
        TimeSpan? timeout = null,
        string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectAsync(Pace.Awaiting, Passing(assert), new Limits(timeout, hint, cancellationToken));

    /// <summary>Expects that the next message tells the end of the actor, which has to be watched.</summary>
    /// <param name="target">Who has stopped.</param>
    /// <param name="timeout">How long to wait; null for the rest of a <c>Within</c> or the default.</param>
    /// <param name="hint">What a failure adds to its message.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Terminated ExpectTerminated(
        IActorRef target,
        TimeSpan? timeout = null,
        string? hint = null,
        CancellationToken cancellationToken = default) =>
        Pace.Outcome(ExpectAsync(Pace.Blocking, EndOf(target), new Limits(timeout, hint, cancellationToken)));

    /// <inheritdoc cref="ExpectTerminated"/>
    public ValueTask<Terminated> ExpectTerminatedAsync(
        IActorRef target,
        TimeSpan? timeout = null,
        string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectAsync(Pace.Awaiting, EndOf(target), new Limits(timeout, hint, cancellationToken));

    /// <summary>Expects that no message comes for the rest of a <c>Within</c> or the default time.</summary>
    public void ExpectNoMsg(CancellationToken cancellationToken = default) =>
        Pace.Outcome(ExpectSilenceAsync(Pace.Blocking, RemainingOrDefault, cancellationToken));

    /// <summary>Expects that no message comes in this time.</summary>
    public void ExpectNoMsg(TimeSpan duration, CancellationToken cancellationToken = default) =>
        Pace.Outcome(ExpectSilenceAsync(Pace.Blocking, Dilated(duration), cancellationToken));

    /// <inheritdoc cref="ExpectNoMsg(CancellationToken)"/>
    public async ValueTask ExpectNoMsgAsync(CancellationToken cancellationToken = default) =>
        await ExpectSilenceAsync(Pace.Awaiting, RemainingOrDefault, cancellationToken);

    /// <inheritdoc cref="ExpectNoMsg(TimeSpan, CancellationToken)"/>
    public async ValueTask ExpectNoMsgAsync(TimeSpan duration, CancellationToken cancellationToken = default) =>
        await ExpectSilenceAsync(Pace.Awaiting, Dilated(duration), cancellationToken);

    /// <summary>Expects that the next message is equal to one of these.</summary>
    public T ExpectMsgAnyOf<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default) =>
        Pace.Outcome(ExpectAsync(Pace.Blocking, OneOf([.. messages]), new Limits(null, null, cancellationToken)));

    /// <inheritdoc cref="ExpectMsgAnyOf{T}"/>
    public ValueTask<T> ExpectMsgAnyOfAsync<T>(
        IEnumerable<T> messages, CancellationToken cancellationToken = default) =>
        ExpectAsync(Pace.Awaiting, OneOf([.. messages]), new Limits(null, null, cancellationToken));

    /// <summary>Expects that the next messages are equal to these, in any order.</summary>
    /// <returns>The messages in the order they came.</returns>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(params T[] messages) =>
        Pace.Outcome(ExpectAllAsync(Pace.Blocking, messages, RemainingOrDefault, CancellationToken.None));

    /// <inheritdoc cref="ExpectMsgAllOf{T}(T[])"/>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(
        IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        Pace.Outcome(ExpectAllAsync(Pace.Blocking, messages, RemainingOrDefault, cancellationToken));

    /// <inheritdoc cref="ExpectMsgAllOf{T}(T[])"/>
    public IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(
        IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        Each(ExpectAllAsync(Pace.Awaiting, messages, RemainingOrDefault, cancellationToken));

    private static Func<T, string?> EqualTo<T>(T expected) =>
        message => EqualityComparer<T>.Default.Equals(message, expected) ? null : $"<{expected}>";

    private static Func<T, string?> OneOf<T>(T[] expected) =>
        message => expected.Contains(message) ? null : $"one of <{string.Join(">, <", expected)}>";

    private static Func<T, string?> Fitting<T>(Predicate<T> isMessage) =>
        message => isMessage(message) ? null : $"one of type {typeof(T)} that fits the predicate";

    private static Func<Terminated, string?> EndOf(IActorRef target) =>
        message => target.Equals(message.ActorRef) ? null : $"the end of {target}";

    private static Func<T, string?> Passing<T>(Action<T> assert) => message =>
    {
        assert(message);
        return null;
    };

    /// <summary>Takes the next message, which must be of the type and right.</summary>
    /// <param name="pace">How to wait.</param>
    /// <param name="fault">Null when the message is right, else what was expected instead of it.</param>
    /// <param name="limits">How long, and what a failure adds.</param>
    private async ValueTask<T> ExpectAsync<T>(Pace pace, Func<T, string?> fault, Limits limits)
    {
        var timeout = RemainingOrDilated(limits.Timeout);
        var received = await TakeAsync(pace, timeout, limits.CancellationToken)
            ?? throw Failure($"expected a message of type {typeof(T)} within {timeout}, got none", limits.Hint);
        if (received.Message is not T message)
            throw Failure($"expected a message of type {typeof(T)}, got {received}", limits.Hint);
        return fault(message) is { } expected
            ? throw Failure($"expected {expected}, got {received}", limits.Hint)
            : message;
    }

    private async ValueTask<bool> ExpectSilenceAsync(Pace pace, TimeSpan duration, CancellationToken cancellationToken)
    {
        var received = await TakeAsync(pace, duration, cancellationToken);
        _expectedSilence = true;
        return received is null ? true : throw Failure($"expected no message for {duration}, got {received}");
    }

    private async ValueTask<List<T>> ExpectAllAsync<T>(
        Pace pace, IReadOnlyCollection<T> expected, TimeSpan max, CancellationToken cancellationToken)
    {
        var messages = await TakeManyAsync(pace, expected.Count, max, cancellationToken);
        var missing = expected.ToList();
        foreach (var message in messages)
        {
            if (message is not T typed || !missing.Remove(typed))
                throw Failure($"expected all of <{string.Join(">, <", expected)}>, got {Listed(messages)}");
        }

        return [.. messages.Cast<T>()];
    }
}
