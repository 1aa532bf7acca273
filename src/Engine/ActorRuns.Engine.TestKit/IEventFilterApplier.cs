using Xunit.Sdk;

namespace Akka.TestKit;

/// <summary>
/// Expects so many log entries while an action runs, or a little later. Entries of a level that is off are not seen;
/// those seen still reach all loggers. When there are more or less, an <see cref="XunitException"/> says so.
/// </summary>
public interface IEventFilterApplier
{
    /// <summary>Expects one entry within <c>akka.test.filter-leeway</c> after the action.</summary>
    void ExpectOne(Action action, CancellationToken cancellationToken = default);

    /// <summary>Expects one entry within this time after the action.</summary>
    void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default);

    /// <summary>Expects so many entries; to see that there is none takes <c>akka.test.filter-leeway</c>.</summary>
    void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default);

    /// <summary>Expects so many entries within this time after the action.</summary>
    void Expect(int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ExpectOne(Action, CancellationToken)"/>
    Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ExpectOne(TimeSpan, Action, CancellationToken)"/>
    Task ExpectOneAsync(TimeSpan timeout, Func<Task> actionAsync, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="Expect(int, Action, CancellationToken)"/>
    Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="Expect(int, TimeSpan, Action, CancellationToken)"/>
    Task ExpectAsync(
        int expectedCount, TimeSpan timeout, Func<Task> actionAsync, CancellationToken cancellationToken = default);
}
