using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Messages;
using Microsoft.Extensions.AI;

namespace ActorRuns.Agents;

/// <summary>Calls the model with the transcript, streams what it says, and writes it as one message.</summary>
/// <param name="clientOf">Chooses the model.</param>
/// <param name="options">What the model is told beside the transcript.</param>
internal sealed class ModelNode(Func<NodeContext, IChatClient> clientOf, ChatAgentOptions options)
{
    private static readonly ImmutableSortedDictionary<string, JsonElement> StoppedExtra =
        ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal)
            .Add("response_metadata", JsonElement.Parse("""{"finish_reason":"max_model_calls"}"""));

    public async Task<NodeUpdate> RunAsync(NodeContext context, CancellationToken cancellationToken)
    {
        if (CallsSinceHuman(context.Messages) >= options.MaxModelCalls)
            return NodeUpdate.Of(Stopped(context));

        var answer = new StreamedAnswer(context);
        var updates = clientOf(context).GetStreamingResponseAsync(
            Transcript(context.Messages), ModelOptions(), cancellationToken);
        await foreach (var update in updates)
            answer.Add(update);
        return Update(answer.Complete());
    }

    private static int CallsSinceHuman(IReadOnlyList<Message> messages) => messages.Reverse()
        .TakeWhile(message => message.Type is not MessageType.Human)
        .Count(message => message.Type is MessageType.Ai);

    private Message Stopped(NodeContext context) => new()
    {
        Id = context.NewMessageId(),
        Type = MessageType.Ai,
        Content = MessageContent.Of(string.Create(
            CultureInfo.InvariantCulture,
            $"I stopped here: the model has been called {options.MaxModelCalls} times for this message.")),
        Extra = StoppedExtra,
    };

    private NodeUpdate Update(IReadOnlyList<Message> messages)
    {
        var update = NodeUpdate.Of(messages);
        return options.ResponseFormat is { } format && messages.All(message => message.ToolCalls.IsEmpty)
            ? update.With(ChatAgent.StructuredResponse, StructuredAnswer.Read(messages[^1].Text, format))
            : update;
    }

    /// <summary>
    /// The transcript with the results of one step in one message, as Anthropic wants it: apart they teach the model to
    /// ask for one tool at a time. Clients of providers that want them apart part them.
    /// </summary>
    private static List<ChatMessage> Transcript(IReadOnlyList<Message> messages)
    {
        var transcript = new List<ChatMessage>();
        foreach (var message in TranscriptRepair.Repair(messages))
        {
            var next = MessageMapping.ToChatMessage(message);
            if (message.Type is MessageType.Tool && transcript is [.., { } last] && last.Role == ChatRole.Tool)
                last.Contents = [.. last.Contents, .. next.Contents];
            else
                transcript.Add(next);
        }

        return transcript;
    }

    private ChatOptions ModelOptions()
    {
        var model = options.ModelOptions?.Clone() ?? new ChatOptions();
        model.Tools = options.Tools.Count is 0 ? null : [.. options.Tools];
        model.Instructions = options.Instructions ?? model.Instructions;
        model.ResponseFormat = options.ResponseFormat ?? model.ResponseFormat;
        if (!options.ParallelToolCalls && options.Tools.Count > 0)
            model.AllowMultipleToolCalls = false; // Providers refuse the setting when there is no tool.
        return model;
    }
}
