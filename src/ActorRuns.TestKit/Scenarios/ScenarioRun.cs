using System.Text;
using System.Text.Json;
using ActorRuns.Runs;
using ActorRuns.Streams;
using ActorRuns.Threads;

namespace ActorRuns.TestKit;

/// <summary>A run of a scenario: how a user stops it, and what can be claimed of it.</summary>
public sealed class ScenarioRun
{
    private readonly ScenarioThread _thread;
    private readonly IRunStream? _stream;

    internal ScenarioRun(ScenarioThread thread, RunId id, IRunStream? stream)
    {
        _thread = thread;
        _stream = stream;
        Id = id;
    }

    /// <summary>Its id.</summary>
    public RunId Id { get; }

    private string Name => _thread.Scenario.Timeline.NameOf(_thread.Id, Id);

    /// <summary>The user cancels it; on return its work has ended.</summary>
    /// <param name="undo">True to undo what it did as well.</param>
    public Task CancelsAsync(bool undo = false)
    {
        _thread.Scenario.Timeline.Note($"the user cancels {Name}", _thread.Id);
        return _thread.Scenario.AskAsync<RunsStopped>(new StopRuns(_thread.Id, [Id], undo, Wait: true));
    }

    /// <summary>What is recorded of it; null when it was undone or deleted.</summary>
    public async Task<RunLedger?> ReadAsync() => (await _thread.ReadAsync()).Runs.GetValueOrDefault(Id);

    /// <summary>Waits for its end, however it comes.</summary>
    /// <returns>The run as it ended; null when it was undone.</returns>
    /// <exception cref="ScenarioException">It does not end.</exception>
    public async Task<RunLedger?> EndsAsync()
    {
        if (await OpenAsync() is not { } stream)
            return null;

        try
        {
            return (await stream.Outcome.WaitAsync(Scenario.Patience, TimeProvider.System)).Run;
        }
        catch (TimeoutException late)
        {
            throw _thread.Failure($"{Name} does not end.", late);
        }
    }

    /// <summary>Waits until it has told its readers a text.</summary>
    /// <param name="text">The text, or the end of it, as it stands in the event.</param>
    /// <exception cref="ScenarioException">It ended without it, or does not tell it.</exception>
    public async Task TellsAsync(string text)
    {
        using var late = new CancellationTokenSource(Scenario.Patience, TimeProvider.System);
        var words = JsonSerializer.Serialize(text)[1..^1]; // As it stands within a text.
        try
        {
            if (await OpenAsync() is { } stream)
            {
                await foreach (var frame in stream.ReadAsync(FrameId.Origin, late.Token))
                {
                    if (Encoding.UTF8.GetString(frame.Data.Span).Contains(words, StringComparison.Ordinal))
                        return;
                }
            }
        }
        catch (OperationCanceledException waited) when (late.IsCancellationRequested)
        {
            throw _thread.Failure($"{Name} does not tell {text.Quoted()}.", waited);
        }

        throw _thread.Failure($"{Name} ended and did not tell {text.Quoted()}.");
    }

    /// <summary>Claims that it waits for its turn.</summary>
    public async Task WaitsAsync()
    {
        if (await ReadAsync() is not { Status: RunStatus.Pending })
            throw _thread.Failure($"{Name} does not wait for its turn.");
    }

    /// <summary>Waits for its end, and claims that it is success.</summary>
    public async Task SucceedsAsync() => Expect<RunCause.Finished>(await EndsAsync(), "succeed");

    /// <summary>Waits for its end, and claims that another run took its place.</summary>
    /// <param name="by">The other run.</param>
    public async Task IsInterruptedAsync(ScenarioRun by)
    {
        ArgumentNullException.ThrowIfNull(by);
        var cause = Expect<RunCause.Superseded>(await EndsAsync(), "be interrupted");
        if (cause.By != by.Id)
            throw _thread.Failure($"{Name} is to be interrupted by {by.Name}, and was by another run.");
    }

    /// <summary>Waits for its end, and claims that it was cancelled.</summary>
    public async Task IsCancelledAsync() => Expect<RunCause.Cancelled>(await EndsAsync(), "be cancelled");

    /// <summary>Waits for its end, and claims that it failed.</summary>
    /// <returns>The kind of failure and what it says.</returns>
    public async Task<RunCause.Failed> FailsAsync() => Expect<RunCause.Failed>(await EndsAsync(), "fail");

    /// <summary>Waits for its end, and claims that its time was up.</summary>
    public async Task TimesOutAsync() => Expect<RunCause.TimedOut>(await EndsAsync(), "time out");

    /// <summary>Waits for its end, and claims that it asks a human.</summary>
    /// <returns>The first question.</returns>
    public async Task<JsonElement> AsksAsync()
    {
        Expect<RunCause.AskedHuman>(await EndsAsync(), "ask a human");
        return (await _thread.ReadAsync()).Position.Interrupts[0].Value;
    }

    /// <summary>Waits for its end, and claims that it was undone: no reader sees it any more.</summary>
    public async Task IsUndoneAsync()
    {
        if (await EndsAsync() is { } run)
            throw _thread.Failure($"{Name} is to be undone, and ended with {run.Cause}.");
    }

    private async Task<IRunStream?> OpenAsync()
    {
        if (_stream is { Outcome.IsCompletedSuccessfully: true } ended)
            return ended;

        // Its process may have been lost since, and the stream with it.
        return await _thread.Scenario.AskAsync(new OpenStream(_thread.Id, Id)) switch
        {
            StreamOpened(var stream, _) => stream,
            Refused { Reason: Refusal.RunNotFound } => null,
            var other => throw _thread.Failure($"The stream of {Name} cannot be opened: {other}"),
        };
    }

    private T Expect<T>(RunLedger? run, string what)
        where T : RunCause => run?.Cause as T
            ?? throw _thread.Failure(
                $"{Name} is to {what}, and {(run is null ? "was undone" : $"ended with {run.Cause}")}.");
}
