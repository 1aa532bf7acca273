using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ActorRuns.Hosting.Tests;

/// <summary>Keeps what a host logs, for tests that wait for a line.</summary>
internal sealed class KeptLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<LogLevel>> _wanted = new(StringComparer.Ordinal);

    /// <summary>Completes with the level of the line that begins so, once it is logged.</summary>
    public Task<LogLevel> Entry(string start) => Wanted(start).Task;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter) =>
        Wanted(formatter(state, exception).Split(" (")[0]).TrySetResult(logLevel);

    public void Dispose()
    {
        // Nothing is held.
    }

    private TaskCompletionSource<LogLevel> Wanted(string line) => _wanted.GetOrAdd(
        line, _ => new TaskCompletionSource<LogLevel>(TaskCreationOptions.RunContinuationsAsynchronously));
}
