using System.Globalization;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Json;
using ActorRuns.Messages;

namespace ActorRuns.Agents;

/// <summary>A call of a tool that a human must approve before it is made.</summary>
/// <param name="context">The node that runs the tools.</param>
/// <param name="call">The call.</param>
internal sealed class ToolApproval(NodeContext context, ToolCall call)
{
    private const string Approve = "approve";
    private const string Reject = "reject";
    private const string Edit = "edit";

    /// <summary>What a human has decided.</summary>
    /// <returns>The call to make, with the arguments that the human gave it; or why it is not made.</returns>
    /// <exception cref="GraphInterruptException">Nobody has decided yet.</exception>
    public (ToolCall Call, string? Rejection) Decide()
    {
        // An answer that cannot be understood is asked for again: the safe side is to do nothing.
        for (var asked = 0; ; asked++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{call.Id}/approval/{asked}");
            var answer = context.Interrupt(Question(isRepeated: asked > 0), name);
            switch (ActionOf(answer))
            {
                case Approve:
                    return (call, null);
                case Reject:
                    return (call, Rejection(answer));
                case Edit when JsonText.ObjectOf(answer, "args") is { } args:
                    return (call with { Args = args }, null);
            }
        }
    }

    private static string? ActionOf(JsonElement answer) => answer.ValueKind switch
    {
        JsonValueKind.True => Approve,
        JsonValueKind.False => Reject,
        JsonValueKind.String => answer.GetString(),
        JsonValueKind.Object => JsonText.Of(answer, "action") ?? JsonText.Of(answer, "type"),
        _ => null,
    };

    private static string Rejection(JsonElement answer)
    {
        var reason = answer.ValueKind is JsonValueKind.Object
            ? JsonText.Of(answer, "reason") ?? JsonText.Of(answer, "message")
            : null;
        return $"Not run: a human rejected this call{(reason is null ? "." : $": {reason}")}";
    }

    private JsonElement Question(bool isRepeated) => JsonElement.Parse(StateJson.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("type", "tool_approval");
        writer.WriteString("message", $"Shall tool '{call.Name}' be run? Answer \"{Approve}\", \"{Reject}\", or "
            + $"{{\"action\":\"{Edit}\",\"args\":{{…}}}} to run it with other arguments."
            + (isRepeated ? " The last answer was none of these." : string.Empty));
        writer.WriteString("tool", call.Name);
        writer.WriteString("tool_call_id", call.Id);
        writer.WritePropertyName("args");
        if (call.Args.ValueKind is JsonValueKind.Undefined)
            writer.WriteNullValue();
        else
            call.Args.WriteTo(writer);
        writer.WriteStartArray("options");
        writer.WriteStringValue(Approve);
        writer.WriteStringValue(Edit);
        writer.WriteStringValue(Reject);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }));
}
