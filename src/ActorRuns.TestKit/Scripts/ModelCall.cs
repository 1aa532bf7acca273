using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.AI;

namespace ActorRuns.TestKit;

/// <summary>One call of a <see cref="ScriptedModel"/>: what it was asked, and what the test lets it say.</summary>
public sealed class ModelCall : IDisposable
{
    private readonly Channel<Piece> _pieces = Channel.CreateUnbounded<Piece>();
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _registration;
    private readonly CancellationToken _heeded;
    private readonly Gate<ModelCall> _gate;

    internal ModelCall(
        IReadOnlyList<ChatMessage> messages,
        ChatOptions? options,
        Gate<ModelCall> gate,
        bool ignoresCancellation,
        CancellationToken cancellationToken)
    {
        Messages = messages;
        Options = options;
        _gate = gate;
        _heeded = ignoresCancellation ? CancellationToken.None : cancellationToken;
        _registration = cancellationToken.Register(() =>
        {
            if (_cancelled.TrySetResult())
                _gate.Timeline?.Note("a call of the model is told to end");
        });
    }

    /// <summary>What the model is given.</summary>
    public IReadOnlyList<ChatMessage> Messages { get; }

    /// <summary>What it is told beside that: tools, instructions; null for nothing.</summary>
    public ChatOptions? Options { get; }

    /// <summary>
    /// What it is given as words: <c>human: hi</c>, <c>ai: hello</c>, <c>ai calls search</c>, <c>tool: found</c>.
    /// </summary>
    public IReadOnlyList<string> Transcript => [.. Messages.SelectMany(Words.Of)];

    /// <summary>Claims what the model is given.</summary>
    /// <param name="transcript">The messages as words, all of them.</param>
    /// <exception cref="ScenarioException">It is given something else.</exception>
    public void Sees(params IReadOnlyList<string> transcript)
    {
        if (!Transcript.SequenceEqual(transcript, StringComparer.Ordinal))
            throw _gate.Failure(Words.Difference("The model sees another transcript", transcript, Transcript));
    }

    /// <summary>Says a part of the answer; on return readers have it, and an interrupt would keep it.</summary>
    /// <param name="text">One token, or several.</param>
    /// <exception cref="ScenarioException">The call is over, so that nobody takes it.</exception>
    public async Task SaysAsync(string text)
    {
        var taken = Write(new ChatResponseUpdate(ChatRole.Assistant, text)).Taken.Task;
        var late = Task.Delay(Scenario.Patience, TimeProvider.System);
        if (await Task.WhenAny(taken, _cancelled.Task, late) != taken)
            throw _gate.Failure($"Nobody takes {text.Quoted()} from the model: its run has been stopped.");
    }

    /// <summary>Says the rest of the answer word by word, and ends the call.</summary>
    /// <param name="text">The rest; null when all was said.</param>
    public void Answers(string? text = null)
    {
        foreach (var token in Words.Tokens(text ?? string.Empty))
            Write(new ChatResponseUpdate(ChatRole.Assistant, token));
        End(ChatFinishReason.Stop);
    }

    /// <summary>Asks for a tool, and ends the call.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="arguments">The arguments, any object with properties; null for none.</param>
    /// <param name="callId">The id of the tool call; null for one that is made up.</param>
    public void CallsTool(string tool, object? arguments = null, string? callId = null)
    {
        Write(new ChatResponseUpdate(ChatRole.Assistant, [Call(tool, arguments, callId)]));
        End(ChatFinishReason.ToolCalls);
    }

    /// <summary>Asks for several tools without arguments in one message, and ends the call.</summary>
    public void CallsTools(params IReadOnlyList<string> tools)
    {
        Write(new ChatResponseUpdate(
            ChatRole.Assistant, [.. tools.Select(tool => Call(tool, arguments: null, callId: null))]));
        End(ChatFinishReason.ToolCalls);
    }

    /// <summary>Ends the call with a failure.</summary>
    public void Fails(Exception failure) => _pieces.Writer.TryComplete(failure);

    /// <summary>Returns when the call is told to end: its run was interrupted, cancelled or timed out.</summary>
    /// <exception cref="ScenarioException">It is not.</exception>
    public async Task IsToldToEndAsync()
    {
        if (await Task.WhenAny(_cancelled.Task, Task.Delay(Scenario.Patience, TimeProvider.System)) != _cancelled.Task)
            throw _gate.Failure("The call of the model is not told to end.");
    }

    /// <summary>Ends the wait for its cancellation; called by the model when the call is over.</summary>
    public void Dispose() => _registration.Dispose();

    internal async IAsyncEnumerable<ChatResponseUpdate> ReadAsync()
    {
        while (await _pieces.Reader.WaitToReadAsync(_heeded))
        {
            while (_pieces.Reader.TryRead(out var piece))
            {
                yield return piece.Update;
                piece.Taken.TrySetResult(); // Whoever reads has come back for more.
            }
        }
    }

    /// <summary>Ends the call with a message as it is recorded.</summary>
    internal void Ends(IList<AIContent> contents)
    {
        Write(new ChatResponseUpdate(ChatRole.Assistant, contents));
        End(contents.Any(content => content is FunctionCallContent)
            ? ChatFinishReason.ToolCalls
            : ChatFinishReason.Stop);
    }

    private static FunctionCallContent Call(string tool, object? arguments, string? callId)
    {
        var json = arguments is JsonElement given ? given : JsonSerializer.SerializeToElement(arguments ?? new { });
        return new FunctionCallContent(
            callId ?? string.Empty, // The runtime gives it an id of its own.
            tool,
            json.EnumerateObject().ToDictionary(
                argument => argument.Name, object? (argument) => argument.Value, StringComparer.Ordinal));
    }

    private void End(ChatFinishReason reason)
    {
        Write(new ChatResponseUpdate { FinishReason = reason });
        _pieces.Writer.TryComplete();
    }

    private Piece Write(ChatResponseUpdate update)
    {
        var piece = new Piece(update, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        return _pieces.Writer.TryWrite(piece)
            ? piece
            : throw new InvalidOperationException("The call has been answered already.");
    }

    private sealed record Piece(ChatResponseUpdate Update, TaskCompletionSource Taken);
}
