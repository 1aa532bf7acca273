using Akka.TestKit.Internal;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>Receives the next message, whatever it is.</summary>
    /// <param name="max">How long to wait; null for the rest of a <c>Within</c> or the default.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The message, or null when none comes in time.</returns>
    public object? ReceiveOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        Pace.Outcome(TakeAsync(Pace.Blocking, RemainingOrDilated(max), cancellationToken))?.Message;

    /// <inheritdoc cref="ReceiveOne"/>
    public async ValueTask<object?> ReceiveOneAsync(
        TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        (await TakeAsync(Pace.Awaiting, RemainingOrDilated(max), cancellationToken))?.Message;

    /// <summary>Receives so many messages, whatever they are, within the default time for all of them.</summary>
    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, CancellationToken cancellationToken = default) =>
        Pace.Outcome(TakeManyAsync(Pace.Blocking, numberOfMessages, RemainingOrDefault, cancellationToken));

    /// <summary>Receives so many messages, whatever they are, within this time for all of them.</summary>
    public IReadOnlyCollection<object> ReceiveN(
        int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default) =>
        Pace.Outcome(TakeManyAsync(Pace.Blocking, numberOfMessages, Dilated(max), cancellationToken));

    /// <inheritdoc cref="ReceiveN(int, CancellationToken)"/>
    public IAsyncEnumerable<object> ReceiveNAsync(
        int numberOfMessages, CancellationToken cancellationToken = default) =>
        Each(TakeManyAsync(Pace.Awaiting, numberOfMessages, RemainingOrDefault, cancellationToken));

    /// <inheritdoc cref="ReceiveN(int, TimeSpan, CancellationToken)"/>
    public IAsyncEnumerable<object> ReceiveNAsync(
        int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default) =>
        Each(TakeManyAsync(Pace.Awaiting, numberOfMessages, Dilated(max), cancellationToken));

    /// <summary>Receives messages until one does not fit, there are enough, or the time is up.</summary>
    /// <param name="max">The time for all of them; null for the rest of a <c>Within</c> or the default.</param>
    /// <param name="filter">What to make of a message; null if it does not fit; then it is left to be received.</param>
    /// <param name="msgs">How many are enough.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public IReadOnlyList<T> ReceiveWhile<T>(
        TimeSpan? max,
        Func<object, T> filter,
        int msgs = int.MaxValue,
        CancellationToken cancellationToken = default)
        where T : class =>
        Pace.Outcome(TakeWhileAsync(Pace.Blocking, filter, msgs, RemainingOrDilated(max), cancellationToken));

    /// <inheritdoc cref="ReceiveWhile{T}"/>
    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(
        TimeSpan? max,
        Func<object, T> filter,
        int msgs = int.MaxValue,
        CancellationToken cancellationToken = default)
        where T : class =>
        Each(TakeWhileAsync(Pace.Awaiting, filter, msgs, RemainingOrDilated(max), cancellationToken));

    /// <summary>Receives messages until one fits; the others are dropped.</summary>
    /// <param name="isMessage">Whether it is the one.</param>
    /// <param name="max">The time for all of them; null for the rest of a <c>Within</c> or the default.</param>
    /// <param name="hint">What a failure adds to its message.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public object FishForMessage(
        Predicate<object> isMessage,
        TimeSpan? max = null,
        string? hint = "",
        CancellationToken cancellationToken = default) =>
        FishForMessage<object>(isMessage, max, hint, cancellationToken);

    /// <inheritdoc cref="FishForMessage(Predicate{object}, TimeSpan?, string, CancellationToken)"/>
    public T FishForMessage<T>(
        Predicate<T> isMessage,
        TimeSpan? max = null,
        string? hint = "",
        CancellationToken cancellationToken = default) =>
        Pace.Outcome(FishAsync(Pace.Blocking, isMessage, new Limits(max, hint, cancellationToken)));

    /// <inheritdoc cref="FishForMessage(Predicate{object}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<object> FishForMessageAsync(
        Predicate<object> isMessage,
        TimeSpan? max = null,
        string? hint = "",
        CancellationToken cancellationToken = default) =>
        FishForMessageAsync<object>(isMessage, max, hint, cancellationToken);

    /// <inheritdoc cref="FishForMessage(Predicate{object}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> FishForMessageAsync<T>(
        Predicate<T> isMessage,
        TimeSpan? max = null,
        string? hint = "",
        CancellationToken cancellationToken = default) =>
        FishAsync(Pace.Awaiting, isMessage, new Limits(max, hint, cancellationToken));

    private static async IAsyncEnumerable<T> Each<T>(ValueTask<List<T>> items)
    {
        foreach (var item in await items)
            yield return item;
    }

    private async ValueTask<Received?> TakeAsync(Pace pace, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var received = await _inbox.TakeAsync(pace, timeout, cancellationToken);
        _last = received ?? _last;
        _expectedSilence = false;
        return received;
    }

    private async ValueTask<List<object>> TakeManyAsync(
        Pace pace, int count, TimeSpan max, CancellationToken cancellationToken)
    {
        var deadline = new Deadline(max);
        var messages = new List<object>();
        while (messages.Count < count)
        {
            var received = await TakeAsync(pace, deadline.Left, cancellationToken)
                ?? throw Failure($"expected {count} messages within {max}, got {Listed(messages)}");
            messages.Add(received.Message);
        }

        return messages;
    }

    private async ValueTask<List<T>> TakeWhileAsync<T>(
        Pace pace, Func<object, T> filter, int count, TimeSpan max, CancellationToken cancellationToken)
        where T : class
    {
        var deadline = new Deadline(max);
        var results = new List<T>();
        while (results.Count < count)
        {
            var before = _last;
            if (await TakeAsync(pace, deadline.Left, cancellationToken) is not { } received)
                break;
            if (filter(received.Message) is not { } result)
            {
                _inbox.PutBack(received);
                _last = before;
                break;
            }

            results.Add(result);
        }

        return results;
    }

    private async ValueTask<T> FishAsync<T>(Pace pace, Predicate<T> isMessage, Limits limits)
    {
        var deadline = new Deadline(RemainingOrDilated(limits.Timeout));
        var others = new List<object>();
        while (await TakeAsync(pace, deadline.Left, limits.CancellationToken) is { } received)
        {
            if (received.Message is T message && isMessage(message))
                return message;
            others.Add(received.Message);
        }

        throw Failure(
            $"expected a certain message of type {typeof(T)} within {deadline.Time}, got {Listed(others)}",
            limits.Hint);
    }

    private static string Listed(List<object> messages) =>
        messages.Count == 0 ? "none" : $"{messages.Count}: <{string.Join(">, <", messages)}>";

    /// <summary>How long to wait, what a failure adds to its message, and what ends the wait.</summary>
    private readonly record struct Limits(TimeSpan? Timeout, string? Hint, CancellationToken CancellationToken);
}
