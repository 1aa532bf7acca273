using System.Text.Json.Nodes;
using ActorRuns.Messages;
using Microsoft.Extensions.AI;

namespace ActorRuns.Agents;

/// <summary>What a model's answer tells beside its contents, in LangChain's fields.</summary>
internal static class ResponseMetadata
{
    private const string Field = "response_metadata";

    /// <summary>The message with the model's name, why the answer ended, the answer's id, and what it cost.</summary>
    public static Message AddTo(Message message, ChatResponse response)
    {
        var metadata = new JsonObject();
        Add("model_name", response.ModelId);
        Add("finish_reason", response.FinishReason?.Value);
        Add("id", response.ResponseId);

        var extra = message.Extra;
        if (metadata.Count > 0)
            extra = extra.SetItem(Field, KeptJson.Of(metadata));
        if (response.Usage is { } usage)
            extra = extra.SetItem(UsageMapping.Field, UsageMapping.ToJson(usage));
        return message with { Extra = extra };

        void Add(string name, string? value)
        {
            if (value is not null)
                metadata[name] = value;
        }
    }
}
