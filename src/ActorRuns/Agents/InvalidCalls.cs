using System.Text.Json;
using System.Text.Json.Nodes;
using ActorRuns.Messages;
using Microsoft.Extensions.AI;

namespace ActorRuns.Agents;

/// <summary>
/// Tool calls whose arguments a model wrote as broken JSON. They stay among the calls, so that each gets its result;
/// what is wrong with them stands in LangChain's field for such calls.
/// </summary>
internal static class InvalidCalls
{
    /// <summary>LangChain's field.</summary>
    public const string Field = "invalid_tool_calls";

    /// <summary>True for a call that wants a result; others a provider executes itself and only reports.</summary>
    public static bool IsCall(AIContent content) => content is FunctionCallContent { InformationalOnly: false };

    /// <summary>The field for a message with these contents; null when every call is sound.</summary>
    public static JsonElement? Describe(IEnumerable<AIContent> contents)
    {
        JsonNode?[] invalid =
        [
            .. from call in contents.Where(IsCall).Cast<FunctionCallContent>()
               let error = call.Exception?.Message
               where error is not null
               select new JsonObject
               {
                   ["id"] = call.CallId,
                   ["name"] = call.Name,
                   ["args"] = null,
                   ["error"] = error,
                   ["type"] = "invalid_tool_call",
               },
        ];
        return invalid.Length is 0 ? null : KeptJson.Of(new JsonArray(invalid));
    }

    /// <summary>What is wrong with the arguments of a call of the transcript; null when they are sound.</summary>
    public static string? FaultOf(IReadOnlyList<Message> messages, string callId)
    {
        var asking = messages.LastOrDefault(message => message.ToolCalls.Any(call => call.Id == callId));
        return asking?.Extra.TryGetValue(Field, out var invalid) is true && invalid.ValueKind is JsonValueKind.Array
            ? invalid.EnumerateArray()
                .Where(call => JsonText.Of(call, "id") == callId)
                .Select(call => JsonText.Of(call, "error") ?? "they could not be read.")
                .FirstOrDefault()
            : null;
    }
}
