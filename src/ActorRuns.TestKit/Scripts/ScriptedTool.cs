using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorRuns.TestKit;

/// <summary>
/// A tool that does what the test wants. Each call takes the next turn of the script; when there is none it waits at a
/// gate: <see cref="IsCalledAsync"/> hands it to the test. What it does to the world is declared as for any tool, with
/// <c>tool.With(new ToolContract { … })</c>.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="schema">The JSON schema of its arguments; undefined for one that takes anything.</param>
public sealed class ScriptedTool(string name, JsonElement schema = default) : AIFunction, IScripted
{
    private static readonly JsonElement Anything = JsonElement.Parse("""{"type":"object"}""");

    private readonly ConcurrentQueue<Action<ToolVisit>?> _script = new();
    private readonly ConcurrentQueue<ToolVisit> _visits = new();
    private readonly Gate<ToolVisit> _gate = new($"The tool '{name}' was not called");
    private Action<ToolVisit>? _otherwise;

    /// <inheritdoc />
    public override string Name => name;

    /// <inheritdoc />
    public override JsonElement JsonSchema => schema.ValueKind is JsonValueKind.Undefined ? Anything : schema;

    /// <summary>Every call so far, in order.</summary>
    public IReadOnlyCollection<ToolVisit> Visits => _visits;

    /// <summary>True when calls go on although they are told to end, until the test says what comes of them.</summary>
    public bool IgnoresCancellation { get; init; }

    /// <summary>Script: answers the next call.</summary>
    public ScriptedTool Returns(string result) => Does(visit => visit.Returns(result));

    /// <summary>Script: fails.</summary>
    /// <param name="message">What the failure says.</param>
    public ScriptedTool Fails(string message) => Does(visit => visit.Fails(new InvalidOperationException(message)));

    /// <summary>Script: holds a call for the test, between others that are scripted.</summary>
    public ScriptedTool Waits()
    {
        _script.Enqueue(null);
        return this;
    }

    /// <summary>Script: does anything.</summary>
    public ScriptedTool Does(Action<ToolVisit> turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        _script.Enqueue(turn);
        return this;
    }

    /// <summary>What becomes of calls beyond the script, instead of waiting for the test.</summary>
    public ScriptedTool Otherwise(Action<ToolVisit> turn)
    {
        _otherwise = turn;
        return this;
    }

    /// <summary>The next call that waits for the test, once it has come.</summary>
    /// <exception cref="ScenarioException">None came.</exception>
    public Task<ToolVisit> IsCalledAsync() => _gate.NextAsync();

    void IScripted.Join(Timeline timeline) => _gate.Timeline = timeline;

    /// <inheritdoc />
    protected override async ValueTask<object?> InvokeCoreAsync(
        AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        using var visit = new ToolVisit(name, arguments, _gate, IgnoresCancellation, cancellationToken);
        _visits.Enqueue(visit);
        _gate.Timeline?.Note($"tool {name} is called", visit.Context?.ThreadId);
        var turn = _script.TryDequeue(out var scripted) ? scripted : _otherwise;
        if (turn is null)
            _gate.Hold(visit);
        else
            turn(visit);
        return await visit.Outcome;
    }
}
