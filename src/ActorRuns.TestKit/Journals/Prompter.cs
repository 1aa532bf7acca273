using System.Runtime.CompilerServices;
using System.Text.Json;
using ActorRuns.Agents;
using Microsoft.Extensions.AI;

namespace ActorRuns.TestKit;

/// <summary>
/// Lets models and tools say what a journal says that they said. What they are asked decides which of it: the recorded
/// answer to the same transcript; if there is none, since things went another way, the next one to the same last human
/// message. Nothing is said before its place in the journal has come.
/// </summary>
internal sealed class Prompter(Recording recording, Timeline timeline)
{
    private readonly Lock _lock = new();
    private readonly List<Cue> _left = [.. recording.Inside];
    private TaskCompletionSource _changed = New();
    private TaskCompletionSource _advanced = New();
    private long _reached;
    private int _waiting;
    private int _given;

    /// <summary>How many answers were given, and how many calls wait for more of the journal.</summary>
    public (int Given, int Waiting) Standing
    {
        get
        {
            lock (_lock)
                return (_given, _waiting);
        }
    }

    /// <summary>Completes when something of this changes.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>Lets everything be said that stands before a place in the journal.</summary>
    public void Reach(long number)
    {
        TaskCompletionSource advanced;
        lock (_lock)
        {
            _reached = number;
            _waiting = 0; // Each looks again, and says so if it still waits.
            (advanced, _advanced) = (_advanced, New());
        }

        advanced.SetResult();
    }

    /// <summary>The model of the replayed agent.</summary>
    public IChatClient Model() => new ReplayedModel(this);

    /// <summary>A tool of the replayed agent.</summary>
    public AIFunction Tool(string name) => new ReplayedTool(name, this);

    private Task<Saying?> NextAsync(string what, Func<IReadOnlyList<Cue>, Cue?> find, CancellationToken token)
    {
        timeline.Note($"{what} is asked");
        Saying? said = null;
        return WaitUntilAsync(() => TryTake(find, out said), () => said, token);
    }

    /// <summary>Goes on when all is over: nobody cuts it off any more.</summary>
    private Task EndAsync(CancellationToken token) => WaitUntilAsync(
        () =>
        {
            if (_reached is not long.MaxValue)
                return false;
            _given++;
            return true;
        },
        () => true,
        token);

    private async Task<T> WaitUntilAsync<T>(Func<bool> isDue, Func<T> result, CancellationToken token)
    {
        while (true)
        {
            Task advanced;
            lock (_lock)
            {
                if (isDue())
                    return result();
                advanced = _advanced.Task;
                _waiting++;
            }

            Signal();
            try
            {
                await advanced.WaitAsync(token);
            }
            catch (OperationCanceledException)
            {
                Leave(advanced);
                throw;
            }
        }
    }

    private bool TryTake(Func<IReadOnlyList<Cue>, Cue?> find, out Saying? said)
    {
        var cue = find(_left);
        said = cue?.Said;
        var isCutOff = said is Saying.Answer { IsCutOff: true }; // Said before what cut it off, and ended by that.
        var isDue = isCutOff || cue?.Number < _reached;
        if (!isDue && _reached is not long.MaxValue)
            return false;

        if (cue is not null)
            _left.Remove(cue);
        if (cue is not null && !isCutOff)
            _given++; // It is going to be recorded.
        return true;
    }

    private void Leave(Task advanced)
    {
        lock (_lock)
        {
            if (advanced == _advanced.Task)
                _waiting--;
        }

        Signal();
    }

    private void Signal() => Interlocked.Exchange(ref _changed, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class ReplayedModel(Prompter prompter) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default) =>
            GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            var seen = messages.SelectMany(Words.Of).ToList();
            var asked = seen.FindLast(IsHuman);
            var said = await prompter.NextAsync(
                "the model",
                left => left.FirstOrDefault(cue => IsAnswer(cue) && cue.Before.SequenceEqual(seen))
                    ?? left.FirstOrDefault(cue => IsAnswer(cue) && cue.Before.LastOrDefault(IsHuman) == asked),
                cancellationToken);
            if (said is Saying.Failure(var message))
                throw new InvalidOperationException(message);

            List<AIContent> contents = said is Saying.Answer(var recorded, _)
                ? [.. recorded]
                : [new TextContent("(The journal has no answer to this.)")];
            yield return new ChatResponseUpdate(ChatRole.Assistant, contents);
            if (said is Saying.Answer { IsCutOff: true })
                await prompter.EndAsync(cancellationToken);
            yield return new ChatResponseUpdate
            {
                FinishReason = contents.Exists(content => content is FunctionCallContent)
                    ? ChatFinishReason.ToolCalls
                    : ChatFinishReason.Stop,
            };
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
            // Holds nothing.
        }

        private static bool IsAnswer(Cue cue) => cue.Said is Saying.Answer or Saying.Failure;

        private static bool IsHuman(string line) => line.StartsWith("human: ", StringComparison.Ordinal);
    }

    private sealed class ReplayedTool(string name, Prompter prompter) : AIFunction
    {
        private static readonly JsonElement Anything = JsonElement.Parse("""{"type":"object"}""");

        public override string Name => name;

        public override JsonElement JsonSchema => Anything;

        protected override async ValueTask<object?> InvokeCoreAsync(
            AIFunctionArguments arguments, CancellationToken cancellationToken)
        {
            var asked = ToolContext.Of(arguments).Call.Args.GetRawText();
            var said = await prompter.NextAsync(
                $"tool {name}",
                left => left.FirstOrDefault(cue => IsResult(cue, out var result) && result.Arguments == asked)
                    ?? left.FirstOrDefault(cue => IsResult(cue, out _)),
                cancellationToken);
            return said switch
            {
                Saying.Result { IsError: true, Text: var text } => throw new InvalidOperationException(text),
                Saying.Result { Text: var text } => text,
                _ => "(The journal has no result of this.)",
            };
        }

        private bool IsResult(Cue cue, out Saying.Result result)
        {
            result = (cue.Said as Saying.Result)!; // Looked at when this is true alone.
            return result?.Tool == name;
        }
    }
}
