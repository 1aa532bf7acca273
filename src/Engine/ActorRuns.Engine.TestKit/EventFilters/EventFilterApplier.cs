using System.Collections.Concurrent;
using Akka.Event;
using Akka.TestKit.Internal;

namespace Akka.TestKit.EventFilters;

/// <summary>Counts the entries that match while an action runs, and after it until there are enough.</summary>
internal sealed class EventFilterApplier(TestKitBase kit, LogPattern pattern) : IEventFilterApplier
{
    private TimeSpan Leeway => kit.TestKitSettings.TestEventFilterLeeway;

    public void ExpectOne(Action action, CancellationToken cancellationToken = default) =>
        Expect(1, Leeway, action, cancellationToken);

    public void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default) =>
        Expect(1, timeout, action, cancellationToken);

    public void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default) =>
        Expect(expectedCount, Leeway, action, cancellationToken);

    public void Expect(
        int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default) =>
        Pace.Outcome(CountAsync(Pace.Blocking, expectedCount, timeout, Completed(action), cancellationToken));

    public Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, Leeway, actionAsync, cancellationToken);

    public Task ExpectOneAsync(
        TimeSpan timeout, Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, timeout, actionAsync, cancellationToken);

    public Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        ExpectAsync(expectedCount, Leeway, actionAsync, cancellationToken);

    public async Task ExpectAsync(
        int expectedCount, TimeSpan timeout, Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        await CountAsync(Pace.Awaiting, expectedCount, timeout, actionAsync, cancellationToken);

    private static Func<Task> Completed(Action action) => () =>
    {
        action();
        return Task.CompletedTask;
    };

    private async ValueTask<bool> CountAsync(
        Pace pace, int expected, TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken)
    {
        using var matches = new SemaphoreSlim(0);
        var others = new ConcurrentQueue<LogEvent>();
        using var subscription = new LogSubscription(kit.Sys, See);
        await action();

        var deadline = new Deadline(kit.Dilated(timeout));
        for (var count = 0; count < expected; count++)
        {
            if (!await pace.TakeAsync(matches, deadline.Left, cancellationToken))
                throw kit.Failure($"expected {expected} log entries ({pattern}), got {count}; others: {Text(others)}");
        }

        // Only who expects none has to wait for one more.
        var rest = expected == 0 ? deadline.Left : TimeSpan.Zero;
        return await pace.TakeAsync(matches, rest, cancellationToken)
            ? throw kit.Failure($"expected {expected} log entries ({pattern}), got more")
            : true;

        void See(LogEvent entry)
        {
            if (pattern.Matches(entry))
                matches.Release();
            else
                others.Enqueue(entry);
        }
    }

    private static string Text(ConcurrentQueue<LogEvent> entries) =>
        entries.IsEmpty
            ? "none"
            : string.Join(", ", entries.Select(entry => $"{entry.GetType().Name} <{entry.Message}>"));
}
