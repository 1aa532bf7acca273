using Akka.Actor;
using Akka.Configuration;

namespace Akka.Persistence;

/// <summary>
/// Keeps calls away from a plug-in that fails again and again: after so many failures in a row calls fail at once,
/// until some time has passed; then one call tries, and its success lets all others through again. Any thread may use
/// it.
/// </summary>
internal sealed class CircuitBreaker(int maxFailures, TimeSpan callTimeout, TimeSpan resetTimeout, TimeProvider time)
{
    private readonly Lock _gate = new();
    private int _failures;
    private long _openedAt;

    /// <summary>Reads the section <c>circuit-breaker</c> of a plug-in.</summary>
    public static CircuitBreaker Create(Config plugin, TimeProvider time) => new(
        plugin.GetInt("circuit-breaker.max-failures"),
        plugin.GetTimeSpan("circuit-breaker.call-timeout"),
        plugin.GetTimeSpan("circuit-breaker.reset-timeout"),
        time);

    private bool IsOpen => Volatile.Read(ref _failures) >= maxFailures;

    /// <summary>Whether a call may be made; who makes it says how it ended. If not: why.</summary>
    public OpenCircuitException? TryEnter()
    {
        if (!IsOpen)
            return null;
        lock (_gate)
        {
            var remaining = resetTimeout - time.GetElapsedTime(_openedAt);
            if (remaining > TimeSpan.Zero)
                return new OpenCircuitException(maxFailures, remaining);
            // This call tries; should nobody hear of its end, there is another try later.
            _openedAt = time.GetTimestamp();
            return null;
        }
    }

    public void Succeeded()
    {
        if (Volatile.Read(ref _failures) == 0)
            return;
        lock (_gate)
            _failures = 0;
    }

    public void Failed()
    {
        lock (_gate)
        {
            _failures++;
            if (IsOpen)
                _openedAt = time.GetTimestamp();
        }
    }

    /// <summary>
    /// Makes a call, and fails it when it takes too long; nobody knows then whether it will have an effect.
    /// </summary>
    /// <exception cref="OpenCircuitException">It was not made.</exception>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        if (TryEnter() is { } open)
            throw open;
        try
        {
            var result = await call().WaitAsync(callTimeout, time);
            Succeeded();
            return result;
        }
        catch
        {
            Failed();
            throw;
        }
    }

    /// <inheritdoc cref="CallAsync{T}"/>
    public Task CallAsync(Func<Task> call) => CallAsync(async () =>
    {
        await call();
        return Done.Instance;
    });
}

/// <summary>A call was not made since the plug-in failed too often.</summary>
internal sealed class OpenCircuitException(int failures, TimeSpan remaining)
    : AkkaException(
        $"The plug-in failed {failures} times in a row; it is tried again in {remaining.TotalSeconds:0.#} s.");
