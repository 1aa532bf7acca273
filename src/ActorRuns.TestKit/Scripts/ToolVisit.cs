using System.Text.Json;
using ActorRuns.Agents;
using Microsoft.Extensions.AI;

namespace ActorRuns.TestKit;

/// <summary>One call of a <see cref="ScriptedTool"/>, until the test says what comes of it.</summary>
public sealed class ToolVisit : IDisposable
{
    private readonly TaskCompletionSource<object?> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _registration;
    private readonly Gate<ToolVisit> _gate;
    private readonly string _tool;

    internal ToolVisit(
        string tool,
        AIFunctionArguments arguments,
        Gate<ToolVisit> gate,
        bool ignoresCancellation,
        CancellationToken cancellationToken)
    {
        _tool = tool;
        _gate = gate;
        Arguments = arguments;
        Context = arguments.Context?.ContainsKey(typeof(ToolContext)) is true ? ToolContext.Of(arguments) : null;
        _registration = cancellationToken.Register(() =>
        {
            if (_cancelled.TrySetResult())
                _gate.Timeline?.Note($"tool {tool} is told to end", Context?.ThreadId);
            if (!ignoresCancellation)
                _outcome.TrySetCanceled(cancellationToken);
        });
    }

    /// <summary>The arguments that the model gave.</summary>
    public AIFunctionArguments Arguments { get; }

    /// <summary>
    /// What the tool can learn of the call: its run, its idempotency key, a way to ask a human. Null when something
    /// else than a chat agent has called it.
    /// </summary>
    public ToolContext? Context { get; }

    internal Task<object?> Outcome => _outcome.Task;

    /// <summary>An argument as text; null when it was not given.</summary>
    public string? Argument(string name) => Arguments.TryGetValue(name, out var value)
        ? value is JsonElement { ValueKind: JsonValueKind.String } json ? json.GetString() : $"{value}"
        : null;

    /// <summary>Ends the call with a result.</summary>
    public void Returns(string result) => _outcome.TrySetResult(result);

    /// <summary>Ends the call with a failure, which the model is told.</summary>
    public void Fails(Exception failure) => _outcome.TrySetException(failure);

    /// <summary>Returns when the call is told to end: its run was interrupted, cancelled or timed out.</summary>
    /// <exception cref="ScenarioException">It is not.</exception>
    public async Task IsToldToEndAsync()
    {
        if (await Task.WhenAny(_cancelled.Task, Task.Delay(Scenario.Patience, TimeProvider.System)) != _cancelled.Task)
            throw _gate.Failure($"The tool '{_tool}' is not told to end.");
    }

    /// <summary>Ends the wait for its cancellation; called by the tool when the call is over.</summary>
    public void Dispose() => _registration.Dispose();
}
