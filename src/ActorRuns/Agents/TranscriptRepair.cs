using ActorRuns.Messages;

namespace ActorRuns.Agents;

/// <summary>
/// Makes of any transcript one that <see cref="TranscriptValidator"/> finds no fault in, for a model call; pure. What
/// is kept in the state is not touched.
/// </summary>
public static class TranscriptRepair
{
    /// <summary>What the result of a call says of which no result is known.</summary>
    public const string NoResult = "No result is known: the tool did not answer; it may have had effects.";

    /// <summary>
    /// The messages with every result behind its call: one that stands elsewhere is moved there, one that is missing is
    /// made up as an error, one that answers nothing or answers again is left out, as is a model's message that says
    /// nothing. A call id that was used before is changed, together with that of its result.
    /// </summary>
    /// <returns>The messages themselves when they are valid.</returns>
    public static IReadOnlyList<Message> Repair(IReadOnlyList<Message> messages)
    {
        if (TranscriptValidator.IsValid(messages))
            return messages;

        var callIds = new HashSet<string>(StringComparer.Ordinal) { string.Empty };
        return [.. Exchanges(messages).SelectMany(exchange => exchange.ToMessages(callIds))];
    }

    private static List<Exchange> Exchanges(IReadOnlyList<Message> messages)
    {
        var exchanges = new List<Exchange>();
        var asking = new Dictionary<string, Exchange>(StringComparer.Ordinal);
        foreach (var message in messages)
        {
            if (message.Type is MessageType.Tool)
            {
                if (message.ToolCallId is { } callId && asking.TryGetValue(callId, out var asked))
                    asked.Take(message);
                continue;
            }

            if (message.Type is MessageType.Ai && TranscriptValidator.SaysNothing(message))
                continue;

            var asks = message.Type is MessageType.Ai || message.ToolCalls.IsEmpty;
            var exchange = new Exchange(asks ? message : message with { ToolCalls = [] });
            exchanges.Add(exchange);
            foreach (var call in exchange.Message.ToolCalls)
                asking[call.Id] = exchange;
        }

        return exchanges;
    }

    /// <summary>A message, and the results of the calls that it asks for.</summary>
    private sealed class Exchange(Message message)
    {
        private readonly Message?[] _results = new Message?[message.ToolCalls.Length];

        public Message Message { get; } = message;

        /// <summary>Keeps a result, unless every call of that id has one already.</summary>
        public void Take(Message result)
        {
            for (var i = 0; i < _results.Length; i++)
            {
                if (_results[i] is null && Message.ToolCalls[i].Id == result.ToolCallId)
                {
                    _results[i] = result;
                    return;
                }
            }
        }

        public IEnumerable<Message> ToMessages(HashSet<string> callIds)
        {
            var calls = Message.ToolCalls.Select(call => WithOwnId(call, callIds)).ToList();
            yield return calls.SequenceEqual(Message.ToolCalls) ? Message : Message with { ToolCalls = [.. calls] };

            for (var i = 0; i < calls.Count; i++)
            {
                var result = _results[i] ?? Missing(calls[i]);
                yield return result.ToolCallId == calls[i].Id ? result : result with { ToolCallId = calls[i].Id };
            }
        }

        private static ToolCall WithOwnId(ToolCall call, HashSet<string> callIds)
        {
            if (callIds.Add(call.Id))
                return call;

            var count = 2;
            while (!callIds.Add($"{call.Id}-{count}"))
                count++;
            return call with { Id = $"{call.Id}-{count}" };
        }

        private static Message Missing(ToolCall call) => new()
        {
            Id = $"{call.Id}-result",
            Type = MessageType.Tool,
            ToolCallId = call.Id,
            Name = call.Name,
            Status = ToolStatus.Error,
            Content = MessageContent.Of(NoResult),
        };
    }
}
