using ActorRuns.Graphs;
using ActorRuns.Messages;
using Microsoft.Extensions.AI;

namespace ActorRuns.Agents;

/// <summary>
/// A model's answer as it comes: each piece is told to readers, under the id that the message will have.
/// </summary>
/// <param name="context">The node that calls the model.</param>
internal sealed class StreamedAnswer(NodeContext context)
{
    private readonly string _id = context.NewMessageId();
    private readonly List<ChatResponseUpdate> _updates = [];
    private readonly HashSet<string> _callIds =
        [string.Empty, .. context.Messages.SelectMany(message => message.ToolCalls).Select(call => call.Id)];
    private readonly List<ToldCall> _told = [];
    private int _calls;

    public void Add(ChatResponseUpdate update)
    {
        _updates.Add(update);
        for (var i = 0; i < update.Contents.Count; i++)
        {
            if (update.Contents[i] is TextContent { Text.Length: > 0 } text)
                context.WriteChunk(new MessageChunk(_id, text.Text));
            else if (update.Contents[i] is TextReasoningContent { Text.Length: > 0 } thought)
                context.WriteChunk(new MessageChunk(_id, string.Empty) { Reasoning = thought.Text });
            else if (update.Contents[i] is ToolCallDeltaContent delta)
            {
                Tell(delta);
                update.Contents.RemoveAt(i--);
            }
            else if (update.Contents[i] is FunctionCallContent { InformationalOnly: false } call)
                update.Contents[i] = TakeWhole(call);
        }
    }

    /// <summary>The answer as messages; nearly always one.</summary>
    /// <exception cref="EmptyAnswerException">The model said nothing, and had no reason to.</exception>
    public IReadOnlyList<Message> Complete()
    {
        var response = _updates.ToChatResponse();
        var last = response.Messages.LastOrDefault();
        var contents = response.Messages.SelectMany(message => message.Contents).Where(SaysSomething).ToList();
        var whole = new ChatMessage(ChatRole.Assistant, contents)
        {
            MessageId = _id,
            AuthorName = last?.AuthorName,
            CreatedAt = last?.CreatedAt,
            AdditionalProperties = last?.AdditionalProperties,
        };
        var messages = MessageMapping.ToMessages(whole, context.NewMessageId);
        EmptyAnswerException.ThrowIfEmpty(messages, response.FinishReason, context.Messages);
        return [ResponseMetadata.AddTo(messages[0], response), .. messages.Skip(1)];
    }

    // Some endpoints begin with a text of no length, and Anthropic takes no such block back.
    private static bool SaysSomething(AIContent content) =>
        content is not TextContent { Text.Length: 0, Annotations: not { Count: > 0 } };

    private void Tell(ToolCallDeltaContent delta)
    {
        var call = _told.Find(told => told.Index == delta.Index);
        if (call is not null)
        {
            Write(new ToolCallChunk(call.Number, Id: null, Name: null, delta.Arguments));
            return;
        }

        var given = delta.CallId ?? string.Empty;
        call = new ToldCall(delta.Index, _calls++, given, OwnId(given));
        _told.Add(call);
        Write(new ToolCallChunk(call.Number, call.Id, delta.Name, delta.Arguments));
    }

    private FunctionCallContent TakeWhole(FunctionCallContent call)
    {
        if (_told.Find(told => !told.IsWhole && told.GivenId == call.CallId) is { } told)
        {
            told.IsWhole = true;
            return WithId(call, told.Id);
        }

        var whole = WithId(call, OwnId(call.CallId));
        var said = MessageMapping.ToToolCall(whole);
        Write(new ToolCallChunk(_calls++, said.Id, said.Name, said.Args.GetRawText()));
        return whole;
    }

    private void Write(ToolCallChunk chunk) => context.WriteChunk(new MessageChunk(_id, string.Empty, chunk));

    // Some models number their calls anew in each message, or not at all; a result must find its call by id.
    private string OwnId(string given) => _callIds.Add(given) ? given : $"call_{context.NewMessageId()}";

    private static FunctionCallContent WithId(FunctionCallContent call, string id) => call.CallId == id
        ? call
        : new FunctionCallContent(id, call.Name, call.Arguments)
        {
            Exception = call.Exception,
            AdditionalProperties = call.AdditionalProperties,
        };

    /// <summary>A call that readers were told in pieces.</summary>
    private sealed record ToldCall(int Index, int Number, string GivenId, string Id)
    {
        public bool IsWhole { get; set; }
    }
}
