using System.Globalization;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Json;
using ActorRuns.Messages;

namespace ActorRuns.Agents;

/// <summary>
/// A call of a tool that must not be done twice, and that was at work when the process was lost: a human says what
/// became of it.
/// </summary>
/// <param name="context">The node that runs the tools.</param>
/// <param name="call">The call.</param>
/// <param name="losses">How often it was lost.</param>
internal sealed class LostCall(NodeContext context, ToolCall call, int losses)
{
    /// <summary>What the model is told when a human gives the call up.</summary>
    public const string GivenUp =
        "Not repeated: the process was lost while this tool was at work, and whether it had any effect is unknown.";

    /// <summary>What the model is told of a call in a step that was lost with calls which nobody recorded.</summary>
    public const string MayHaveRun =
        "Not run: the process was lost in this step, and whether this tool was at work then is unknown.";

    private const string Repeat = "repeat";
    private const string GiveUp = "give_up";
    private const string Result = "result";

    /// <summary>What a human has decided.</summary>
    /// <exception cref="GraphInterruptException">Nobody has decided yet.</exception>
    public (bool Repeats, JsonElement Result) Decide()
    {
        // An answer that cannot be understood is asked for again: the safe side is to do nothing.
        for (var asked = 0; ; asked++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{call.Id}/lost/{losses}/{asked}");
            var answer = context.Interrupt(Question(isRepeated: asked > 0), name);
            switch (ActionOf(answer))
            {
                case Repeat:
                    return (true, default);
                case GiveUp:
                    return (false, default);
                case Result when answer.TryGetProperty(Result, out var result):
                    return (false, result);
            }
        }
    }

    private static string? ActionOf(JsonElement answer) => answer.ValueKind switch
    {
        JsonValueKind.String => answer.GetString(),
        JsonValueKind.Object when answer.TryGetProperty("action", out var action) =>
            action.ValueKind is JsonValueKind.String ? action.GetString() : null,
        JsonValueKind.Object when answer.TryGetProperty(Result, out _) => Result,
        _ => null,
    };

    private JsonElement Question(bool isRepeated) => JsonElement.Parse(StateJson.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("type", "tool_outcome_unknown");
        writer.WriteString("message", $"The process was lost while tool '{call.Name}' was at work. Whether it had any "
            + $"effect is not known. Answer \"{Repeat}\", \"{GiveUp}\", or {{\"{Result}\": …}} with what it came to."
            + (isRepeated ? " The last answer was none of these." : string.Empty));
        writer.WriteString("tool", call.Name);
        writer.WriteString("tool_call_id", call.Id);
        writer.WritePropertyName("args");
        if (call.Args.ValueKind is JsonValueKind.Undefined)
            writer.WriteNullValue();
        else
            call.Args.WriteTo(writer);
        writer.WriteString("idempotency_key", new ToolContext(context, call).IdempotencyKey);
        writer.WriteStartArray("options");
        writer.WriteStringValue(Repeat);
        writer.WriteStringValue(Result);
        writer.WriteStringValue(GiveUp);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }));
}
