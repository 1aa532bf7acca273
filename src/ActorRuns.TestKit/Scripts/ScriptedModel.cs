using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace ActorRuns.TestKit;

/// <summary>
/// A chat model that says what the test wants. Each call takes the next turn of the script; when there is none it waits
/// at a gate: <see cref="IsAskedAsync"/> hands it to the test, which says piece by piece what comes of it.
/// </summary>
public sealed class ScriptedModel : IChatClient, IScripted
{
    private readonly ConcurrentQueue<Action<ModelCall>?> _script = new();
    private readonly ConcurrentQueue<ModelCall> _calls = new();
    private readonly Gate<ModelCall> _gate = new("The model was not asked");
    private Action<ModelCall>? _otherwise;

    /// <summary>Every call so far, in order: scripted ones, those that wait, and those that are over.</summary>
    public IReadOnlyCollection<ModelCall> Calls => _calls;

    /// <summary>True when calls go on although they are told to end, until the test says what comes of them.</summary>
    /// <value>Default false: a call that is told to end ends at once, as those of real models do.</value>
    public bool IgnoresCancellation { get; init; }

    /// <summary>Script: answers the next call, word by word.</summary>
    public ScriptedModel Answers(string text) => Does(call => call.Answers(text));

    /// <summary>Script: asks for a tool.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="arguments">The arguments, any object with properties; null for none.</param>
    public ScriptedModel CallsTool(string tool, object? arguments = null) =>
        Does(call => call.CallsTool(tool, arguments));

    /// <summary>Script: asks for several tools in one message.</summary>
    public ScriptedModel CallsTools(params IReadOnlyList<string> tools) => Does(call => call.CallsTools(tools));

    /// <summary>Script: fails.</summary>
    /// <param name="message">What the failure says.</param>
    public ScriptedModel Fails(string message) => Does(call => call.Fails(new InvalidOperationException(message)));

    /// <summary>Script: holds a call for the test, between others that are scripted.</summary>
    public ScriptedModel Waits()
    {
        _script.Enqueue(null);
        return this;
    }

    /// <summary>Script: does anything.</summary>
    public ScriptedModel Does(Action<ModelCall> turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        _script.Enqueue(turn);
        return this;
    }

    /// <summary>What becomes of calls beyond the script, instead of waiting for the test.</summary>
    public ScriptedModel Otherwise(Action<ModelCall> turn)
    {
        _otherwise = turn;
        return this;
    }

    /// <summary>The next call that waits for the test, once it has come.</summary>
    /// <exception cref="ScenarioException">None came.</exception>
    public Task<ModelCall> IsAskedAsync() => _gate.NextAsync();

    /// <inheritdoc />
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    /// <inheritdoc />
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var call = new ModelCall([.. messages], options, _gate, IgnoresCancellation, cancellationToken);
        _calls.Enqueue(call);
        _gate.Timeline?.Note(
            $"the model is asked; the last message is {call.Transcript.LastOrDefault("none")}");
        var turn = _script.TryDequeue(out var scripted) ? scripted : _otherwise;
        if (turn is null)
            _gate.Hold(call);
        else
            turn(call);
        await foreach (var piece in call.ReadAsync())
            yield return piece;
    }

    /// <inheritdoc />
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Holds nothing: a model may be used after it, by another scenario too.</summary>
    public void Dispose()
    {
        // Nothing to let go of.
    }

    void IScripted.Join(Timeline timeline) => _gate.Timeline = timeline;
}
