using ActorRuns.Graphs;
using ActorRuns.Messages;
using Microsoft.Extensions.AI;

namespace ActorRuns.Agents;

/// <summary>Calls the model with the transcript, streams what it says, and writes it as one message.</summary>
/// <param name="clientOf">Chooses the model.</param>
/// <param name="options">What the model is told beside the transcript.</param>
internal sealed class ModelNode(Func<NodeContext, IChatClient> clientOf, ChatAgentOptions options)
{
    public async Task<NodeUpdate> RunAsync(NodeContext context, CancellationToken cancellationToken)
    {
        var transcript = TranscriptRepair.Repair(context.Messages);
        var answer = new StreamedAnswer(context);
        var updates = clientOf(context).GetStreamingResponseAsync(
            transcript.Select(MessageMapping.ToChatMessage).ToList(), ModelOptions(), cancellationToken);
        await foreach (var update in updates)
            answer.Add(update);
        return NodeUpdate.Of(answer.Complete());
    }

    private ChatOptions ModelOptions()
    {
        var model = options.ModelOptions?.Clone() ?? new ChatOptions();
        model.Tools = options.Tools.Count is 0 ? null : [.. options.Tools];
        model.Instructions = options.Instructions ?? model.Instructions;
        if (!options.ParallelToolCalls && options.Tools.Count > 0)
            model.AllowMultipleToolCalls = false; // Providers refuse the setting when there is no tool.
        return model;
    }

    /// <summary>Tells readers each piece of an answer as it comes, under the id that the message will have.</summary>
    private sealed class StreamedAnswer(NodeContext context)
    {
        private readonly string _id = context.NewMessageId();
        private readonly List<ChatResponseUpdate> _updates = [];
        private readonly HashSet<string> _callIds =
            [string.Empty, .. context.Messages.SelectMany(message => message.ToolCalls).Select(call => call.Id)];
        private int _calls;

        public void Add(ChatResponseUpdate update)
        {
            _updates.Add(update);
            for (var i = 0; i < update.Contents.Count; i++)
            {
                if (update.Contents[i] is TextContent { Text.Length: > 0 } text)
                    context.WriteChunk(new MessageChunk(_id, text.Text));
                else if (update.Contents[i] is FunctionCallContent { InformationalOnly: false } call)
                    Tell(update.Contents[i] = WithOwnId(call));
            }
        }

        public IReadOnlyList<Message> Complete()
        {
            var response = _updates.ToChatResponse();
            var last = response.Messages.LastOrDefault();
            var contents = response.Messages.SelectMany(message => message.Contents).ToList();
            var whole = new ChatMessage(ChatRole.Assistant, contents)
            {
                MessageId = _id,
                AuthorName = last?.AuthorName,
                CreatedAt = last?.CreatedAt,
                AdditionalProperties = last?.AdditionalProperties,
            };
            var messages = MessageMapping.ToMessages(whole, context.NewMessageId);
            return [ResponseMetadata.AddTo(messages[0], response), .. messages.Skip(1)];
        }

        private void Tell(AIContent content)
        {
            var call = MessageMapping.ToToolCall((FunctionCallContent)content);
            var chunk = new ToolCallChunk(_calls++, call.Id, call.Name, call.Args.GetRawText());
            context.WriteChunk(new MessageChunk(_id, string.Empty, chunk));
        }

        // Some models number their calls anew in each message, or not at all; a result must find its call by id.
        private FunctionCallContent WithOwnId(FunctionCallContent call) => _callIds.Add(call.CallId)
            ? call
            : new FunctionCallContent($"call_{context.NewMessageId()}", call.Name, call.Arguments)
            {
                Exception = call.Exception,
                AdditionalProperties = call.AdditionalProperties,
            };
    }
}
